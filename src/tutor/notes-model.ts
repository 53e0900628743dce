import { blocksOf, type Lesson } from '../course/lesson.ts';
import type { StageState } from '../lab/stage.ts';
import { faultTitle } from './fault-title.ts';
import { armedLeft, currentSlide, labIsReady, nextSlide, talkTime } from './presenter.ts';
import { stagePanes } from './presenter-panes.ts';
import { slideBlock } from './slide-block.ts';
import { type Slide, slidesOf } from './slides.ts';
import { currentLesson, currentStep, type TutorState } from './state.ts';
import { onJourney } from './work.ts';

/** What a speaker's second terminal shows: plain JSON, sent over the presenter's socket. Times are milliseconds. */
export type NotesModel = {
  readonly lesson: { readonly id: string; readonly title: string };
  /** Counted from 1. */
  readonly slide: { readonly number: number; readonly of: number; readonly title: string };
  readonly step: { readonly number: number; readonly of: number; readonly title: string };
  /** Markdown for the speaker; on the opening slide those of the first step, too. */
  readonly notes: readonly string[];
  /** What the audience sees, as Markdown; empty on a black screen. */
  readonly audience: string;
  readonly black: boolean;
  /** Panes on the audience's screen; empty: the slide alone. */
  readonly panes: readonly string[];
  /** What Enter would do now; absent: go on. */
  readonly deed?: string;
  readonly next?: { readonly title: string; readonly text: string };
  readonly time: {
    readonly elapsedMs: number;
    readonly stepSpentMs: number;
    readonly stepPlannedMs: number;
    readonly behindMs: number;
  };
  readonly armedMs: number;
  readonly lab: LabHealth;
  readonly page?: { readonly url: string; readonly viewers: number };
};

export type LabHealth = {
  readonly engine: string;
  readonly at: number;
  /** The lab has what this lesson starts from. */
  readonly ready: boolean;
  readonly busy: boolean;
  readonly sessions: { readonly up: number; readonly configured: number };
  readonly nodes: { readonly running: number; readonly all: number };
  readonly faults: readonly string[];
  /** Requests of the last second; absent: the clients are quiet. */
  readonly traffic?: { readonly rate: number; readonly lost: number; readonly sent: number };
  /** "7 of 9 stages". */
  readonly stages: { readonly done: number; readonly all: number };
};

/** What a terminal with notes knows. The last model stays when the presenter goes. */
export type NotesView = {
  readonly link:
    | { readonly state: 'connected'; readonly pid: number }
    /** `lost`: there was a presenter before. `because`: why not, where it is not just that nobody is there. */
    | { readonly state: 'waiting'; readonly lost: boolean; readonly because?: string };
  readonly model?: NotesModel;
};

/** Undefined where nobody presents. */
export function notesModel(state: TutorState): NotesModel | undefined {
  const { presenter } = state;
  const lesson = currentLesson(state);
  const step = currentStep(state);
  const slide = currentSlide(state);
  if (presenter === undefined || lesson === undefined || step === undefined || slide === undefined)
    return undefined;
  const next = nextSlide(state);
  const upcoming = next === undefined ? undefined : slidesOf(next.lesson)[next.at];
  const deed = deedOf(state);
  const { audience } = presenter;
  return {
    lesson: { id: lesson.id, title: lesson.title },
    slide: { number: presenter.slide + 1, of: slidesOf(lesson).length, title: slide.title },
    step: { number: slide.step + 1, of: lesson.steps.length, title: step.title },
    notes: [
      ...(slide.opening ? introductionNotes(lesson) : []),
      ...blocksOf(step, 'notes').map(block => block.markdown),
    ],
    audience: presenter.black ? '' : slideText(lesson, slide),
    black: presenter.black,
    panes: presenter.black ? [] : stagePanes(state),
    ...(deed !== undefined && { deed }),
    ...(next !== undefined &&
      upcoming !== undefined && {
        next: { title: upcoming.title, text: slideText(next.lesson, upcoming) },
      }),
    time: talkTime(state),
    armedMs: armedLeft(presenter),
    lab: labHealth(state),
    ...(audience !== undefined && { page: audience }),
  };
}

/** A slide as a few lines of Markdown; what is done on it in words. */
export function slideText(lesson: Lesson, slide: Slide): string {
  return slide.content
    .map(content => {
      if (content.type === 'prose') return content.markdown;
      const block = lesson.steps[slide.step]?.blocks[content.block];
      switch (block?.type) {
        case 'run':
          return `\`$ ${block.commandLine}\``;
        case 'stage':
          return `▸ build ${block.stage}`;
        case 'break':
          return `▸ ${faultTitle(block.fault)}`;
        case 'heal':
          return '▸ heal it';
        case 'predict':
          return `? ${block.question}`;
        default:
          return '';
      }
    })
    .filter(text => text !== '')
    .join('\n\n');
}

function introductionNotes(lesson: Lesson): string[] {
  return lesson.introduction.flatMap(block => (block.type === 'notes' ? [block.markdown] : []));
}

function deedOf(state: TutorState): string | undefined {
  const at = slideBlock(state);
  const block = at === undefined ? undefined : currentStep(state)?.blocks[at];
  switch (block?.type) {
    case 'run':
      return `run ${block.commandLine}`;
    case 'stage':
      return `build ${block.stage}`;
    case 'break':
      return faultTitle(block.fault);
    case 'heal':
      return 'heal';
    default:
      return undefined;
  }
}

function labHealth(state: TutorState): LabHealth {
  const { view } = state;
  const nodes = view?.nodes ?? [];
  const sum = (of: (node: (typeof nodes)[number]) => number) =>
    nodes.reduce((total, node) => total + of(node), 0);
  const stages: readonly StageState[] = view?.stages ?? [];
  const recent = view?.traffic.samples.slice(-4) ?? [];
  return {
    engine: state.engine.name,
    at: view?.at ?? 0,
    ready: labIsReady(state),
    busy: onJourney(state.work) || state.work.underway.length > 0,
    sessions: {
      up: sum(node => node.sessions?.established ?? 0),
      configured: sum(node => node.sessions?.configured ?? 0),
    },
    nodes: {
      running: nodes.filter(node => node.state === 'running').length,
      all: nodes.filter(node => node.state !== 'absent').length,
    },
    faults: (view?.faults ?? []).map(({ fault }) => faultTitle(fault)),
    ...(view?.traffic.on === true && {
      traffic: {
        rate: view.traffic.rate,
        lost: recent.reduce((total, sample) => total + sample.lost + sample.reset, 0),
        sent: recent.reduce((total, sample) => total + sample.sent, 0),
      },
    }),
    stages: {
      done: stages.filter(stage => stage.progress === 'done').length,
      all: stages.length,
    },
  };
}
