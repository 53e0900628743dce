import { expect, it } from 'vitest';
import type { Snapshot } from '../lab/snapshot.ts';
import { labOfTheTalk } from '../test-support/lab-of-the-talk.ts';
import { smallCourse } from '../test-support/small-course.ts';
import { nothingBuilt } from '../test-support/snapshots.ts';
import type { Effect } from './effect.ts';
import type { Message } from './message.ts';
import { emptyProgress } from './progress.ts';
import { firstState, type TutorState } from './state.ts';
import { update } from './update.ts';

it('Enter on the home screen opens the lesson, at its first step, with the panes the step wants', () => {
  const { state, effects } = play(home(), { type: 'do-asked' });
  expect(state.screen).toEqual({ name: 'lesson' });
  expect(state.lesson).toMatchObject({ id: '01-cable', step: 0 });
  expect(state.layout.shown).toEqual(['topology', 'build']);
  expect(effects.filter(effect => effect.type === 'start-work')).toEqual([]);
  expect(state.progress.last).toEqual({ lesson: '01-cable', step: 'build-it' });
});

it('Enter builds the stage of the step, and a second Enter meanwhile starts nothing', () => {
  const { effects } = play(home(), { type: 'do-asked' }, { type: 'do-asked' }, { type: 'do-asked' });
  expect(started(effects)).toEqual([{ type: 'build', stage: 'network' }]);
});

it('a step passes by its effect on the lab, and waits for a key then', () => {
  const { state } = play(home(), { type: 'do-asked' }, { type: 'snapshot-taken', snapshot: built(1000) });
  expect(state.lesson).toMatchObject({ step: 0, check: { passed: true } });
  expect(play(state, { type: 'next-step-asked' }).state.lesson).toMatchObject({ step: 1 });
});

it('the next step is not reached before this one is passed, and what is missing is said', () => {
  const { state } = play(home(), { type: 'do-asked' }, { type: 'next-step-asked' });
  expect(state.lesson).toMatchObject({ step: 0 });
  expect(state.notices.map(notice => notice.text)).toEqual([
    'Not done yet. Enter does it, s does the rest for you, K skips the step.',
  ]);
});

it('a check is overdue once everything is done and its time is over', () => {
  const done = play(home(), { type: 'do-asked' }, { type: 'do-asked' }, buildDone(1)).state;
  const asked = play(done, look(5000)).state;
  expect(asked.lesson?.check).toMatchObject({ since: 5000, passed: false, overdue: false });
  expect(play(asked, look(15_000)).state.lesson?.check).toMatchObject({ overdue: false });
  expect(play(asked, look(15_001)).state.lesson?.check).toMatchObject({ overdue: true });
});

it('a command typed by the learner instead of the lesson’s is what runs', () => {
  const { effects } = play(
    atStep(1),
    { type: 'typing-asked' },
    { type: 'typing-edited', input: { text: 'echo hi  there', cursor: 14 } },
    { type: 'do-asked' },
  );
  expect(started(effects)).toEqual([{ type: 'run', commandLine: 'echo hi  there' }]);
});

it('the lesson’s command typed in the shell counts as done, with any spacing', () => {
  const { state } = play(
    atStep(1),
    { type: 'shell-edited', input: { text: ' echo   hello', cursor: 13 } },
    { type: 'shell-entered' },
    { type: 'work-finished', work: 1, result: { of: 'run', result: { exitCode: 0, output: [] } } },
  );
  expect(state.lesson?.current).toBeUndefined();
});

it('a command that was cancelled or not known does not count as done', () => {
  for (const exitCode of [130, 127]) {
    const { state } = play(
      atStep(1),
      { type: 'do-asked' },
      { type: 'work-finished', work: 1, result: { of: 'run', result: { exitCode, output: [] } } },
    );
    expect(state.lesson?.current).toBe(0);
  }
});

it('a prediction comes before the deed, is kept, and gets its measurement when the step is passed', () => {
  const start = play(atStep(2), look(100)).state;
  const early = play(start, { type: 'do-asked' });
  expect(started(early.effects)).toEqual([]);
  const answered = play(
    start,
    { type: 'answer-edited', input: { text: '7', cursor: 1 } },
    { type: 'do-asked' },
    { type: 'do-asked' },
  );
  expect(started(answered.effects)).toEqual([
    {
      type: 'perform',
      command: { type: 'break', fault: { kind: 'link-cut', link: 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1' } },
    },
  ]);
  const broken = play(
    answered.state,
    { type: 'work-finished', work: 1, result: { of: 'perform', result: { outcome: 'done' } } },
    { type: 'snapshot-taken', snapshot: withLoss(broke(4000), 3) },
  ).state;
  expect(broken.progress.lessons['01-cable']?.steps['cut-it']?.predictions).toEqual({
    '01-cable/cut-it/1': { answer: '7', measured: '3 requests' },
  });
});

it('panes of a later watch block come up when what stands before it is done', () => {
  const { state } = play(atStep(2), look(100));
  expect(state.layout.shown).toEqual(['timeline']);
});

it('a pane that the learner brought up stays when the next step brings its own', () => {
  const own = play(home(), { type: 'do-asked' }, { type: 'pane-toggled', pane: 'routes' }).state;
  expect(own.layout).toMatchObject({ shown: ['topology', 'build', 'routes'], chosenBy: 'learner' });
  const later = play(own, { type: 'goto-step-asked', lesson: '01-cable', step: 2 }).state;
  expect(later.layout.shown).toEqual(['timeline', 'routes']);
});

it('hints open one by one and are counted', () => {
  const { state } = play(
    home(),
    { type: 'do-asked' },
    { type: 'hint-asked' },
    { type: 'hint-asked' },
    { type: 'hint-asked' },
  );
  expect(state.progress.lessons['01-cable']?.steps['build-it']?.hints).toBe(2);
  expect(state.notices.at(-1)?.text).toBe('That was the last hint; s does it for you.');
});

it('the solution does what is left of the step and nothing waits for the learner any more', () => {
  const { state, effects } = play(home(), { type: 'do-asked' }, { type: 'solution-asked' });
  expect(started(effects)).toEqual([{ type: 'build', stage: 'network' }]);
  expect(state.lesson?.current).toBeUndefined();
  expect(state.progress.lessons['01-cable']?.steps['build-it']?.solved).toBe(true);
});

it('skip runs the solution, waits for the check in a hurry, and goes on', () => {
  const skipped = play(home(), { type: 'do-asked' }, { type: 'skip-asked' });
  expect(started(skipped.effects)).toEqual([{ type: 'build', stage: 'network' }]);
  expect(skipped.effects).toContainEqual({
    type: 'set-clock',
    clock: { mode: 'running', speed: 1 },
    hurry: true,
  });
  const waiting = play(skipped.state, buildDone(1));
  expect(started(waiting.effects).map(job => job.type)).toEqual(['await-check']);
  expect(waiting.state.lesson?.step).toBe(0);
  const { state, effects } = play(waiting.state, {
    type: 'work-finished',
    work: 2,
    result: { of: 'await-check', holds: true },
  });
  expect(state.lesson?.step).toBe(1);
  expect(state.progress.lessons['01-cable']?.steps['build-it']?.outcome).toBe('skipped');
  expect(effects).toContainEqual({ type: 'set-clock', clock: { mode: 'running', speed: 1 }, hurry: false });
});

it('going to a step restores the lab and does the steps before it, in order', () => {
  const { state, effects } = play(home(), { type: 'goto-step-asked', lesson: '01-cable', step: 2 });
  expect(started(effects)).toEqual([{ type: 'perform', command: { type: 'restore', stage: 'empty' } }]);
  expect(state.work.waiting.map(work => work.job.type)).toEqual(['build', 'await-check', 'run']);
});

it('a new journey cancels the one before', () => {
  const first = play(home(), { type: 'goto-step-asked', lesson: '01-cable', step: 2 }).state;
  const { state, effects } = play(first, { type: 'goto-stage-asked', stage: 'fabric' });
  expect(effects).toContainEqual({ type: 'cancel-work', work: 1 });
  expect(state.work.waiting.map(work => work.job)).toEqual([
    { type: 'perform', command: { type: 'restore', stage: 'fabric' } },
  ]);
});

it('the last step passed ends the lesson, and Enter opens the next one at its stage', () => {
  const last = play(atStep(3), look(100)).state;
  const { state } = play(last, { type: 'next-step-asked' });
  expect(state.screen).toEqual({ name: 'finished', lesson: '01-cable' });
  expect(state.progress.lessons['01-cable']?.finished).toBe(true);
  const next = play(state, { type: 'do-asked' });
  expect(next.state.lesson).toMatchObject({ id: '02-fabric', step: 0 });
  expect(started(next.effects)).toEqual([{ type: 'perform', command: { type: 'restore', stage: 'fabric' } }]);
});

it('a check says nothing while the lab is on its way to the step', () => {
  const { state } = play(home(), { type: 'goto-step-asked', lesson: '01-cable', step: 3 }, look(10));
  expect(state.lesson?.check).toBeUndefined();
});

it('a failed stage stops what waited behind it and says so on a screen that esc takes away', () => {
  const { state } = play(home(), { type: 'goto-step-asked', lesson: '01-cable', step: 2 });
  const failed = play(
    state,
    { type: 'work-finished', work: 1, result: { of: 'perform', result: { outcome: 'done' } } },
    {
      type: 'work-finished',
      work: 2,
      result: { of: 'build', result: { outcome: 'failed', because: 'No room.', nextSteps: ['Make room.'] } },
    },
  ).state;
  expect(failed.screen).toEqual({
    name: 'failure',
    failure: {
      reader: 'learner',
      title: 'Stage network failed',
      because: 'No room.',
      nextSteps: ['Make room.'],
    },
    behind: 'lesson',
  });
  expect(failed.work).toMatchObject({ underway: [], waiting: [] });
  expect(play(failed, { type: 'back-asked' }).state.screen).toEqual({ name: 'lesson' });
});

it('a stage that fails on the way to where a lesson begins is said on that screen, too, with how to try again', () => {
  const { state } = play(home(), { type: 'goto-step-asked', lesson: '01-cable', step: 2 });
  const refused = {
    outcome: 'refused',
    because: 'No such image.',
    nextSteps: ['Pull it.'],
    stage: 'clusters',
  } as const;
  const failed = play(state, {
    type: 'work-finished',
    work: 1,
    result: { of: 'perform', result: refused },
  }).state;
  expect(failed.screen).toEqual({
    name: 'failure',
    failure: {
      reader: 'learner',
      title: 'Stage clusters failed',
      because: 'No such image.',
      nextSteps: [
        'Pull it.',
        'To try again: Esc, then “:stage empty”. What is there already stays, and so does your progress.',
      ],
    },
    behind: 'lesson',
  });
  expect(failed.work).toMatchObject({ underway: [], waiting: [] });
  const again = play(failed, { type: 'back-asked' }, { type: 'goto-stage-asked', stage: 'empty' });
  expect(again.state.lesson).toMatchObject({ id: '01-cable', step: 2 });
  expect(started(again.effects)).toContainEqual({
    type: 'perform',
    command: { type: 'restore', stage: 'empty' },
  });
});

it('a lesson opened again continues at the step where it was left', () => {
  const progress = {
    ...emptyProgress,
    last: { lesson: '01-cable', step: 'cut-it' },
    lessons: { '01-cable': { at: 'cut-it', finished: false, steps: {} } },
  };
  const { state, effects } = play(home(progress), { type: 'do-asked' });
  expect(state.lesson).toMatchObject({ id: '01-cable', step: 2 });
  expect(started(effects)).toEqual([{ type: 'perform', command: { type: 'restore', stage: 'empty' } }]);
});

it('a step entered anew has nothing done, but what was predicted stays', () => {
  const predictions = { '01-cable/cut-it/1': { answer: '7', measured: '3 requests' } };
  const cut = { done: [0, 2], hints: 1, solved: true, predictions, outcome: 'passed' as const };
  const lessons = { '01-cable': { at: 'cut-it', finished: false, steps: { 'cut-it': cut } } };
  const { state } = play(home({ ...emptyProgress, lessons }), { type: 'lesson-asked', lesson: '01-cable' });
  expect(state.progress.lessons['01-cable']?.steps['cut-it']).toMatchObject({
    hints: 1,
    solved: false,
    predictions,
  });
  const current = state.lesson?.current ?? -1;
  expect(smallCourse.lessons[0]?.steps[2]?.blocks[current]?.type).toBe('break');
});

/** The home screen of a lab in which nothing is built yet. */
function home(progress = emptyProgress): TutorState {
  const engine = { name: 'embedded', absent: new Map(), hasClock: true } as const;
  const first = firstState({ lab: labOfTheTalk, course: smallCourse, engine, progress });
  return update(first, look(0)).state;
}

/** At a step of the first lesson, the journey there over. */
function atStep(step: number): TutorState {
  const { state } = play(home(), { type: 'goto-step-asked', lesson: '01-cable', step });
  return { ...state, work: { underway: [], waiting: [], nextId: 1 } };
}

/** Messages one after the other, and the effects of the last one. */
function play(state: TutorState, ...messages: readonly Message[]) {
  let effects: readonly Effect[] = [];
  const all: Effect[] = [];
  for (const message of messages) {
    ({ state, effects } = update(state, message));
    all.push(...effects);
  }
  return { state, effects: all };
}

function started(effects: readonly Effect[]) {
  return effects.flatMap(effect => (effect.type === 'start-work' ? [effect.job] : []));
}

function look(at: number): Message {
  return { type: 'snapshot-taken', snapshot: { ...nothingBuilt, at, stages: stages([]) } };
}

function buildDone(work: number): Message {
  return { type: 'work-finished', work, result: { of: 'build', result: { outcome: 'done' } } };
}

function built(at: number): Snapshot {
  return { ...nothingBuilt, at, stages: stages(['network']) };
}

function broke(at: number): Snapshot {
  const link = 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1';
  const fault = { kind: 'link-cut', link } as const;
  return { ...built(at), faults: [{ id: `link-cut ${link}`, fault, since: at, event: 1 }] };
}

function withLoss(snapshot: Snapshot, lost: number): Snapshot {
  const { traffic } = snapshot;
  return { ...snapshot, traffic: { ...traffic, totals: { ...traffic.totals, lost } } };
}

function stages(done: readonly string[]): Snapshot['stages'] {
  return labOfTheTalk.stages.map(plan => ({
    id: plan.id,
    title: plan.title,
    progress: done.includes(plan.id) ? 'done' : 'waiting',
    tasks: [],
  }));
}
