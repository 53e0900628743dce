import type { Asn } from '../net/asn.ts';
import { noActions, type PolicyActions } from './policy.ts';
import type { PathAttributes } from './route.ts';
import type { SpeakerState } from './state.ts';

/** The attributes with a policy's actions applied, except the next hop, which stands beside them. */
export function applyActions(
  state: SpeakerState,
  attributes: PathAttributes,
  actions: PolicyActions,
): PathAttributes {
  if (actions === noActions) return attributes;
  const { localPreference, med, asPathPrepend } = actions;
  if (localPreference === undefined && med === undefined && asPathPrepend === undefined) return attributes;
  return derive(state, attributes, actions, () => ({
    ...attributes,
    ...(localPreference === undefined ? {} : { localPref: localPreference }),
    ...(med === undefined ? {} : { med }),
    ...(asPathPrepend === undefined
      ? {}
      : { asPath: prepended(attributes.asPath, asPathPrepend.asn, asPathPrepend.times) }),
  }));
}

/** What `make` gives, made once for each pair of attributes and reason: equal results stay one object. */
export function derive(
  state: SpeakerState,
  attributes: PathAttributes,
  reason: object | string,
  make: () => PathAttributes,
): PathAttributes {
  let row = state.derived.get(attributes);
  if (row === undefined) {
    row = new Map();
    state.derived.set(attributes, row);
  }
  let made = row.get(reason);
  if (made === undefined) {
    made = make();
    row.set(reason, made);
  }
  return made;
}

export function prepended(asPath: readonly Asn[], asn: Asn, times = 1): readonly Asn[] {
  return [...new Array<Asn>(times).fill(asn), ...asPath];
}

/** Whether two attribute sets say the same. */
export function sameAttributes(a: PathAttributes, b: PathAttributes): boolean {
  if (a === b) return true;
  return (
    a.origin === b.origin &&
    a.med === b.med &&
    a.localPref === b.localPref &&
    a.originatorId === b.originatorId &&
    sameList(a.asPath, b.asPath) &&
    sameList(a.communities, b.communities) &&
    sameList(a.clusterList, b.clusterList) &&
    sameRecords(a.extendedCommunities, b.extendedCommunities)
  );
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, i) => item === b[i]));
}

function sameRecords(a: readonly object[], b: readonly object[]): boolean {
  return a === b || (a.length === b.length && JSON.stringify(a) === JSON.stringify(b));
}
