import { resolve } from 'node:path';
import { openNotesLink } from '../effects/notes-link.ts';
import { presenterSocketPath } from '../effects/presenter-socket.ts';
import type { NotesView } from '../tutor/notes-model.ts';
import type { RunCommand } from './command-table.ts';
import { drawsScreens } from './draws-screens.ts';
import { type ExitCode, ok } from './exit-codes.ts';
import type { ProgramIo } from './program-io.ts';

/** Speaker notes in a terminal of their own; where there is none, a paragraph for each slide. */
export const run: RunCommand = async (args, io) => {
  const named = args.values['socket'];
  const link = openNotesLink(
    named === undefined ? presenterSocketPath(io.env, io.home) : resolve(io.cwd, named),
  );
  try {
    if (args.switches.has('plain') || !drawsScreens(io)) return await plainly(link, io);
    const { startNotes } = await import('../ui/notes/start-notes.tsx');
    await startNotes(link, io);
    return ok;
  } finally {
    link.close();
  }
};

async function plainly(
  link: { readonly getView: () => NotesView; readonly subscribe: (listener: () => void) => () => void },
  io: ProgramIo,
): Promise<ExitCode> {
  const { paceText } = await import('../ui/notes/notes-lines.ts');
  let shown = '';
  let standing = '';
  const print = () => {
    const { link: now, model } = link.getView();
    const words = now.state === 'connected' ? `presenter ${now.pid}` : 'waiting for a presenter';
    if (words !== standing) io.stdout.write(`[${words}]\n`);
    standing = words;
    const slide = `${model?.lesson.id} ${model?.slide.number}`;
    if (model === undefined || slide === shown) return;
    shown = slide;
    io.stdout.write(
      [
        '',
        `${model.lesson.title}, slide ${model.slide.number} of ${model.slide.of}: ${model.slide.title} (${paceText(model.time.behindMs)})`,
        ...model.notes,
        `next: ${model.next?.title ?? 'the end'}`,
        '',
      ].join('\n'),
    );
  };
  print();
  const unsubscribe = link.subscribe(print);
  await new Promise<void>(done => {
    if (io.interrupted.aborted) done();
    io.interrupted.addEventListener('abort', () => done(), { once: true });
  });
  unsubscribe();
  return ok;
}
