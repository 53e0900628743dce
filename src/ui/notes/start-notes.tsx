import { useInput, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useRef } from 'react';
import { Canvas } from '../../renderer/canvas.tsx';
import { colourDepth } from '../../renderer/colour-depth.ts';
import { repaint } from '../../renderer/repaint.ts';
import { openScreen } from '../../renderer/screen.ts';
import type { NotesView } from '../../tutor/notes-model.ts';
import type { DriveOrder } from '../../tutor/presenter-protocol.ts';
import type { TerminalIo } from '../../tutor/store.ts';
import { paintLines } from '../cells/paint.ts';
import { keyPresses } from '../keys/key-press.ts';
import { themeFor } from '../terminal-facts.ts';
import type { Theme } from '../theme.ts';
import { type NotesCommand, notesCommand } from './notes-keys.ts';
import { notesLines } from './notes-lines.ts';

/** The presenter as seen from here. */
export type NotesSource = {
  readonly getView: () => NotesView;
  readonly subscribe: (listener: () => void) => () => void;
  readonly drive: (order: DriveOrder) => boolean;
};

/** Shows the notes until the speaker leaves. */
export async function startNotes(source: NotesSource, io: TerminalIo): Promise<void> {
  const screen = openScreen();
  let leave: () => void = () => undefined;
  const left = new Promise<void>(resolve => {
    leave = resolve;
  });
  const show = (background: 'light' | 'dark' | undefined) => {
    const theme = themeFor({ env: io.env, depth: colourDepth(io.env), background });
    screen.show(<Notes source={source} theme={theme} leave={leave} redraw={() => screen.redraw()} />);
  };
  show(undefined);
  void screen.background().then(background => {
    if (background === 'light') show(background);
  });
  try {
    await Promise.race([left, screen.closed]);
  } finally {
    await screen.close();
  }
}

function Notes(props: {
  readonly source: NotesSource;
  readonly theme: Theme;
  readonly leave: () => void;
  readonly redraw: () => void;
}): ReactNode {
  const { source, theme, leave, redraw } = props;
  const { columns, rows } = useWindowSize();
  const scroll = useRef({ slide: '', at: 0 });
  useEffect(() => source.subscribe(repaint), [source]);
  const perform = (command: NotesCommand) => {
    switch (command.type) {
      case 'drive':
        source.drive(command.order);
        return;
      case 'scroll':
        scroll.current = { ...scroll.current, at: Math.max(0, scroll.current.at + command.by) };
        repaint();
        return;
      case 'redraw':
        redraw();
        return;
      case 'leave':
        leave();
        return;
    }
  };
  useInput((input, key) => {
    for (const name of keyPresses(input, key)) {
      const command = notesCommand(name);
      if (command !== undefined) perform(command);
    }
  });
  return (
    <Canvas
      width={columns}
      height={rows}
      paint={surface => {
        const view = source.getView();
        const slide = `${view.model?.lesson.id} ${view.model?.step.number}`;
        if (scroll.current.slide !== slide) scroll.current = { slide, at: 0 };
        paintLines(surface, theme, notesLines(view, { columns, rows }, scroll.current.at));
      }}
    />
  );
}
