import fc from 'fast-check';
import type { Fault } from '../lab/fault.ts';
import type { Lab } from '../lab/lab.ts';

/** Cables, nodes and speakers that fail: each kind on one of the lab’s links or on one of these nodes. */
export function faultsOn(lab: Lab, nodes: readonly string[]): fc.Arbitrary<Fault>[] {
  const onLink = linkOf(lab);
  const onNode = fc.constantFrom(...nodes);
  const direction = fc.constantFrom('both' as const, 'a-to-b' as const, 'b-to-a' as const);
  return [
    onLink.map(link => ({ kind: 'link-cut' as const, link })),
    fc.record({ kind: fc.constant('silent-loss' as const), link: onLink, direction }),
    onLink.map(link => ({ kind: 'link-flap' as const, link, downMs: 700, upMs: 1300, times: 3 })),
    onNode.map(node => ({ kind: 'node-silent' as const, node })),
    onNode.map(node => ({ kind: 'node-stopped' as const, node })),
    onNode.map(node => ({ kind: 'speaker-killed' as const, node })),
  ];
}

export function linkOf(lab: Lab): fc.Arbitrary<string> {
  return fc.constantFrom(...lab.links.map(({ id }) => id));
}
