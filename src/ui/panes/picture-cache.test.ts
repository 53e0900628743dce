import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LabEvent } from '../../lab/event.ts';
import type { Fault } from '../../lab/fault.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { smallCourse } from '../../test-support/small-course.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { paneKinds } from '../../tutor/layout.ts';
import type { Message } from '../../tutor/message.ts';
import { emptyProgress } from '../../tutor/progress.ts';
import { firstState, type TutorState } from '../../tutor/state.ts';
import { update } from '../../tutor/update.ts';
import { wantedTables } from '../../tutor/wanted-tables.ts';
import type { Picture } from './picture.ts';
import { PictureCache } from './picture-cache.ts';
import { pictureOfPane } from './picture-of-pane.ts';

const lab = talkLab();
const room = { width: 90, height: 16 };

/** The tutorial on a lesson's screen with every pane shown, on a lab that is built. */
async function started(): Promise<{ run: DrivenLab; state: TutorState }> {
  const run = await new DrivenLab(lab).buildUpTo('clients');
  const first = firstState({
    lab,
    course: smallCourse,
    engine: { name: 'embedded', absent: new Map(), hasClock: true },
    progress: emptyProgress,
  });
  const { state } = update(first, { type: 'lesson-asked', lesson: smallCourse.lessons[0]?.id ?? '' });
  return { run, state: { ...state, layout: { ...state.layout, shown: paneKinds } } };
}

it('never shows an old picture, whatever happens in the lab and on the screen, but for counters while the clock runs', {
  timeout: 60_000,
}, async () => {
  const fault: fc.Arbitrary<Fault> = fc.oneof(
    fc.constantFrom(...lab.links.map(({ id }) => id)).map(link => ({ kind: 'link-cut' as const, link })),
    fc
      .constantFrom('LEAF-DC-1', 'SPINE-DC-2', 'datacenter-worker')
      .map(node => ({ kind: 'node-stopped' as const, node })),
  );
  const onScreen: fc.Arbitrary<Message> = fc.oneof(
    fc.constantFrom(...paneKinds).map(to => ({ type: 'focus-asked' as const, to })),
    fc
      .record({ pane: fc.constantFrom(...paneKinds), filter: fc.constantFrom('', 'leaf', '10.') })
      .map(of => ({ type: 'pane-filtered' as const, ...of })),
    fc.constant({ type: 'shell-asked' as const }),
  );
  const step = fc.record({
    does: fc.option(fc.oneof(fault, fc.constant('heal' as const), onScreen)),
    waits: fc.constantFrom(0, 33, 40, 250, 2_000),
  });
  const run = fc.record({
    steps: fc.array(step, { minLength: 3, maxLength: 10 }),
    stepwise: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(run, async ({ steps, stepwise }) => {
      const { run, state: first } = await started();
      let state: TutorState = stepwise ? { ...first, clock: { mode: 'paused', speed: 1 } } : first;
      const latest: TutorState[] = [];
      let heard = 0;
      const cache = new PictureCache();
      const hear = (message: Message) => {
        state = update(state, message).state;
      };
      for (const { does, waits } of steps) {
        if (does === 'heal') await run.heal();
        else if (does !== null && 'kind' in does) await run.break(does);
        else if (does !== null) hear(does);
        run.advance(waits);
        const events: readonly LabEvent[] = run.events.slice(heard);
        heard = run.events.length;
        if (events.length > 0) hear({ type: 'events-arrived', events });
        hear({ type: 'snapshot-taken', snapshot: await run.snapshot(...wantedTables(state)) });
        latest.push(state);
        const at = state.view?.at ?? 0;
        for (const pane of paneKinds) {
          const picture = cache.of(state, pane, room);
          // Counters of a tenth of a second ago may stand, of a state that is the same in everything that is not counted.
          const counts = pane === 'topology' || pane === 'traffic';
          const allowed = latest.filter(
            each => each === state || (counts && !stepwise && at - (each.view?.at ?? 0) < 100),
          );
          const found = allowed.findLast(each =>
            isDeepStrictEqual(seenOf(pictureOfPane(each, pane, room)), seenOf(picture)),
          );
          expect(found, `${pane} at ${at}`).toBeDefined();
          if (found !== undefined && counts) expect(facts(found, pane)).toEqual(facts(state, pane));
        }
      }
    }),
    { numRuns: 12 },
  );
});

/** A picture with what its rows say when they are asked. */
function seenOf(picture: Picture) {
  return { ...picture, rows: picture.rows.map(({ key, line, says }) => ({ key, line, says })) };
}

/** What of the topology, or of the traffic, is drawn at once. */
function facts({ view, layout }: TutorState, pane: 'topology' | 'traffic') {
  if (pane === 'traffic') return { layout, failed: [view?.traffic.totals.lost, view?.traffic.totals.reset] };
  const { nodes, faults, clusters } = view ?? {};
  return {
    layout,
    nodes,
    faults,
    clusters,
    links: view?.links.map(({ id, state, bgp }) => [id, state, bgp]),
  };
}
