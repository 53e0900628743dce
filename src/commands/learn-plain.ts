import { createInterface } from 'node:readline';
import { parseFault } from '../course/fault-text.ts';
import { vocabularyOf } from '../course/vocabulary.ts';
import { currentBlock } from '../tutor/live-blocks.ts';
import type { Message } from '../tutor/message.ts';
import type { TutorState } from '../tutor/state.ts';
import type { Store } from '../tutor/store.ts';
import { type ExitCode, interrupted, ok } from './exit-codes.ts';
import { homeLines, linesBetween } from './plain-lines.ts';
import type { ProgramIo } from './program-io.ts';

const help = [
  'empty line      do the next thing of the step, or go on',
  'open <lesson>   open a lesson            home        all lessons',
  'back            the step before          again       start the lesson again',
  'hint            a hint                   solution    do the rest of the step for me',
  'skip            do it for me and go on   text        this step once more',
  '$ <command>     run a command            stage <id>  bring the lab to a stage',
  'break <fault>   as "link-cut LEAF-DC-1 SPINE-DC-1"',
  'heal            everything               traffic on|off',
  'quit            leave; progress is kept',
];

/** The tutorial in lines: for screen readers, simple terminals and pipes. */
export async function learnPlainly(store: Store, io: ProgramIo): Promise<ExitCode> {
  const print = (lines: readonly string[]) => {
    if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
  };
  // What was sent before there was anybody to read it is handled in this turn.
  await nextTurn();
  let shown = store.getState();
  print(firstLines(shown));
  const unsubscribe = store.subscribe(() => {
    const state = store.getState();
    print(linesBetween(shown, state));
    shown = state;
  });
  const interrupt = () => store.send({ type: 'quit-asked' });
  io.interrupted.addEventListener('abort', interrupt, { once: true });
  const lines = createInterface({ input: io.stdin, terminal: false });
  const closed = store.done.then(() => lines.close());
  let left = false;
  for await (const line of lines) {
    const messages = messagesFor(line.trim(), store.getState());
    if (typeof messages === 'string') print(messages.split('\n'));
    else for (const message of messages) store.send(message);
    await settled(store, io);
    if (store.getState().leaving || io.interrupted.aborted) {
      left = true;
      break;
    }
  }
  lines.close();
  if (!left || !store.getState().leaving) leave(store);
  const code = await store.done;
  await closed;
  unsubscribe();
  io.interrupted.removeEventListener('abort', interrupt);
  return code === 0 && !io.interrupted.aborted ? ok : interrupted;
}

/** What a typed line asks for; a string is an answer instead. */
function messagesFor(line: string, state: TutorState): Message[] | string {
  const [word = '', ...rest] = line.split(/\s+/);
  const words = rest.join(' ');
  if (line.startsWith('$') || line.startsWith('!')) return runInShell(line.slice(1).trim());
  switch (word) {
    case '':
      return [{ type: 'do-asked' }];
    case 'help':
      return help.join('\n');
    case 'open':
      return openLesson(words, state);
    case 'home':
      return [{ type: 'home-asked' }];
    case 'b':
    case 'back':
      return [{ type: 'previous-step-asked' }];
    case 'n':
    case 'next':
      return [{ type: 'next-step-asked' }];
    case 'again':
      return [{ type: 'restart-lesson-asked' }];
    case 'h':
    case 'hint':
      return [{ type: 'hint-asked' }];
    case 's':
    case 'solution':
      return [{ type: 'solution-asked' }];
    case 'K':
    case 'skip':
      return [{ type: 'skip-asked' }];
    case 'text':
      return linesBetween({ ...state, screen: { name: 'home', cursor: 0 } }, state).join('\n');
    case 'stage':
      return state.lab.stages.some(stage => stage.id === words) || words === 'empty'
        ? [{ type: 'goto-stage-asked', stage: words }]
        : `there is no stage "${words}"; there are empty, ${state.lab.stages.map(stage => stage.id).join(', ')}`;
    case 'break': {
      const parsed = parseFault(words, vocabularyOf(state.lab));
      return 'problem' in parsed
        ? `${parsed.problem}; ${parsed.expected}`
        : [{ type: 'break-asked', fault: parsed.fault }];
    }
    case 'heal':
      return [{ type: 'heal-asked', fault: words === '' ? 'all' : words }];
    case 'traffic':
      return [{ type: 'traffic-asked', on: words !== 'off' }];
    case 'q':
    case 'quit':
    case 'exit':
      return [{ type: 'quit-asked' }, { type: 'overlay-accepted' }];
    default:
      return answer(line, state);
  }
}

function runInShell(commandLine: string): Message[] {
  const input = { text: commandLine, cursor: [...commandLine].length };
  return [{ type: 'shell-edited', input }, { type: 'shell-entered' }];
}

function openLesson(name: string, state: TutorState): Message[] | string {
  const { lessons } = state.course;
  const lesson = lessons.find(entry => entry.id === name || entry.id.split('-')[0] === name.padStart(2, '0'));
  return lesson === undefined
    ? `there is no lesson "${name}"; there are ${lessons.map(entry => entry.id).join(', ')}`
    : [{ type: 'lesson-asked', lesson: lesson.id }];
}

/** A line that is no word of ours answers the question that is open. */
function answer(line: string, state: TutorState): Message[] | string {
  const block = state.screen.name === 'lesson' ? currentBlock(state)?.block : undefined;
  if (block?.type !== 'predict') return `"${line}" is not understood; help lists what can be typed.`;
  if (block.answer.kind === 'number') {
    return [{ type: 'answer-edited', input: { text: line, cursor: [...line].length } }, { type: 'do-asked' }];
  }
  const choice = Number(line) - 1;
  return block.answer.choices[choice] === undefined
    ? `type a number from 1 to ${block.answer.choices.length}`
    : [{ type: 'choice-moved', to: choice }, { type: 'do-asked' }];
}

/** Waits until what a line asked for is over; in a pipe also until the step's check has come to a verdict. */
async function settled(store: Store, io: ProgramIo): Promise<void> {
  const rest = () => {
    const { work, lesson, leaving } = store.getState();
    if (leaving || io.interrupted.aborted) return true;
    if (work.underway.length > 0 || work.waiting.length > 0) return false;
    const check = lesson?.current === undefined ? lesson?.check : undefined;
    return io.stdin.isTTY === true || check === undefined || check.passed || check.overdue;
  };
  // One turn first: messages are handled in a microtask, and what they start shows in the state then.
  await nextTurn();
  if (rest()) return;
  await new Promise<void>(resolve => {
    const done = () => {
      unsubscribe();
      io.interrupted.removeEventListener('abort', done);
      resolve();
    };
    const unsubscribe = store.subscribe(() => {
      if (rest()) done();
    });
    io.interrupted.addEventListener('abort', done, { once: true });
  });
}

function firstLines(state: TutorState): string[] {
  const { lesson: _, ...rest } = state;
  const nothing: TutorState = { ...rest, screen: { name: 'home', cursor: 0 }, notices: [] };
  return [...(state.screen.name === 'home' ? homeLines(state) : []), ...linesBetween(nothing, state)];
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

function leave(store: Store): void {
  store.send({ type: 'quit-asked' });
  store.send({ type: 'overlay-accepted' });
}
