import { parseFault } from './fault-text.ts';
import type { Block } from './lesson.ts';
import type { LiveBlock } from './live-block.ts';
import type { Mistakes } from './mistakes.ts';
import { commandToRun, numberedLines, readAction, readHealed, readStage } from './read-action.ts';
import { readCheck } from './read-check.ts';
import { readPrediction } from './read-predict.ts';
import { readWatch } from './read-watch.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Reads what a live block says: one block for most, one for each command of `run`. Empty, with the mistakes noted, when it is wrong. */
export function readBlock(live: LiveBlock, vocabulary: Vocabulary, mistakes: Mistakes): Block[] {
  const { line, contentLine, content, options } = live;
  if (content.trim() === '') {
    mistakes.add({ line, column: 1 }, `empty-${live.name}`, `this ${live.name} block is empty`);
    return [];
  }
  const lines = numberedLines(content, contentLine);
  switch (live.name) {
    case 'run':
      return lines.flatMap(({ text, line: at }): Block[] => {
        const run = commandToRun(text, options, vocabulary, line, mistakes);
        return run === undefined ? [] : [{ type: 'run', line: at, ...run }];
      });
    case 'stage':
      return lines.flatMap(({ text, line: at }): Block[] => {
        const stage = readStage(text, vocabulary, at, mistakes);
        return stage === undefined ? [] : [{ type: 'stage', line: at, stage }];
      });
    case 'break':
      return lines.flatMap(({ text, line: at }): Block[] => {
        const parsed = parseFault(text, vocabulary);
        if ('fault' in parsed) return [{ type: 'break', line: at, fault: parsed.fault }];
        mistakes.add({ line: at, column: 1 }, 'wrong-fault', parsed.problem, parsed.expected);
        return [];
      });
    case 'heal':
      return lines.flatMap(({ text, line: at }): Block[] => {
        const fault = readHealed(text, vocabulary, at, mistakes);
        return fault === undefined ? [] : [{ type: 'heal', line: at, fault }];
      });
    case 'predict': {
      const prediction = readPrediction(live, vocabulary, mistakes);
      return prediction === undefined ? [] : [{ type: 'predict', line, id: '', ...prediction }];
    }
    case 'check': {
      const check = readCheck(live, vocabulary, mistakes);
      return check === undefined ? [] : [{ type: 'check', line, ...check }];
    }
    case 'watch':
      return [{ type: 'watch', line, panes: readWatch(live, vocabulary, mistakes) }];
    case 'hint':
      return [{ type: 'hint', line, level: 0, markdown: content.trim() }];
    case 'solution':
      return [
        {
          type: 'solution',
          line,
          actions: lines.flatMap(numbered => readAction(numbered, vocabulary, mistakes) ?? []),
        },
      ];
    case 'notes':
      return notes(live, mistakes);
  }
}

function notes({ options, content, line }: LiveBlock, mistakes: Mistakes): Block[] {
  const minutes = options.get('minutes');
  const markdown = content.trim();
  if (minutes === undefined) return [{ type: 'notes', line, markdown }];
  if (!/^\d+(\.\d+)?$/.test(minutes)) {
    mistakes.add({ line, column: 4 }, 'wrong-value', `"${minutes}" is not a number of minutes`, 'minutes=3');
    return [];
  }
  return [{ type: 'notes', line, markdown, minutes: Number(minutes) }];
}
