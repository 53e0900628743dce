import type { PaneKind } from '../../tutor/layout.ts';
import { currentBlock } from '../../tutor/live-blocks.ts';
import { asksForNumber } from '../../tutor/slide-block.ts';
import type { TutorState } from '../../tutor/state.ts';

/** The size of the terminal, which some keys need (a page is as long as what is shown). */
export type KeyContext = {
  readonly state: TutorState;
  readonly size: { readonly columns: number; readonly rows: number };
};

/**
 * Where a key counts. The first place of `placesOf` whose rows know the key decides; a place that types swallows
 * all characters before that.
 */
export type Place =
  | 'anywhere'
  | 'home'
  | 'finished'
  | 'failure'
  | 'lesson-screen'
  | 'presenter'
  | 'overview'
  | 'lesson'
  | 'answer-number'
  | 'answer-on-stage'
  | 'answer-choice'
  | 'typing'
  | 'pane'
  | PaneKind
  | 'overlay'
  | 'help'
  | 'menu'
  | 'confirm'
  | 'explain'
  | 'filter';

/** Most special first. */
export function placesOf(state: TutorState): Place[] {
  switch (state.overlay.name) {
    case 'help':
      return ['help', 'overlay', 'anywhere'];
    case 'palette':
    case 'breaks':
    case 'heals':
      return ['menu', 'overlay', 'anywhere'];
    case 'confirm':
      return ['confirm', 'overlay', 'anywhere'];
    case 'route':
    case 'flow':
    case 'event':
    case 'packet':
      return ['explain', 'overlay', 'anywhere'];
    case 'filter':
      return ['filter', 'overlay', 'anywhere'];
    case 'none':
      return placesOfScreen(state);
  }
}

function placesOfScreen(state: TutorState): Place[] {
  switch (state.screen.name) {
    case 'home':
      return ['home', 'anywhere'];
    case 'finished':
      return ['finished', 'anywhere'];
    case 'failure':
      return ['failure', 'anywhere'];
    case 'presenter':
      if (state.presenter?.overview !== undefined) return ['overview', 'anywhere'];
      return asksForNumber(state) ? ['answer-on-stage', 'presenter', 'anywhere'] : ['presenter', 'anywhere'];
    case 'lesson': {
      const { focus } = state.layout;
      if (focus !== 'lesson') return [focus, 'pane', 'lesson-screen', 'anywhere'];
      if (state.lesson?.typing !== undefined) return ['typing', 'anywhere'];
      const block = currentBlock(state)?.block;
      if (block?.type !== 'predict') return ['lesson', 'lesson-screen', 'anywhere'];
      const answering = block.answer.kind === 'number' ? 'answer-number' : 'answer-choice';
      return [answering, 'lesson', 'lesson-screen', 'anywhere'];
    }
  }
}
