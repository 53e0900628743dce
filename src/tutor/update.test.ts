import { expect, it } from 'vitest';
import type { Capability } from '../lab/engine.ts';
import type { LabEvent } from '../lab/event.ts';
import { tableKey } from '../lab/snapshot.ts';
import { labOfTheTalk } from '../test-support/lab-of-the-talk.ts';
import { smallCourse } from '../test-support/small-course.ts';
import { everythingUp, nothingBuilt } from '../test-support/snapshots.ts';
import { breakMenu, healMenu } from './break-menu.ts';
import type { Effect } from './effect.ts';
import type { Message } from './message.ts';
import { paletteEntries } from './palette.ts';
import { emptyProgress } from './progress.ts';
import { shellOutputKept } from './shell.ts';
import { firstState, type TutorState } from './state.ts';
import { eventsAtMost, eventsKept } from './timeline.ts';
import { update } from './update.ts';
import { wantedTables } from './wanted-tables.ts';

const link = 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1';

it('focus goes round over the lesson and the panes, in both directions', () => {
  const round = (to: 'next' | 'previous') => {
    let { state } = play(inLesson());
    return [1, 2, 3].map(() => {
      state = update(state, { type: 'focus-asked', to }).state;
      return state.layout.focus;
    });
  };
  expect(round('next')).toEqual(['topology', 'build', 'lesson']);
  expect(round('previous')).toEqual(['build', 'topology', 'lesson']);
});

it('asking for a pane that is not shown brings it up; hiding the focused one puts the keys back to the lesson', () => {
  const shown = play(inLesson(), { type: 'focus-asked', to: 'evpn' }, { type: 'zoom-asked' }).state;
  expect(shown.layout).toMatchObject({ shown: ['topology', 'build', 'evpn'], focus: 'evpn', zoomed: true });
  const hidden = play(shown, { type: 'pane-toggled', pane: 'evpn' }).state;
  expect(hidden.layout).toMatchObject({ shown: ['topology', 'build'], focus: 'lesson', zoomed: false });
});

it('the last pane cannot be hidden', () => {
  const { state } = play(
    inLesson(),
    { type: 'pane-toggled', pane: 'build' },
    { type: 'pane-toggled', pane: 'topology' },
  );
  expect(state.layout.shown).toEqual(['topology']);
});

it('sizes stay within what can be read', () => {
  const wide = play(
    inLesson(),
    ...Array.from({ length: 40 }, (): Message => ({ type: 'pane-sized', by: 1 })),
  );
  expect(wide.state.layout.lessonShare).toBe(0.75);
});

it('a column sorts up, then down, then not at all', () => {
  const sort: Message = { type: 'pane-sorted', pane: 'routes', column: 'prefix' };
  const after = (times: number) =>
    play(inLesson(), ...Array.from({ length: times }, () => sort)).state.layout.panes.routes?.sort;
  expect([1, 2, 3].map(after)).toEqual([
    { column: 'prefix', descending: false },
    { column: 'prefix', descending: true },
    undefined,
  ]);
});

it('escape takes away one thing at a time: overlay, zoom, focus, lesson', () => {
  let state = play(
    inLesson(),
    { type: 'focus-asked', to: 'build' },
    { type: 'zoom-asked' },
    { type: 'overlay-asked', overlay: { name: 'help', scroll: 0 } },
  ).state;
  const seen = [1, 2, 3, 4].map(() => {
    state = update(state, { type: 'back-asked' }).state;
    return [state.overlay.name, state.layout.zoomed, state.layout.focus, state.screen.name];
  });
  expect(seen).toEqual([
    ['none', true, 'build', 'lesson'],
    ['none', false, 'build', 'lesson'],
    ['none', false, 'lesson', 'lesson'],
    ['none', false, 'lesson', 'home'],
  ]);
});

it('only what is looked at is asked of the lab', () => {
  const keys = (state: TutorState) => wantedTables(state).map(tableKey);
  expect(keys(home())).toEqual([]);
  expect(keys(inLesson())).toEqual([]);
  const routes = play(
    inLesson(),
    { type: 'pane-toggled', pane: 'routes' },
    { type: 'pane-toggled', pane: 'forwarding' },
  );
  expect(keys(routes.state)).toEqual([
    'routes BORDER-DC kube-ipvrf',
    'bgp BORDER-DC kube-ipvrf',
    'forwarding BORDER-DC kube-ipvrf',
  ]);
  const zoomed = play(routes.state, { type: 'focus-asked', to: 'forwarding' }, { type: 'zoom-asked' });
  expect(keys(zoomed.state)).toEqual(['forwarding BORDER-DC kube-ipvrf']);
});

it('a pane shows the node that was chosen for it, and a node that is none falls back to the default', () => {
  const chosen = (node: string) =>
    play(
      inLesson(),
      { type: 'pane-toggled', pane: 'evpn' },
      { type: 'subject-chosen', pane: 'evpn', subject: { node } },
    ).state;
  expect(wantedTables(chosen('LEAF-DC-1')).map(tableKey)).toEqual(['evpn LEAF-DC-1']);
  expect(wantedTables(chosen('TOASTER')).map(tableKey)).toEqual(['evpn BORDER-DC']);
});

it('the palette finds by any words, and what it does is done', () => {
  const open = play(
    inLesson(),
    { type: 'overlay-asked', overlay: { name: 'palette', input: { text: '', cursor: 0 }, cursor: 0 } },
    { type: 'overlay-input-edited', input: { text: 'cut spine-dc-1 leaf-dc-2', cursor: 24 } },
  ).state;
  expect(paletteEntries(open).map(entry => entry.label)).toEqual(['Cut LEAF-DC-2 e1-1 – SPINE-DC-1 e1-2']);
  const { state, effects } = play(open, { type: 'overlay-accepted' });
  expect(state.overlay.name).toBe('none');
  expect(started(effects)).toEqual([
    {
      type: 'perform',
      command: { type: 'break', fault: { kind: 'link-cut', link: 'LEAF-DC-2:e1-1 SPINE-DC-1:e1-2' } },
    },
  ]);
});

it('a fault that cannot be is listed with the reason, and Enter says it', () => {
  const unbuilt = play(update(inLesson(), { type: 'snapshot-taken', snapshot: nothingBuilt }).state, {
    type: 'overlay-asked',
    overlay: { name: 'breaks', input: { text: 'stop leaf-dc-1', cursor: 14 }, cursor: 0 },
  }).state;
  expect(breakMenu(unbuilt)[0]).toMatchObject({ label: 'Stop LEAF-DC-1', disabledBecause: 'not built yet' });
  const { state, effects } = play(unbuilt, { type: 'overlay-accepted' });
  expect(started(effects)).toEqual([]);
  expect(state.notices.at(-1)?.text).toBe('Stop LEAF-DC-1: not built yet.');
});

it('the heal menu holds what is broken, then everything; with nothing broken it is empty', () => {
  const fault = { kind: 'link-cut', link } as const;
  const faults = [{ id: `link-cut ${link}`, fault, since: 0, event: 1 }];
  const broken = update(inLesson(), { type: 'snapshot-taken', snapshot: { ...everythingUp, faults } }).state;
  expect(healMenu(broken).map(entry => entry.label)).toEqual([
    'Cut LEAF-DC-1 e1-1 – SPINE-DC-1 e1-1',
    'Everything',
  ]);
  expect(healMenu(inLesson())).toEqual([]);
});

it('a link may be cut while the lesson builds and the shell runs something', () => {
  const { effects } = play(
    inLesson(),
    { type: 'do-asked' },
    { type: 'shell-edited', input: { text: 'ping 10.1.1.1', cursor: 13 } },
    { type: 'shell-entered' },
    { type: 'break-asked', fault: { kind: 'link-cut', link } },
  );
  expect(started(effects).map(job => job.type)).toEqual(['build', 'run', 'perform']);
});

it('what an engine cannot do is answered with its reason', () => {
  const state = onEngineWithout('pod-killed', 'No pods here.');
  const { state: after, effects } = play(state, {
    type: 'break-asked',
    fault: { kind: 'pod-killed', cluster: 'c', namespace: 'n', pod: 'p' },
  });
  expect([started(effects), after.notices.at(-1)?.text]).toEqual([[], 'No pods here.']);
});

it('the history of the shell is walked back and forth, and what was being typed is not lost', () => {
  const typed = (text: string): Message => ({ type: 'shell-edited', input: { text, cursor: text.length } });
  const done = (work: number): Message => ({
    type: 'work-finished',
    work,
    result: { of: 'run', result: { exitCode: 0, output: [] } },
  });
  const enter: Message = { type: 'shell-entered' };
  let { state } = play(inLesson(), typed('one'), enter, done(1), typed('two'), enter, done(2), typed('thr'));
  const walk = (direction: 'older' | 'newer') => {
    state = update(state, { type: 'shell-history-asked', direction }).state;
    return state.shell.input.text;
  };
  expect([walk('older'), walk('older'), walk('older'), walk('newer'), walk('newer')]).toEqual([
    'two',
    'one',
    'one',
    'two',
    'thr',
  ]);
});

it('Ctrl-C in the shell throws away a line half typed, as shells do, before it asks about leaving', () => {
  const { state } = play(
    inLesson(),
    { type: 'shell-asked' },
    { type: 'shell-edited', input: { text: 'kubectl gte', cursor: 11 } },
    { type: 'interrupt-asked' },
  );
  expect([state.shell.input.text, state.overlay.name]).toEqual(['', 'none']);
  expect(update(state, { type: 'interrupt-asked' }).state.overlay.name).toBe('confirm');
});

it('history lists what was typed, numbered, and asks the lab nothing', () => {
  const typed = (text: string): Message => ({ type: 'shell-edited', input: { text, cursor: text.length } });
  const done: Message = {
    type: 'work-finished',
    work: 1,
    result: { of: 'run', result: { exitCode: 0, output: [] } },
  };
  const enter: Message = { type: 'shell-entered' };
  const { state, effects } = play(inLesson(), typed('ls'), enter, done, typed('history'), enter);
  expect(state.shell.blocks.at(-1)?.output).toEqual([
    { stream: 'stdout', text: '    1  ls\n    2  history\n' },
  ]);
  expect(started(effects).map(job => job.type)).toEqual(['run']);
});

it('a command that never stops talking does not fill the memory', () => {
  const running = play(
    inLesson(),
    { type: 'shell-edited', input: { text: 'yes', cursor: 3 } },
    { type: 'shell-entered' },
  );
  const chunk = { stream: 'stdout', text: 'y\n'.repeat(60_000) } as const;
  const { state } = play(
    running.state,
    ...Array.from({ length: 5 }, (): Message => ({ type: 'output-arrived', work: 1, chunk })),
  );
  const [block] = state.shell.blocks;
  expect(block?.output.reduce((sum, part) => sum + part.text.length, 0)).toBe(shellOutputKept);
  expect(block?.cut).toBe(true);
});

it('the timeline keeps the newest events only', () => {
  const events = Array.from(
    { length: eventsAtMost + 5 },
    (_, index): LabEvent => ({
      id: index + 1,
      at: index,
      type: 'node-started',
      node: 'LEAF-DC-1',
    }),
  );
  const arrived = (...parts: readonly LabEvent[][]) => {
    const messages = parts.map((part): Message => ({ type: 'events-arrived', events: part }));
    const kept = play(inLesson(), ...messages).state.timeline.events;
    return [kept.length, kept[0]?.id];
  };
  expect(arrived(events)).toEqual([eventsKept, eventsAtMost + 6 - eventsKept]);
  expect(arrived(events.slice(0, eventsAtMost))).toEqual([eventsAtMost, 1]);
  expect(arrived(events.slice(0, eventsAtMost), events.slice(eventsAtMost, eventsAtMost + 1))).toEqual([
    eventsKept,
    eventsAtMost + 2 - eventsKept,
  ]);
});

it('speeds go up and down their ladder and end at its ends', () => {
  const speed = (...to: readonly (number | 'faster' | 'slower')[]) =>
    play(inLesson(), ...to.map((entry): Message => ({ type: 'speed-asked', to: entry }))).state.clock?.speed;
  expect([speed('faster'), speed('slower'), speed(0.01, 'slower'), speed(100, 'faster'), speed(7)]).toEqual([
    2, 0.5, 0.01, 100, 5,
  ]);
});

it('a step of the clock pauses it, and pausing twice goes on', () => {
  const stepped = play(inLesson(), { type: 'clock-step-asked' });
  expect(stepped.state.clock?.mode).toBe('paused');
  expect(stepped.effects).toContainEqual({ type: 'step-clock' });
  expect(play(stepped.state, { type: 'pause-asked' }).state.clock?.mode).toBe('running');
});

it('without a clock the keys of time say why they do nothing', () => {
  const { clock: _, ...state } = onEngineWithout('clock', 'Real time is real.');
  expect(play(state, { type: 'pause-asked' }).state.notices.at(-1)?.text).toBe('Real time is real.');
});

it('notices are few, go by themselves, and the same one twice is one', () => {
  const give = (text: string): Message => ({ type: 'notice-given', tone: 'info', text });
  const { state, effects } = play(home(), give('a'), give('b'), give('a'), give('c'), give('d'));
  expect(state.notices.map(notice => notice.text)).toEqual(['a', 'c', 'd']);
  const expiring = effects.filter(effect => effect.type === 'expire-notice');
  expect(expiring).toHaveLength(5);
  const gone = play(state, ...expiring.map((effect): Message => ({ type: 'notice-expired', id: effect.id })));
  expect(gone.state.notices).toEqual([]);
});

it('advice goes when the learner does something, a warning stays', () => {
  const { state } = play(
    inLesson(),
    { type: 'next-step-asked' },
    { type: 'notice-given', tone: 'warning', text: 'Progress is not kept.' },
    { type: 'do-asked' },
  );
  expect(state.notices.map(notice => notice.text)).toEqual(['Progress is not kept.']);
});

it('a saved lesson appears where the learner is; a broken one is a screen that goes when it is mended', () => {
  const at = play(inLesson(), { type: 'goto-step-asked', lesson: '01-cable', step: 2 }).state;
  const error = {
    code: 'unknown-probe',
    file: 'lessons/01-cable/lesson.md',
    line: 3,
    column: 1,
    message: 'no such probe',
    severity: 'error',
  } as const;
  const read = (errors: readonly (typeof error)[]): Message => ({
    type: 'course-read',
    course: { lessons: smallCourse.lessons.map(lesson => ({ ...lesson, title: 'New' })) },
    errors,
    texts: new Map(),
  });
  const broken = play(at, read([error])).state;
  expect(broken.screen).toMatchObject({ name: 'failure', failure: { reader: 'author' }, behind: 'lesson' });
  expect(broken.course).toBe(at.course);
  const mended = play(broken, read([])).state;
  expect(mended.screen).toEqual({ name: 'lesson' });
  expect(mended.lesson).toMatchObject({ id: '01-cable', step: 2 });
  expect(mended.course.lessons[0]?.title).toBe('New');
});

it('a lesson that was deleted while it was open leads home', () => {
  const { state } = play(inLesson(), {
    type: 'course-read',
    course: { lessons: [] },
    errors: [],
    texts: new Map(),
  });
  expect(state.screen).toEqual({ name: 'home', cursor: 0 });
  expect(state.lesson).toBeUndefined();
});

it('every message leaves the state it was given untouched', () => {
  const frozen = deepFreeze(inLesson());
  const messages: Message[] = [
    { type: 'do-asked' },
    { type: 'solution-asked' },
    { type: 'skip-asked' },
    { type: 'restart-lesson-asked' },
    { type: 'snapshot-taken', snapshot: everythingUp },
    { type: 'shell-entered' },
    { type: 'pane-toggled', pane: 'shell' },
    { type: 'interrupt-asked' },
  ];
  for (const message of messages) expect(() => update(frozen, message)).not.toThrow();
});

function home(): TutorState {
  const engine = { name: 'embedded', absent: new Map(), hasClock: true } as const;
  return firstState({ lab: labOfTheTalk, course: smallCourse, engine, progress: emptyProgress });
}

/** At the first step of the first lesson, with nothing under way. */
function inLesson(): TutorState {
  const { state } = play(home(), { type: 'lesson-asked', lesson: '01-cable' });
  return { ...state, work: { underway: [], waiting: [], nextId: 1 } };
}

function onEngineWithout(capability: Capability, because: string): TutorState {
  return { ...inLesson(), engine: { name: 'frr', absent: new Map([[capability, because]]) } };
}

function play(state: TutorState, ...messages: readonly Message[]) {
  const all: Effect[] = [];
  for (const message of messages) {
    const next = update(state, message);
    state = next.state;
    all.push(...next.effects);
  }
  return { state, effects: all };
}

function started(effects: readonly Effect[]) {
  return effects.flatMap(effect => (effect.type === 'start-work' ? [effect.job] : []));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const entry of Object.values(value)) deepFreeze(entry);
  }
  return value;
}
