import type { Block, Step } from '../course/lesson.ts';
import { faultTitle } from '../tutor/fault-title.ts';
import { currentSlide } from '../tutor/presenter.ts';
import { stepProgress } from '../tutor/progress.ts';
import { slidesOf } from '../tutor/slides.ts';
import { currentLesson, currentStep, type TutorState } from '../tutor/state.ts';
import { element, type PageElement } from './element.ts';
import { markdownElements } from './markdown-elements.ts';

/** The slide that is on, as the audience reads it; nothing of it while the screen is black. */
export function slideElements(state: TutorState): PageElement[] {
  const lesson = currentLesson(state);
  const step = currentStep(state);
  const slide = currentSlide(state);
  if (lesson === undefined || step === undefined || slide === undefined || state.presenter === undefined)
    return [element('p', { class: 'quiet' }, 'The talk has not begun.')];
  if (state.presenter.black)
    return [element('p', { class: 'black' }, 'The presenter asks for your eyes up front.')];
  const count = slidesOf(lesson).length;
  return [
    element('p', { class: 'quiet' }, `${lesson.title} · ${state.presenter.slide + 1} of ${count}`),
    element('h1', {}, slide.title),
    ...slide.content.flatMap(content => {
      if (content.type === 'prose') return markdownElements(content.markdown);
      const block = step.blocks[content.block];
      return block === undefined ? [] : blockElements(state, step, block, content.block);
    }),
  ];
}

function blockElements(state: TutorState, step: Step, block: Block, index: number): PageElement[] {
  const kept = stepProgress(state.progress, state.lesson?.id ?? '', step.id);
  const mark = kept.done.includes(index) ? '✔ ' : '▸ ';
  const deed = (text: string) => [element('p', { class: 'deed' }, mark, text)];
  switch (block.type) {
    case 'run': {
      const output = kept.outputs?.find(each => each.commandLine === block.commandLine)?.text.trimEnd();
      return [
        element('pre', { class: 'command' }, `$ ${block.commandLine}`),
        ...(output === undefined || output === '' ? [] : [element('pre', {}, output)]),
      ];
    }
    case 'stage':
      return deed(`build ${block.stage}`);
    case 'break':
      return deed(faultTitle(block.fault));
    case 'heal':
      return deed('heal it');
    case 'predict': {
      const said = kept.predictions[block.id];
      const { answer } = block;
      return [
        element('p', { class: 'question' }, block.question),
        ...(answer.kind === 'choice'
          ? [element('ol', {}, ...answer.choices.map(choice => element('li', {}, choice.text)))]
          : [element('p', { class: 'quiet' }, `a number of ${answer.unit}`)]),
        ...(said?.measured === undefined
          ? []
          : [element('p', { class: 'deed' }, 'measured: ', element('strong', {}, said.measured))]),
      ];
    }
    case 'check':
      return [
        element(
          'ul',
          { class: 'check' },
          ...(state.lesson?.check?.verdicts ?? []).map(verdict =>
            element(
              'li',
              { class: verdict.holds ? 'up' : 'pending' },
              `${verdict.holds ? '✔' : '…'} ${verdict.expected}`,
            ),
          ),
        ),
      ];
    default:
      return [];
  }
}
