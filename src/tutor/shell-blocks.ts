import type { OutputChunk } from '../lab/engine.ts';
import { type Shell, type ShellBlock, shellBlocksKept, shellOutputKept } from './shell.ts';
import type { Work } from './work.ts';

/** A command began: it appears in the shell, whoever ran it. Other jobs leave the shell alone. */
export function blockStarted(shell: Shell, work: Work): Shell {
  if (work.job.type !== 'run' || work.purpose.of === 'journey') return shell;
  const { commandLine, on } = work.job;
  const block: ShellBlock = {
    id: work.id,
    commandLine,
    ...(on !== undefined && { on }),
    by: work.purpose.of === 'shell' ? 'learner' : 'lesson',
    output: [],
    cut: false,
  };
  return { ...shell, blocks: [...shell.blocks, block].slice(-shellBlocksKept) };
}

/** A command said something. */
export function shellOutput(shell: Shell, id: number, chunk: OutputChunk): Shell {
  return withBlock(shell, id, block => {
    const length = block.output.reduce((sum, part) => sum + part.text.length, 0);
    const room = shellOutputKept - length;
    const text = chunk.text.slice(0, Math.max(0, room));
    const last = block.output.at(-1);
    const output =
      last?.stream === chunk.stream
        ? block.output.with(-1, { ...last, text: last.text + text })
        : [...block.output, { ...chunk, text }];
    return { ...block, output, cut: chunk.text.length > room };
  });
}

/** A command ended. */
export function blockEnded(shell: Shell, id: number, exitCode: number): Shell {
  return withBlock(shell, id, block => ({ ...block, exitCode }));
}

function withBlock(shell: Shell, id: number, change: (block: ShellBlock) => ShellBlock): Shell {
  const index = shell.blocks.findLastIndex(block => block.id === id);
  const block = shell.blocks[index];
  return block === undefined ? shell : { ...shell, blocks: shell.blocks.with(index, change(block)) };
}
