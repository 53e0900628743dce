import type { Command, CommandResult } from './command.ts';
import type { BuildResult, LabEngine, OutputChunk, RunResult } from './engine.ts';
import type { LabEvent } from './event.ts';
import type { Lab } from './lab.ts';
import type { Snapshot, TableRef, TableRows } from './snapshot.ts';
import type { StageId } from './stage.ts';

/** What went through an engine, in order: a JSON line each, the header first, `end` last. `t`: milliseconds since the recording began. */
export type RecordingHeader = {
  readonly type: 'srklab-recording';
  readonly version: 1;
  readonly engine: LabEngine['name'];
  /** What the engine could not do, with reasons. */
  readonly absent: readonly (readonly [string, string])[];
  readonly lab: string;
  /** Names that must be the same for a lesson to make sense on it. */
  readonly shape: string;
};

export type RecordingEntry = { readonly t: number } & (
  | { readonly type: 'events'; readonly events: readonly LabEvent[] }
  | { readonly type: 'asked'; readonly id: number; readonly request: RecordedRequest }
  | { readonly type: 'output'; readonly id: number; readonly chunk: OutputChunk }
  | { readonly type: 'answered'; readonly id: number; readonly answer: RecordedAnswer }
  | {
      readonly type: 'looked';
      /** Parts that differ from what was last written. */
      readonly overview?: Partial<Omit<Snapshot, 'tables' | 'at'>>;
      readonly at: number;
      /** Keys of the tables that were asked for. Absent: as before. */
      readonly wanted?: readonly string[];
      /** Only those that differ from what was last written. */
      readonly tables: readonly (readonly [string, TableRows[TableRef['name']]])[];
    }
  | { readonly type: 'end' }
);

export type RecordedRequest =
  | { readonly kind: 'build'; readonly stage: StageId }
  | { readonly kind: 'perform'; readonly command: Command }
  | { readonly kind: 'run'; readonly commandLine: string; readonly on?: string; readonly cluster?: string };

export type RecordedAnswer = BuildResult | CommandResult | RunResult;

export type Recording = { readonly header: RecordingHeader; readonly entries: readonly RecordingEntry[] };

export function recordingHeader(engine: LabEngine): RecordingHeader {
  return {
    type: 'srklab-recording',
    version: 1,
    engine: engine.name,
    absent: [...engine.absent],
    lab: engine.lab.name,
    shape: shapeOf(engine.lab),
  };
}

export type RecordingReading =
  | { readonly outcome: 'read'; readonly recording: Recording }
  /** A sentence, and what to do. */
  | { readonly outcome: 'refused'; readonly because: string; readonly nextSteps: readonly string[] };

/** Reads the text of a recording made of this lab. A truncated or foreign one is refused. */
export function readRecording(text: string, lab: Lab): RecordingReading {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const header = parsed(lines[0] ?? '');
  if (!isHeader(header)) {
    return refused('it is no recording of srklab-tutor', 'Make one with --record FILE.');
  }
  if (header.version !== 1) {
    return refused(
      `it is of version ${String(header.version)}, this program reads version 1`,
      'Record it again with this version.',
    );
  }
  if (header.shape !== shapeOf(lab)) {
    return refused(
      `it was made of another lab ("${header.lab}"), or of this one before its nodes, links or stages changed`,
      'Name the lab it was made of with -c FILE, or record this one anew.',
    );
  }
  const entries: RecordingEntry[] = [];
  for (const [index, line] of lines.slice(1).entries()) {
    const entry = parsed(line);
    if (!isEntry(entry)) {
      return refused(
        `line ${index + 2} cannot be read: the recording is damaged or cut off there`,
        'Record it anew; end the program with q, not by killing it.',
      );
    }
    entries.push(entry);
  }
  if (entries.at(-1)?.type !== 'end') {
    return refused(
      'it is cut off: its end is missing',
      'Record it anew; end the program with q, not by killing it.',
    );
  }
  return { outcome: 'read', recording: { header, entries } };
}

/** Nodes, links, clusters and stages by name: what lessons speak of. */
function shapeOf(lab: Lab): string {
  const names = [
    ...lab.nodes.map(node => `${node.kind} ${node.name}`),
    ...lab.links.map(({ id }) => `link ${id}`),
    ...lab.clusters.map(({ name }) => `cluster ${name}`),
    ...lab.stages.map(({ id }) => `stage ${id}`),
  ];
  return names.sort().join(', ');
}

function refused(because: string, ...nextSteps: string[]): RecordingReading {
  return { outcome: 'refused', because, nextSteps };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is RecordingHeader {
  return (
    isObject(value) &&
    value['type'] === 'srklab-recording' &&
    typeof value['shape'] === 'string' &&
    Array.isArray(value['absent'])
  );
}

function isEntry(value: unknown): value is RecordingEntry {
  if (!isObject(value) || typeof value['t'] !== 'number') return false;
  switch (value['type']) {
    case 'events':
      return Array.isArray(value['events']);
    case 'asked':
      return typeof value['id'] === 'number' && isObject(value['request']);
    case 'output':
      return typeof value['id'] === 'number' && isObject(value['chunk']);
    case 'answered':
      return typeof value['id'] === 'number' && isObject(value['answer']);
    case 'looked':
      return typeof value['at'] === 'number' && Array.isArray(value['tables']);
    default:
      return value['type'] === 'end';
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
