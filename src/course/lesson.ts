import type { LabEngine } from '../lab/engine.ts';
import type { Fault } from '../lab/fault.ts';
import type { LabSize } from '../lab/lab.ts';
import type { Measurement } from '../lab/measurement.ts';
import type { Check, Probe } from '../lab/probe.ts';
import type { StageId } from '../lab/stage.ts';
import type { Ipv4Prefix } from '../net/prefix.ts';

/** The lessons in the order they are taken. */
export type Course = { readonly lessons: readonly Lesson[] };

export type Lesson = {
  /** "05-service": the folder's name. */
  readonly id: string;
  readonly title: string;
  /** Planned minutes, a self-paced learner's. */
  readonly minutes: number;
  /** Stages that must be built before the first step; empty: starts with nothing. */
  readonly stages: readonly StageId[];
  /** The lab it runs on; undefined: as it was written. */
  readonly lab?: LabSize;
  /** Engines it works on; undefined: all. */
  readonly engines?: readonly LabEngine['name'][];
  readonly file: string;
  /** What stands above the first step. */
  readonly introduction: readonly Block[];
  readonly steps: readonly Step[];
};

export type Step = {
  /** From the title: "apply-the-service". Unique in its lesson. */
  readonly id: string;
  readonly title: string;
  readonly line: number;
  readonly blocks: readonly Block[];
};

/** `line` is where the block begins in the lesson's file, counted from 1. */
export type Block = { readonly line: number } & (
  | { readonly type: 'prose'; readonly markdown: string }
  | ({ readonly type: 'run' } & CommandToRun)
  | { readonly type: 'stage'; readonly stage: StageId }
  | ({ readonly type: 'predict' } & Prediction)
  | { readonly type: 'break'; readonly fault: Fault }
  | { readonly type: 'heal'; readonly fault: string | 'all' }
  | { readonly type: 'watch'; readonly panes: readonly WatchedPane[] }
  | ({ readonly type: 'check' } & Check)
  /** Levels count from 1 in a step. */
  | { readonly type: 'hint'; readonly level: number; readonly markdown: string }
  | { readonly type: 'solution'; readonly actions: readonly Action[] }
  /** For the speaker. */
  | { readonly type: 'notes'; readonly markdown: string; readonly minutes?: number }
);

export type CommandToRun = {
  readonly commandLine: string;
  /** Host it is typed on; undefined: the learner's machine. */
  readonly on?: string;
  /** Cluster whose kubeconfig is in use. */
  readonly cluster?: string;
  /** The point of it is that it fails: `expect=failure`. */
  readonly failing?: true;
};

export type Prediction = {
  /** Unique in the course: "<lesson>/<step>/1". */
  readonly id: string;
  readonly question: string;
  readonly answer:
    | { readonly kind: 'number'; readonly unit: string; readonly measurement: Measurement }
    /** The right choice is the first whose condition holds. */
    | {
        readonly kind: 'choice';
        readonly choices: readonly Choice[];
        /** Present when choices are ranges. */
        readonly measurement?: Measurement;
      };
};

/** A range of the measured number (both ends included) or a probe. */
export type Choice = {
  readonly text: string;
  readonly when:
    | { readonly type: 'range'; readonly from?: number; readonly to?: number }
    | { readonly type: 'probe'; readonly probe: Probe };
};

export const paneNames = [
  'topology',
  'sessions',
  'routes',
  'evpn',
  'forwarding',
  'ecmp',
  'cluster',
  'traffic',
  'timeline',
  'packets',
  'build',
  'shell',
] as const;

export type PaneName = (typeof paneNames)[number];

/** A pane to bring up and what to look at in it. */
export type WatchedPane = {
  readonly pane: PaneName;
  /** Switch, or for `cluster` the cluster's name. */
  readonly node?: string;
  readonly instance?: string;
  readonly prefix?: Ipv4Prefix;
  /** ecmp: the ways of hashing side by side. */
  readonly compares?: true;
  /** packets: only what crosses this link. */
  readonly link?: string;
};

/** One line of a solution. */
export type Action =
  | ({ readonly verb: 'run' } & CommandToRun)
  | { readonly verb: 'stage'; readonly stage: StageId }
  | { readonly verb: 'break'; readonly fault: Fault }
  | { readonly verb: 'heal'; readonly fault: string | 'all' }
  | { readonly verb: 'traffic'; readonly on: boolean; readonly ratePerClient?: number };

/** Blocks of one type, in order. */
export function blocksOf<T extends Block['type']>(step: Step, type: T): (Block & { readonly type: T })[] {
  return step.blocks.filter((block): block is Block & { readonly type: T } => block.type === type);
}

/** What does the step for the learner: its `solution`, or else its run, stage, break and heal blocks in order. */
export function solutionOf(step: Step): Action[] {
  const written = blocksOf(step, 'solution');
  if (written.length > 0) return written.flatMap(block => block.actions);
  return step.blocks.flatMap((block): Action[] => {
    switch (block.type) {
      case 'run': {
        const { type: _, line: __, ...command } = block;
        return [{ verb: 'run', ...command }];
      }
      case 'stage':
        return [{ verb: 'stage', stage: block.stage }];
      case 'break':
        return [{ verb: 'break', fault: block.fault }];
      case 'heal':
        return [{ verb: 'heal', fault: block.fault }];
      default:
        return [];
    }
  });
}

/** Where the lesson starts, as the `restore` command wants it. */
export function startOf(lesson: Lesson): StageId | 'empty' {
  return lesson.stages.at(-1) ?? 'empty';
}
