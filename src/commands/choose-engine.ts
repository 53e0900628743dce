import { createWriteStream, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LabEngine } from '../lab/engine.ts';
import type { Lab } from '../lab/lab.ts';
import type { Arguments } from './command-table.ts';
import { badFiles, type ExitCode, environment, usage } from './exit-codes.ts';
import { labFileOf } from './open-lab.ts';
import type { ProgramIo } from './program-io.ts';
import { seedOf, startEngine } from './start-engine.ts';

/** What runs the lab, as the command line says; started when it is needed. */
export type EngineChoice =
  /** `tell` takes what whoever sits before it has to know about the lab, now or later. */
  | { readonly outcome: 'chosen'; readonly start: (tell: (text: string) => void) => Promise<LabEngine> }
  | { readonly outcome: 'refused'; readonly because: string; readonly code: ExitCode };

/** `--lab embedded`, `--lab frr`, `--lab containerlab` or `--lab recording:FILE`, with `--record FILE` writing down what goes through it. */
export async function chooseEngine(args: Arguments, lab: Lab, io: ProgramIo): Promise<EngineChoice> {
  const choice = await named(args, lab, io);
  const target = args.values['record'];
  if (choice.outcome === 'refused' || target === undefined) return choice;
  const path = resolve(io.cwd, target);
  const opened = await openForWriting(path);
  if (opened !== undefined)
    return { outcome: 'refused', because: `--record ${target}: ${opened}`, code: environment };
  return { outcome: 'chosen', start: async tell => recordedTo(path, await choice.start(tell), io) };
}

async function named(args: Arguments, lab: Lab, io: ProgramIo): Promise<EngineChoice> {
  const name = args.values['lab'] ?? 'embedded';
  if (name === 'embedded') {
    const seed = seedOf(args);
    if (typeof seed === 'string') return { outcome: 'refused', because: seed, code: usage };
    return { outcome: 'chosen', start: () => startEngine(lab, seed) };
  }
  if (name === 'frr') return onFrr(args, lab, io);
  if (name === 'containerlab') return onContainers(args, lab, io);
  if (name.startsWith('recording:')) return replayed(name.slice('recording:'.length), lab, io);
  return {
    outcome: 'refused',
    because: `--lab ${name}: it is embedded, frr, containerlab, or recording:FILE`,
    code: usage,
  };
}

/** Real FRR daemons in namespaces: looked for before anything is started. */
async function onFrr(args: Arguments, lab: Lab, io: ProgramIo): Promise<EngineChoice> {
  const { findFrr } = await import('../programs/frr.ts');
  const found = await findFrr(io.env);
  if (found.outcome !== 'found')
    return {
      outcome: 'refused',
      because: `--lab frr: ${found.because}. To get it: ${found.fix}. What else it takes: srklab-tutor doctor --lab frr`,
      code: environment,
    };
  const { namespaceRights } = await import('../programs/namespace-rights.ts');
  const rights = await namespaceRights();
  if (rights.outcome === 'nobody')
    return {
      outcome: 'refused',
      because: `--lab frr: this machine lets you make no namespaces, which the nodes are (${rights.because}). To allow it: ${rights.fix}`,
      code: environment,
    };
  const { createFrrEngine } = await import('../engines/frr/frr-engine.ts');
  const folder = dirname(labFileOf(args, io));
  const read = (path: string) => {
    try {
      return readFileSync(join(folder, path), 'utf8');
    } catch {
      return undefined;
    }
  };
  return { outcome: 'chosen', start: async () => createFrrEngine(lab, { frr: found.frr, read }) };
}

/** The lab in containers, on this machine's Docker: taken when it is started, let go when it is left. */
async function onContainers(args: Arguments, lab: Lab, io: ProgramIo): Promise<EngineChoice> {
  const { startContainerLab } = await import('./start-container-lab.ts');
  return startContainerLab(labFileOf(args, io), lab, io);
}

async function replayed(file: string, lab: Lab, io: ProgramIo): Promise<EngineChoice> {
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch((error: Error) => error);
  if (typeof text !== 'string')
    return { outcome: 'refused', because: `${file}: ${text.message}`, code: badFiles };
  const { readRecording } = await import('../lab/recording.ts');
  const reading = readRecording(text, lab);
  if (reading.outcome === 'refused') {
    return {
      outcome: 'refused',
      because: `${file}: ${reading.because}. ${reading.nextSteps.join(' ')}`,
      code: badFiles,
    };
  }
  const { createRecordingEngine } = await import('../engines/recording/recording-engine.ts');
  return { outcome: 'chosen', start: async () => createRecordingEngine(lab, reading.recording) };
}

/** Why the file cannot be written; undefined when it can. It is created: a later failure would come in the middle of a talk. */
async function openForWriting(path: string): Promise<string | undefined> {
  const { open } = await import('node:fs/promises');
  try {
    const file = await open(path, 'wx');
    await file.close();
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'EEXIST' ? 'it is there already; name another file' : message;
  }
}

async function recordedTo(path: string, engine: LabEngine, io: ProgramIo): Promise<LabEngine> {
  const { recorded } = await import('../engines/wrap/recorded-engine.ts');
  const stream = createWriteStream(path);
  let problem: string | undefined;
  // A disk that is full ends the recording, not the lesson.
  stream.on('error', error => {
    problem ??= error.message;
  });
  const began = performance.now();
  const wrapper = recorded(
    engine,
    line => {
      if (problem === undefined) stream.write(`${line}\n`);
    },
    () => performance.now() - began,
  );
  return {
    ...wrapper,
    async stop() {
      await wrapper.stop();
      await new Promise<void>(done => {
        if (stream.destroyed) done();
        else stream.once('close', done).end();
      });
      if (problem !== undefined)
        io.stderr.write(`srklab-tutor: --record ${path} is not complete: ${problem}\n`);
    },
  };
}
