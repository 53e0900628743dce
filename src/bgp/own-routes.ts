import { sameAttributes } from './attributes.ts';
import { beginCall, finish } from './call.ts';
import { sameNlri } from './evpn.ts';
import type { Outcome } from './outcome.ts';
import { destinationFor, type OwnRoute } from './rib.ts';
import { type Family, type Nlri, nlriKey, type PathAttributes } from './route.ts';
import { markDirty, type SpeakerState } from './state.ts';

/** Adds or replaces own routes. Export policies say where they go; for export they stand before received paths. */
export function originate(
  speaker: SpeakerState,
  family: Family,
  routes: readonly OwnRoute[],
  now: number,
): Outcome {
  const call = beginCall(speaker, now);
  for (const route of routes) {
    const destination = destinationFor(speaker.tables[family], route.nlri);
    if (sameOwn(destination.own, route)) continue;
    destination.own = { ...route, attributes: shared(speaker, route.attributes) };
    markDirty(speaker, destination);
  }
  return finish(speaker, call);
}

/** Takes own routes back. Unknown ones are ignored. */
export function withdraw(speaker: SpeakerState, family: Family, nlri: readonly Nlri[], now: number): Outcome {
  const call = beginCall(speaker, now);
  for (const one of nlri) {
    const destination = speaker.tables[family].byKey.get(nlriKey(one));
    if (destination?.own === undefined) continue;
    destination.own = undefined;
    markDirty(speaker, destination);
  }
  return finish(speaker, call);
}

/** One object for all own routes with the same attributes, so that they travel together. */
function shared(speaker: SpeakerState, attributes: PathAttributes): PathAttributes {
  const text = JSON.stringify(attributes);
  const known = speaker.ownAttributes.get(text);
  if (known !== undefined) return known;
  speaker.ownAttributes.set(text, attributes);
  return attributes;
}

function sameOwn(a: OwnRoute | undefined, b: OwnRoute): boolean {
  return (
    a !== undefined &&
    a.protocol === b.protocol &&
    a.nextHop === b.nextHop &&
    sameNlri(a.nlri, b.nlri) &&
    sameAttributes(a.attributes, b.attributes)
  );
}
