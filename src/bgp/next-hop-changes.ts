import type { Ipv4 } from '../net/address.ts';
import { beginCall, finish } from './call.ts';
import { rejudgeNextHop } from './import.ts';
import { refreshNextHop } from './next-hop.ts';
import type { Outcome } from './outcome.ts';
import { families } from './route.ts';
import type { SpeakerState } from './state.ts';

/** The route table changed for these next hops (or for all): looks them up again and judges their paths. */
export function nextHopsChanged(
  speaker: SpeakerState,
  nextHops: readonly Ipv4[] | 'all',
  now: number,
): Outcome {
  const call = beginCall(speaker, now);
  for (const family of families) {
    const known = speaker.nextHops.byAddress[family];
    for (const address of nextHops === 'all' ? [...known.keys()] : nextHops) {
      const nextHop = known.get(address);
      if (nextHop === undefined) continue;
      if (nextHop.paths.length === 0) known.delete(address);
      else if (refreshNextHop(speaker.nextHops, nextHop)) {
        for (const path of [...nextHop.paths]) rejudgeNextHop(speaker, path);
      }
    }
  }
  return finish(speaker, call);
}

/** Every next hop that some received path has. */
export function trackedNextHops(speaker: SpeakerState): Ipv4[] {
  const addresses = new Set<Ipv4>();
  for (const family of families) {
    for (const { address, paths } of speaker.nextHops.byAddress[family].values()) {
      if (paths.length > 0) addresses.add(address);
    }
  }
  return [...addresses];
}
