import { predictionsOfStep } from '../../tutor/failover-markdown.ts';
import type { TutorState } from '../../tutor/state.ts';
import { causeChain, failoversOf } from '../../tutor/timeline.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { addressNamer } from '../wording/address-owner.ts';
import { amountText, durationText, momentText } from '../wording/amount.ts';
import { eventFlowText, eventWording } from '../wording/event.ts';
import { explainFailover } from './explain-failover.ts';
import type { OverlayPicture } from './overlay-picture.ts';

/** What led to an event, root cause first, with the time each link of the chain took; then what it led to. */
export function explainEvent(
  state: TutorState,
  of: { readonly id: number },
  width: number,
): Pick<OverlayPicture, 'title' | 'lines' | 'foot'> {
  const name = addressNamer(state.lab);
  const failover = failoversOf(state.timeline).find(({ event }) => event === of.id);
  if (failover !== undefined)
    return {
      title: 'What happened?',
      lines: explainFailover(failover, { width, name, predictions: predictionsOfStep(state) }),
      foot: [],
    };
  const chain = causeChain(state.timeline, of.id);
  const first = chain[0];
  const event = chain.at(-1);
  if (first === undefined || event === undefined)
    return {
      title: 'What led to this?',
      lines: [line(span('This event is no longer kept.', 'dim'))],
      foot: [],
    };
  const lines: Line[] = chain.flatMap((each, index): Line[] => {
    const { who, what, symbol, look } = eventWording(each, name);
    const before = chain[index - 1];
    const took = before === undefined ? momentText(each.at) : `+${durationText(each.at - before.at)}`;
    const words = line(
      who === '' ? '' : span(`${who} `, 'strong'),
      span(what, index === chain.length - 1 ? 'chosen' : 'plain'),
    );
    return [
      ...(index === 0 ? [] : [line(' '.repeat(12), span('│', 'border'))]),
      ...wrapLine(words, width - 15).map((part, row) =>
        line(
          span((row === 0 ? took : '').padStart(10), 'dim'),
          '  ',
          row === 0 ? span(symbol, look) : ' ',
          '  ',
          part,
        ),
      ),
    ];
  });
  const led = state.timeline.events.filter(each => each.cause === event.id);
  const flow = eventFlowText(event);
  return {
    title: 'What led to this?',
    lines: [
      ...lines,
      ...(flow === undefined ? [] : [blank, line(span('flow ', 'dim'), flow)]),
      ...(led.length === 0
        ? []
        : [
            blank,
            line(span(`It led to ${amountText(led.length, 'more event')}:`, 'dim')),
            ...led.slice(0, 8).map(each => {
              const { who, what } = eventWording(each, name);
              return line(
                span(`+${durationText(each.at - event.at)}`.padStart(10), 'dim'),
                '  ',
                span(who === '' ? '' : `${who} `, 'strong'),
                what,
              );
            }),
          ]),
    ],
    foot:
      chain.length > 1
        ? [blank, line(span(`${durationText(event.at - first.at)} from the first cause to this`, 'dim'))]
        : [],
  };
}
