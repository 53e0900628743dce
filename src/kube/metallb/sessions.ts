import type { Ipv4 } from '../../net/address.ts';
import type { Asn } from '../../net/asn.ts';
import type { Node } from '../objects.ts';
import { selectorMatches } from '../selector.ts';
import type { Advertisement } from './announce.ts';
import type { BfdParameters, MetallbConfig } from './config.ts';

/**
 * How a speaker implements BGP. `native` is MetalLB's own (no BFD, the kernel's TTL); `frr` runs FRR in the speaker's
 * pod; `frr-k8s` leaves it to a daemon of its own.
 */
export type BgpMode = 'native' | 'frr' | 'frr-k8s';

/** One session of a node, as its BGP implementation is configured. Times in milliseconds. */
export type SessionParameters = {
  /** Name of the BGPPeer. */
  readonly peer: string;
  readonly peerAddress: Ipv4;
  readonly peerPort: number;
  readonly sourceAddress: Ipv4 | undefined;
  readonly localAsn: Asn;
  /** 'external': whatever differs from ours. */
  readonly peerAsn: Asn | 'internal' | 'external';
  readonly routerId: Ipv4 | undefined;
  readonly holdTime: number;
  readonly keepaliveTime: number;
  readonly connectRetry: number;
  /** TTL of the packets sent. */
  readonly ttl: number;
  readonly bfd: (BfdParameters & { readonly multihop: boolean }) | undefined;
  readonly advertisements: readonly Advertisement[];
};

/** The sessions that a node's speaker keeps, with what it announces on each. */
export function sessionsOf(
  config: MetallbConfig,
  mode: BgpMode,
  node: Node,
  advertisements: readonly Advertisement[],
): SessionParameters[] {
  return config.peers
    .filter(
      peer =>
        peer.nodeSelectors.length === 0 ||
        peer.nodeSelectors.some(selector => selectorMatches(selector, node.metadata.labels)),
    )
    .map(peer => {
      const external = peer.dynamicAsn === 'external' || (peer.peerAsn ?? peer.myAsn) !== peer.myAsn;
      return {
        peer: peer.name,
        peerAddress: peer.address,
        peerPort: peer.port,
        sourceAddress: peer.sourceAddress,
        localAsn: peer.myAsn,
        peerAsn: peer.peerAsn ?? peer.dynamicAsn ?? 'external',
        routerId: peer.routerId,
        // FRR's defaults (`frr defaults traditional`) where the BGPPeer says nothing; native mode: 90 s.
        holdTime: peer.holdTime ?? (mode === 'native' ? 90_000 : 180_000),
        keepaliveTime: peer.keepaliveTime ?? (mode === 'native' ? 30_000 : 60_000),
        connectRetry: peer.connectTime ?? (mode === 'native' ? 10_000 : 120_000),
        ttl: ttlOf(mode, external, peer.ebgpMultiHop),
        bfd:
          peer.bfd === undefined || mode === 'native'
            ? undefined
            : { ...peer.bfd, multihop: peer.ebgpMultiHop || !external },
        advertisements: advertisements.filter(
          each => each.peers.length === 0 || each.peers.includes(peer.name),
        ),
      };
    });
}

/** FRR sends eBGP with TTL 1 unless ebgp-multihop is set (then 255, as for iBGP); native mode leaves it to the kernel. */
function ttlOf(mode: BgpMode, external: boolean, multihop: boolean): number {
  if (mode === 'native') return 64;
  return external && !multihop ? 1 : 255;
}
