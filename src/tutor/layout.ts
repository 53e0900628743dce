import { type PaneName, paneNames } from '../course/lesson.ts';

/** Panes in the order of their number keys: 1 is the lesson, 2 the first of these. */
export const paneKinds = paneNames;
export type PaneKind = PaneName;

/** Where keys go: the lesson text or a pane. */
export type Focus = 'lesson' | PaneKind;

/** What is shown where. Sizes are shares, never cells: only the terminal knows its size. */
export type Layout = {
  /** Panes on the right, top to bottom. */
  readonly shown: readonly PaneKind[];
  /** Whose choice `shown` is; a learner's choice stays until reset. */
  readonly chosenBy: 'step' | 'learner';
  readonly focus: Focus;
  /** The focused pane fills the screen. */
  readonly zoomed: boolean;
  /** Share of the width for the lesson, 0.25 to 0.75. */
  readonly lessonShare: number;
  /** Relative heights of panes, 1 where not named. */
  readonly weights: Readonly<Partial<Record<PaneKind, number>>>;
  /** Only panes that differ from `untouchedPane`. */
  readonly panes: Readonly<Partial<Record<PaneKind, PaneView>>>;
};

/** How a learner looks at one pane. */
export type PaneView = {
  /** Key of the selected row, as the pane's rows give it; undefined: the first. */
  readonly selected?: string;
  readonly filter: string;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  /** Whose table it shows; undefined: the pane's own default (`subjectOf`). */
  readonly subject?: PaneSubject;
};

/** What a pane is about: a node, one of its network-instances, a prefix or destination. */
export type PaneSubject = {
  readonly node?: string;
  readonly instance?: string;
  readonly prefix?: string;
  /** Client whose flows an ecmp pane shows. */
  readonly client?: string;
  /** An ecmp pane shows what happens when members leave or join, instead of where flows go. */
  readonly compares?: boolean;
  /** Link whose packets a packets pane shows; with an empty node and link it shows the whole lab. */
  readonly link?: string;
};

export const untouchedPane: PaneView = { filter: '' };

export const firstLayout: Layout = {
  shown: ['topology', 'timeline'],
  chosenBy: 'step',
  focus: 'lesson',
  zoomed: false,
  lessonShare: 0.42,
  weights: {},
  panes: {},
};

/** How the learner looks at a pane now. */
export function paneView(layout: Layout, pane: PaneKind): PaneView {
  return layout.panes[pane] ?? untouchedPane;
}
