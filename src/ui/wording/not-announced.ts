import type { NotAnnouncedReason } from '../../lab/event.ts';

const texts: Record<NotAnnouncedReason | 'serviceGone' | 'speakerGone', string> = {
  notOwner: 'another node is responsible (layer 2)',
  noMatchingAdvertisement: 'no BGPAdvertisement selects this pool and node',
  conflictingAdvertisements: 'BGPAdvertisements contradict each other',
  nodeNetworkUnavailable: 'the node’s network is unavailable',
  nodeLabeledExcludeBalancers: 'a label takes the node out',
  noLocalEndpoints: 'Local, and no ready pod runs on this node',
  noEndpoints: 'the service has no ready pod',
  noIPAllocated: 'the service has no address yet',
  serviceGone: 'the service is gone',
  speakerGone: 'the speaker is gone',
};

/** Why MetalLB does not announce a service from a node, in a learner's words. */
export function notAnnouncedText(reason: keyof typeof texts): string {
  return texts[reason];
}
