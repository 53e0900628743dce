import { useWindowSize } from 'ink';
import type { ReactNode } from 'react';
import { colourDepth } from '../renderer/colour-depth.ts';
import { openScreen, type Screen } from '../renderer/screen.ts';
import type { Store, TerminalIo } from '../tutor/store.ts';
import { App } from './app.tsx';
import type { LocalCommand } from './keys/keymap.ts';
import { mouseMessages } from './keys/mouse.ts';
import { themeFor } from './terminal-facts.ts';
import type { Theme } from './theme.ts';

/** Draws the tutorial until `store.done` settles or the terminal goes away, then leaves the terminal as it found it. */
export async function startUi(store: Store, io: TerminalIo): Promise<void> {
  const screen = openScreen();
  const depth = colourDepth(io.env);
  let mouse = false;
  const local = (command: LocalCommand) => {
    if (command.type === 'redraw') screen.redraw();
    else {
      mouse = !mouse;
      screen.setMouse(mouse);
      store.send({
        type: 'notice-given',
        tone: 'info',
        text: mouse
          ? 'Click and wheel work now; m again lets you select text.'
          : 'Text can be selected again.',
      });
    }
  };
  const show = (theme: Theme) => screen.show(<Root store={store} theme={theme} local={local} />);
  show(themeFor({ env: io.env, depth, background: undefined }));
  screen.onMouse(event => {
    const size = { columns: io.stdout.columns, rows: io.stdout.rows };
    for (const message of mouseMessages(event, { state: store.getState(), size })) store.send(message);
  });
  void backgroundOf(screen).then(background => {
    if (background === 'light') show(themeFor({ env: io.env, depth, background }));
  });
  try {
    await Promise.race([store.done, screen.closed]);
  } finally {
    await screen.close();
  }
}

/** Asked once the first frame is out, as an answer is only heard by an idle program; asked again when it was busy. */
async function backgroundOf(screen: Screen): Promise<'light' | 'dark' | undefined> {
  for (const pause of [20, 300, 1_000]) {
    await new Promise(resolve => setTimeout(resolve, pause).unref());
    const background = await screen.background();
    if (background !== undefined) return background;
  }
  return undefined;
}

function Root(props: {
  readonly store: Store;
  readonly theme: Theme;
  readonly local: (command: LocalCommand) => void;
}): ReactNode {
  const { columns, rows } = useWindowSize();
  return <App {...props} size={{ columns, rows }} />;
}
