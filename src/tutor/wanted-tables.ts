import { blocksOf } from '../course/lesson.ts';
import { tablesFor } from '../lab/evaluate-probe.ts';
import { tablesForMeasurement } from '../lab/measurement.ts';
import { type TableRef, tableKey } from '../lab/snapshot.ts';
import type { PaneKind } from './layout.ts';
import { comparisonOf, flowsOf, packetsOf, subjectOf } from './pane-subject.ts';
import { audienceTables, stagePanes } from './presenter-panes.ts';
import { currentStep, type TutorState } from './state.ts';

/** The tables that visible panes, overlays and the current step need: nothing else is computed. Each table once. */
export function wantedTables(state: TutorState): TableRef[] {
  if (state.screen.name !== 'lesson' && state.screen.name !== 'presenter') return [];
  const { layout } = state;
  const panes =
    state.screen.name === 'presenter'
      ? stagePanes(state)
      : layout.zoomed && layout.focus !== 'lesson'
        ? [layout.focus]
        : layout.zoomed
          ? []
          : layout.shown;
  const wanted = new Map<string, TableRef>();
  const want = (refs: readonly TableRef[]) => {
    for (const ref of refs) wanted.set(tableKey(ref), ref);
  };
  for (const pane of panes) want(tablesOfPane(state, pane));
  want(tablesOfOverlay(state));
  want(tablesOfStep(state));
  want(audienceTables(state));
  return [...wanted.values()];
}

function tablesOfPane(state: TutorState, pane: PaneKind): TableRef[] {
  const { node, instance } = subjectOf(state, pane);
  switch (pane) {
    case 'sessions': {
      const chosen = state.layout.panes.sessions?.subject?.node;
      const of = chosen === undefined ? {} : { node: chosen };
      return [
        { name: 'sessions', ...of },
        { name: 'bfd', ...of },
      ];
    }
    case 'routes':
      return [
        { name: 'routes', node, instance },
        { name: 'bgp', node, instance },
      ];
    case 'evpn':
      return [{ name: 'evpn', node }];
    case 'forwarding':
      return [{ name: 'forwarding', node, instance }];
    case 'ecmp': {
      const shown = comparisonOf(state) ?? flowsOf(state);
      return [{ name: 'forwarding', node, instance }, ...(shown === undefined ? [] : [shown])];
    }
    case 'packets':
      return [packetsOf(state)];
    default:
      return [];
  }
}

function tablesOfOverlay(state: TutorState): TableRef[] {
  const { overlay } = state;
  if (overlay.name === 'route') {
    const { node, instance } = overlay;
    return [
      { name: 'routes', node, instance },
      { name: 'bgp', node, instance },
      { name: 'evpn', node },
      { name: 'forwarding', node, instance },
    ];
  }
  if (overlay.name === 'packet') return [packetsOf(state)];
  const flows = overlay.name === 'flow' ? flowsOf(state) : undefined;
  return flows === undefined ? [] : [flows];
}

function tablesOfStep(state: TutorState): TableRef[] {
  const step = currentStep(state);
  if (step === undefined) return [];
  return [
    ...blocksOf(step, 'check').flatMap(check => check.items.flatMap(item => tablesFor(item.probe))),
    ...blocksOf(step, 'predict').flatMap(({ answer }) => [
      ...(answer.measurement === undefined ? [] : tablesForMeasurement(answer.measurement)),
      ...(answer.kind === 'choice'
        ? answer.choices.flatMap(({ when }) => (when.type === 'probe' ? tablesFor(when.probe) : []))
        : []),
    ]),
  ];
}
