import {
  type KeptOutput,
  type KeptPrediction,
  type LessonProgress,
  outputKept,
  type Progress,
  type StepProgress,
} from '../tutor/progress.ts';

export type ProgressParsing =
  | { readonly outcome: 'read'; readonly progress: Progress }
  /** Written by a later version: hands off. */
  | { readonly outcome: 'newer' }
  | { readonly outcome: 'broken'; readonly because: string };

/** Progress from its file's text. Entries that make no sense are left out; only a file that is no progress at all is broken. */
export function parseProgress(text: string): ProgressParsing {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { outcome: 'broken', because: 'it is not JSON' };
  }
  if (!isRecord(value)) return { outcome: 'broken', because: 'it is not an object' };
  const { version, last, lessons } = value;
  if (typeof version === 'number' && version > 1) return { outcome: 'newer' };
  if (version !== 1 || !isRecord(lessons))
    return { outcome: 'broken', because: 'it has no version and lessons' };
  const place =
    isRecord(last) && typeof last['lesson'] === 'string' && typeof last['step'] === 'string'
      ? { last: { lesson: last['lesson'], step: last['step'] } }
      : {};
  return { outcome: 'read', progress: { version: 1, ...place, lessons: mapRecord(lessons, lessonOf) } };
}

function lessonOf(value: unknown): LessonProgress | undefined {
  if (!isRecord(value)) return undefined;
  const { at, finished, steps } = value;
  return {
    at: typeof at === 'string' ? at : '',
    finished: finished === true,
    steps: isRecord(steps) ? mapRecord(steps, stepOf) : {},
  };
}

function stepOf(value: unknown): StepProgress | undefined {
  if (!isRecord(value)) return undefined;
  const { outcome, done, hints, solved, predictions, outputs } = value;
  return {
    ...((outcome === 'passed' || outcome === 'skipped') && { outcome }),
    done: Array.isArray(done) ? done.filter(entry => Number.isInteger(entry)) : [],
    hints: typeof hints === 'number' && Number.isInteger(hints) && hints >= 0 ? hints : 0,
    solved: solved === true,
    predictions: isRecord(predictions) ? mapRecord(predictions, predictionOf) : {},
    ...(Array.isArray(outputs) && { outputs: outputs.flatMap(outputOf) }),
  };
}

function outputOf(value: unknown): KeptOutput[] {
  if (!isRecord(value)) return [];
  const { commandLine, text, exitCode } = value;
  if (typeof commandLine !== 'string' || typeof text !== 'string' || typeof exitCode !== 'number') return [];
  return [{ commandLine, text: text.slice(0, outputKept), exitCode }];
}

function predictionOf(value: unknown): KeptPrediction | undefined {
  if (!isRecord(value) || typeof value['answer'] !== 'string') return undefined;
  const { answer, measured, right } = value;
  return {
    answer,
    ...(typeof measured === 'string' && { measured }),
    ...(typeof right === 'boolean' && { right }),
  };
}

function mapRecord<T>(
  record: Record<string, unknown>,
  read: (value: unknown) => T | undefined,
): Record<string, T> {
  const entries = Object.entries(record).flatMap(([key, value]): [string, T][] => {
    const parsed = read(value);
    return parsed === undefined || key === '__proto__' ? [] : [[key, parsed]];
  });
  return Object.fromEntries(entries);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
