import type { Ipv4 } from '../../../../net/address.ts';
import { ICMP } from '../../../../net/flow.ts';
import { flowOf, type WalkResult } from '../../device.ts';
import { DEFAULT_TTL } from '../../packet.ts';
import { walk } from '../../walk.ts';
import type { World } from '../../world.ts';
import type { Place } from './place.ts';

/** What one ICMP echo request came to. */
export type Echo =
  | { readonly outcome: 'replied'; readonly from: Ipv4; readonly milliseconds: number; readonly ttl: number }
  /** A router on the way sent an ICMP error. */
  | {
      readonly outcome: 'error';
      readonly from: Ipv4 | undefined;
      readonly at: string;
      readonly because: string;
      readonly expired: boolean;
      readonly milliseconds: number;
    }
  | {
      readonly outcome: 'silence';
      readonly at: string;
      readonly because: string;
      readonly onTheWayBack: boolean;
    }
  | { readonly outcome: 'unroutable'; readonly because: string };

/** Sends an echo request with this TTL and follows the reply. */
export function echo(world: World, from: Place, destination: Ipv4, ttl = DEFAULT_TTL): Echo {
  const source = from.device.sourceAddressTowards(destination, from.instance);
  if (source === undefined) return { outcome: 'unroutable', because: 'Network is unreachable' };
  const there = walk(world, { flow: flowOf(source, destination, ICMP, 0, 0), ttl }, from);
  if (there.outcome === 'dropped') return failed(there);
  const replier = { device: there.device, instance: there.instance ?? from.instance };
  const { sourceAddress, destinationAddress } = there.packet.flow;
  const back = walk(
    world,
    { flow: flowOf(destinationAddress, sourceAddress, ICMP, 0, 0), ttl: DEFAULT_TTL },
    replier,
  );
  if (back.outcome === 'dropped' || back.device !== from.device) {
    return {
      outcome: 'silence',
      at: back.device.name,
      because: back.because ?? 'the reply went astray',
      onTheWayBack: true,
    };
  }
  return {
    outcome: 'replied',
    from: destination,
    milliseconds: there.delay + back.delay,
    ttl: back.packet.ttl,
  };
}

function failed(result: WalkResult): Echo {
  const at = result.device.name;
  const because = result.because ?? 'the packet was dropped';
  const tells =
    result.reason === 'ttl-expired' || result.reason === 'no-route' || result.reason === 'no-neighbor';
  if (!tells) return { outcome: 'silence', at, because, onTheWayBack: false };
  return {
    outcome: 'error',
    from: result.icmpFrom,
    at,
    because,
    expired: result.reason === 'ttl-expired',
    milliseconds: result.delay * 2,
  };
}
