import type { Fault } from '../lab/fault.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * A fault as lessons and the palette write it: "link-cut LEAF-DC-1 SPINE-DC-1", "silent-loss LEAF-DC-1 SPINE-DC-1 a-to-b",
 * "link-flap A B down 200ms up 1s times 3", "node-stopped LEAF-DC-1", "node-silent …", "speaker-killed datacenter-worker",
 * "pod-killed datacenter/default/hello-1". A link is two nodes, or its two ends ("LEAF-DC-1:e1-1") where nodes have several.
 */
export function parseFault(_text: string, _vocabulary: Vocabulary): { fault: Fault } | { problem: string } {
  throw new Error('not yet');
}
