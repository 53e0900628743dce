import { resolve } from 'node:path';
import type { AudienceServer } from '../audience/server.ts';
import { vocabularyOf } from '../course/vocabulary.ts';
import { type AudienceLink, openAudienceLink } from '../effects/audience-link.ts';
import { readCourseFrom } from '../effects/lesson-files.ts';
import { noProgress } from '../effects/no-progress.ts';
import { openPresenterLink, type PresenterLink } from '../effects/presenter-link.ts';
import { presenterSocketPath } from '../effects/presenter-socket.ts';
import { runTutor } from '../effects/run-tutor.ts';
import { selfWound } from '../effects/self-wound.ts';
import { watchLessons } from '../effects/watch-lessons.ts';
import { type SwitchableEngine, switchable } from '../engines/wrap/switchable-engine.ts';
import type { LabEngine } from '../lab/engine.ts';
import type { Lab } from '../lab/lab.ts';
import type { EngineFacts } from '../tutor/state.ts';
import type { Store } from '../tutor/store.ts';
import { chooseEngine, type EngineChoice } from './choose-engine.ts';
import type { Arguments, RunCommand } from './command-table.ts';
import { drawsScreens } from './draws-screens.ts';
import { badFiles, environment, interrupted, ok, usage } from './exit-codes.ts';
import { namedLessons, openCourse } from './open-course.ts';
import { lessonsFolderOf, openLab } from './open-lab.ts';
import type { ProgramIo } from './program-io.ts';
import { tellings } from './tellings.ts';
import { themed } from './themed.ts';

/** The talk from a terminal: slides here, notes in a second terminal, and if asked for a page for the audience. */
export const run: RunCommand = async (args, io) => {
  const refuse = (because: string) => io.stderr.write(`srklab-tutor: ${because}\n`);
  if (!drawsScreens(io)) {
    refuse('present draws slides and needs a terminal; "lessons list" and "play" write lines');
    return environment;
  }
  const opened = openLab(args, io, true);
  const course = opened && openCourse(args, io, opened.lab);
  if (opened === undefined || course === undefined) return badFiles;
  const wanted = namedLessons(course, args.operands);
  const serve = serveFrom(args);
  if (typeof wanted === 'string' || typeof serve === 'string') {
    refuse(typeof wanted === 'string' ? wanted : String(serve));
    return usage;
  }
  const choice = await chooseEngine(args, opened.lab, io);
  if (choice.outcome === 'refused') {
    refuse(choice.because);
    return choice.code;
  }

  const standby = await recordingFor(args, opened.lab, io);
  if (standby !== undefined && standby.outcome === 'refused') {
    refuse(standby.because);
    return standby.code;
  }
  const stage = await openStage(args, io, serve);
  if (typeof stage === 'string') {
    refuse(stage);
    return environment;
  }
  const about = tellings();
  const engine = switchable(await choice.start(about.tell));
  const store = await runTutor({
    engine,
    course,
    progress: noProgress(),
    ...(standby !== undefined && { replaceEngine: () => replace(engine, () => standby.start(about.tell)) }),
  });
  about.to(text => store.send({ type: 'notice-given', tone: 'warning', text }));
  stage.follow(store);
  const first = wanted[0]?.id;
  store.send({
    type: 'presenter-started',
    ...(first !== undefined && { lesson: first }),
    ...(standby !== undefined && { fallback: true }),
  });
  stage.report();
  const began = performance.now();
  const ticks = setInterval(() => {
    store.send({ type: 'presenter-ticked', now: Math.round(performance.now() - began) });
  }, 1_000);
  const folder = lessonsFolderOf(args, io);
  const stopWatching = watchLessons(folder, () => {
    store.send({ type: 'course-read', ...readCourseFrom(folder, vocabularyOf(opened.lab)) });
  });
  try {
    const { startUi } = await import('../ui/start.tsx');
    await startUi(store, themed(args, io));
    return (await store.done) === 0 && !io.interrupted.aborted ? ok : interrupted;
  } finally {
    clearInterval(ticks);
    stopWatching();
    await stage.close();
  }
};

/** `--fallback FILE`: the recording that stands by. */
async function recordingFor(args: Arguments, lab: Lab, io: ProgramIo): Promise<EngineChoice | undefined> {
  const file = args.values['fallback'];
  if (file === undefined) return undefined;
  return chooseEngine({ ...args, values: { lab: `recording:${file}` } }, lab, io);
}

/** A recording keeps time by itself where the lab before it had no clock that anybody winds. */
async function replace(engine: SwitchableEngine, start: () => Promise<LabEngine>): Promise<EngineFacts> {
  const next = await start();
  await engine.switchTo(engine.clock === undefined ? selfWound(next) : next);
  return { name: engine.name, absent: engine.absent };
}

type Serve = { readonly port: number; readonly address: string };

/** Where the audience's page is served; undefined: nowhere. A sentence when that cannot be. */
function serveFrom(args: Arguments): Serve | undefined | string {
  const port = args.values['serve'];
  const address = args.values['serve-address'];
  if (port === undefined)
    return address === undefined ? undefined : '--serve-address needs --serve: nothing is served without it';
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number > 65_535) return `--serve ${port}: a port is a number up to 65535`;
  return { port: number, address: address ?? '127.0.0.1' };
}

type Stage = {
  readonly follow: (store: Store) => void;
  /** Tells the state who follows. */
  readonly report: () => void;
  readonly close: () => Promise<void>;
};

/** The socket for notes and the page, before anything else is started; a sentence when one of them cannot be. */
async function openStage(args: Arguments, io: ProgramIo, serve: Serve | undefined): Promise<Stage | string> {
  let store: Store | undefined;
  let link: PresenterLink | undefined;
  let server: AudienceServer | undefined;
  let audienceLink: AudienceLink | undefined;
  const report = () => {
    const audience = server === undefined ? undefined : { url: server.url, viewers: server.viewers() };
    store?.send({
      type: 'audience-changed',
      notesAttached: link?.attached() ?? 0,
      ...(audience !== undefined && { audience }),
    });
  };
  const named = args.values['socket'];
  const path = named === undefined ? presenterSocketPath(io.env, io.home) : resolve(io.cwd, named);
  const linked = await openPresenterLink(path, { store: () => store, attachedChanged: report });
  if (linked.outcome === 'held') {
    const who = linked.pid === undefined ? 'Somebody else presents' : `Process ${linked.pid} presents`;
    return `${who} on ${path} already. End that one, or give this one a socket of its own: --socket FILE (and notes the same)`;
  }
  if (linked.outcome === 'failed') return `no place for the notes to meet: ${linked.because}`;
  link = linked.link;
  if (serve !== undefined) {
    const { serveAudience } = await import('../audience/server.ts');
    audienceLink = await openAudienceLink(`${path}.link`);
    const served = await serveAudience({
      ...serve,
      state: () => store?.getState(),
      viewersChanged: report,
      ...(audienceLink.token !== undefined && { token: audienceLink.token }),
    });
    if (served.outcome === 'failed') {
      await link.close();
      return served.because;
    }
    server = served.server;
    await audienceLink.keep(server.token);
  }
  return {
    follow: running => {
      store = running;
      running.subscribe(() => server?.changed());
    },
    report,
    close: async () => {
      await link?.close();
      await server?.close();
      await audienceLink?.forget();
    },
  };
}
