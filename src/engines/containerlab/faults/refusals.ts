import { type CommandResult, refused } from '../../../lab/command.ts';
import {
  type ActiveFault,
  type Fault,
  faultId,
  isSpeakerFault,
  type SpeakerFault,
} from '../../../lab/fault.ts';
import type { Lab, LabNode } from '../../../lab/lab.ts';
import { nodeNamed } from '../../../lab/lab.ts';
import {
  noSpeaker,
  noSuchNode,
  noSuchPod,
  notPlugged,
  notRunning,
  notThere,
  speakerIsFrozen,
} from '../../real/fault-refusals.ts';
import type { Watch } from '../watch/watch.ts';
import { kindOf } from './fault-commands.ts';

type Situation = {
  readonly lab: Lab;
  readonly watch: Watch;
  readonly active: ReadonlyMap<string, ActiveFault>;
};

/** Why a fault cannot be inflicted now; undefined when it can. */
export function refusalOf(fault: Fault, situation: Situation): CommandResult | undefined {
  const { lab, watch } = situation;
  switch (fault.kind) {
    case 'link-cut':
    case 'silent-loss':
    case 'link-flap':
    case 'link-impaired': {
      const link = lab.links.find(({ id }) => id === fault.link);
      return link !== undefined && watch.isPlugged(link) ? undefined : notPlugged(lab, fault.link);
    }
    case 'pod-killed': {
      const cluster = watch.clusters.get(fault.cluster);
      const pod = cluster
        ?.state()
        .pods.find(({ namespace, name }) => namespace === fault.namespace && name === fault.pod);
      return pod === undefined ? noSuchPod(fault.namespace, fault.pod) : undefined;
    }
    default: {
      const node = nodeNamed(lab, fault.node);
      if (node === undefined) return noSuchNode(lab, fault.node);
      const state = watch.containers.stateOf(node.name);
      if (state === 'absent') return notThere(fault.node);
      if (state === 'stopped' && fault.kind !== 'node-silent') return notRunning(fault.node);
      return isSpeakerFault(fault) ? refusalOfSpeaker(fault, node, situation) : undefined;
    }
  }
}

function refusalOfSpeaker(
  { kind }: SpeakerFault,
  node: LabNode,
  { watch, active }: Situation,
): CommandResult | undefined {
  if (!watch.speaks(node)) return noSpeaker(node.name);
  if (kind !== 'speaker-killed' && kindOf(node) === 'srlinux')
    return refused(
      `SR Linux looks after its BGP process itself: what it makes of one that gets this signal is not known`,
      'speaker-killed restarts it; the labs embedded and frr know this fault.',
    );
  return active.has(faultId({ kind: 'speaker-frozen', node: node.name }))
    ? speakerIsFrozen(node.name)
    : undefined;
}
