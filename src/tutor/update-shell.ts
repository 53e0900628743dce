import { giveNotice } from './give-notice.ts';
import type { ShellMessage } from './message.ts';
import { emptyInput } from './screen.ts';
import { type Shell, type ShellBlock, shellBlocksKept } from './shell.ts';
import type { TutorState } from './state.ts';
import { updateLayout } from './update-layout.ts';
import { enqueue } from './update-work.ts';
import { andThen, to, type Updated } from './updated.ts';
import { shellWork } from './work.ts';

const historyKept = 500;

/** What the learner does in the shell pane. */
export function updateShell(state: TutorState, message: ShellMessage): Updated {
  switch (message.type) {
    case 'shell-asked':
      return updateLayout(state, { type: 'focus-asked', to: 'shell' });
    case 'shell-edited': {
      const { historyAt: _, ...shell } = state.shell;
      return to({ ...state, shell: { ...shell, input: message.input } });
    }
    case 'shell-history-asked':
      return to({ ...state, shell: lookedBack(state.shell, message.direction === 'older' ? -1 : 1) });
    case 'shell-cleared':
      return to({ ...state, shell: cleared(state.shell) });
    case 'shell-entered':
      return enter(state);
  }
}

function enter(state: TutorState): Updated {
  const line = state.shell.input.text.trim();
  if (line === '') return to(state);
  if (shellWork(state.work) !== undefined) {
    return giveNotice(state, 'info', 'A command is still running; Ctrl-C ends it.');
  }
  const shell = remembered(state.shell, line);
  if (line === 'clear') return to({ ...state, shell: cleared(shell) });
  if (line === 'history') return to({ ...state, shell: listed(shell) });
  if (line === 'exit' || line === 'logout')
    return updateLayout({ ...state, shell }, { type: 'focus-asked', to: 'lesson' });
  const job = { type: 'run', commandLine: line } as const;
  const paused = state.clock?.mode === 'paused';
  return andThen(
    paused
      ? giveNotice(state, 'info', 'Lab time is paused: commands answer when it goes on (space).')
      : to(state),
    next => enqueue({ ...next, shell }, [{ job, purpose: { of: 'shell' } }]),
  );
}

function remembered({ historyAt: _, ...shell }: Shell, line: string): Shell {
  const history =
    shell.history.at(-1) === line ? shell.history : [...shell.history, line].slice(-historyKept);
  return { ...shell, history, input: emptyInput, draft: '' };
}

/** What was typed, numbered as a shell numbers it. */
function listed(shell: Shell): Shell {
  const text = shell.history.map((line, at) => `${String(at + 1).padStart(5)}  ${line}\n`).join('');
  const block: ShellBlock = {
    // Work has ids from 1 on; what the shell answers itself counts the other way.
    id: -1 - shell.history.length - shell.blocks.length,
    commandLine: 'history',
    by: 'learner',
    output: [{ stream: 'stdout', text }],
    cut: false,
    exitCode: 0,
  };
  return { ...shell, blocks: [...shell.blocks, block].slice(-shellBlocksKept) };
}

/** Only finished commands go; a running one keeps its place. */
function cleared(shell: Shell): Shell {
  return { ...shell, blocks: shell.blocks.filter(block => block.exitCode === undefined) };
}

function lookedBack(shell: Shell, by: -1 | 1): Shell {
  const { historyAt, ...rest } = shell;
  const at = (historyAt ?? shell.history.length) + by;
  if (at < 0) return shell;
  const draft = historyAt === undefined ? shell.input.text : shell.draft;
  const text = shell.history[at] ?? draft;
  const input = { text, cursor: [...text].length };
  return at >= shell.history.length
    ? { ...rest, input, draft: '' }
    : { ...rest, historyAt: at, input, draft };
}
