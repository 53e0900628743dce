import { type Fault, faultId } from '../lab/fault.ts';
import type { Snapshot } from '../lab/snapshot.ts';
import { faultTitle } from './fault-title.ts';
import { type MenuEntry, matching } from './menu.ts';
import type { TutorState } from './state.ts';

/** All faults possible in the lab as it is now, filtered by what is typed into the menu. */
export function breakMenu(state: TutorState): MenuEntry[] {
  const typed = state.overlay.name === 'breaks' ? state.overlay.input.text : '';
  return matching(
    allFaults(state).map(fault => breakEntry(state, fault)),
    typed,
  );
}

/** What can be healed: each active fault, then all of them. */
export function healMenu(state: TutorState): MenuEntry[] {
  const faults = state.view?.faults ?? [];
  const each = faults.map(
    (active): MenuEntry => ({
      key: active.id,
      group: 'Heal',
      label: faultTitle(active.fault),
      message: { type: 'heal-asked', fault: active.id },
    }),
  );
  if (each.length === 0) return [];
  return [
    ...each,
    { key: 'all', group: 'Heal', label: 'Everything', message: { type: 'heal-asked', fault: 'all' } },
  ];
}

/** Every fault that this lab can have: links first, then nodes, speakers and pods. */
export function allFaults({ lab, view }: TutorState): Fault[] {
  const links = lab.links.flatMap((link): Fault[] => [
    { kind: 'link-cut', link: link.id },
    { kind: 'silent-loss', link: link.id, direction: 'both' },
    { kind: 'silent-loss', link: link.id, direction: 'a-to-b' },
    { kind: 'silent-loss', link: link.id, direction: 'b-to-a' },
    { kind: 'link-flap', link: link.id, downMs: 500, upMs: 1500, times: 5 },
  ]);
  const nodes = lab.nodes
    .filter(node => node.kind !== 'container')
    .flatMap((node): Fault[] => [
      { kind: 'node-stopped', node: node.name },
      { kind: 'node-silent', node: node.name },
    ]);
  const speakers = lab.nodes
    .filter(node => node.kind === 'switch' || (node.kind === 'cluster-node' && speaks(view, node.name)))
    .flatMap((node): Fault[] => [
      { kind: 'speaker-killed', node: node.name },
      { kind: 'speaker-terminated', node: node.name },
      { kind: 'speaker-frozen', node: node.name },
    ]);
  const pods = (view?.clusters ?? []).flatMap(cluster =>
    cluster.pods
      .filter(pod => pod.namespace === 'default')
      .map(
        (pod): Fault => ({
          kind: 'pod-killed',
          cluster: cluster.name,
          namespace: pod.namespace,
          pod: pod.name,
        }),
      ),
  );
  return [...links, ...nodes, ...speakers, ...pods];
}

/** A Kubernetes node on which MetalLB's speaker runs. */
function speaks(view: Snapshot | undefined, node: string): boolean {
  const pods = (view?.clusters ?? []).flatMap(cluster => cluster.pods);
  return pods.some(
    pod => pod.node === node && pod.namespace === 'metallb-system' && pod.name.includes('speaker'),
  );
}

function breakEntry(state: TutorState, fault: Fault): MenuEntry {
  const disabledBecause = reasonAgainst(state, fault);
  return {
    key: faultId(fault),
    group: groups[fault.kind],
    label: faultTitle(fault),
    ...(disabledBecause !== undefined && { disabledBecause }),
    message: { type: 'break-asked', fault },
  };
}

const groups: Record<Fault['kind'], string> = {
  'link-cut': 'Links',
  'silent-loss': 'Links',
  'link-flap': 'Links',
  'link-impaired': 'Links',
  'node-stopped': 'Nodes',
  'node-silent': 'Nodes',
  'speaker-killed': 'Speakers',
  'speaker-terminated': 'Speakers',
  'speaker-frozen': 'Speakers',
  'pod-killed': 'Pods',
};

function reasonAgainst({ engine, view }: TutorState, fault: Fault): string | undefined {
  const cannot = engine.absent.get(fault.kind);
  if (cannot !== undefined) return cannot;
  if (view?.faults.some(active => active.id === faultId(fault))) return 'already broken';
  if ('link' in fault) {
    return view?.links.find(link => link.id === fault.link)?.state === 'absent' ? 'not built yet' : undefined;
  }
  if ('node' in fault) {
    const state = view?.nodes.find(node => node.name === fault.node)?.state;
    return state === 'absent' ? 'not built yet' : state === 'stopped' ? 'already stopped' : undefined;
  }
  return undefined;
}
