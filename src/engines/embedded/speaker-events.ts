import type { SpeakerEvent } from '../../bgp/outcome.ts';
import { type Nlri, nlriKey } from '../../bgp/route.ts';
import type { World } from './world.ts';

/** Reports what a speaker says happened; returns the event's id. */
export function reportSpeakerEvent(
  world: World,
  { node, instance }: { readonly node: string; readonly instance: string },
  event: SpeakerEvent,
): number {
  const { peer } = event;
  switch (event.type) {
    case 'session-changed':
      return world.emit({
        node,
        instance,
        peer,
        type: event.type,
        from: event.from,
        to: event.to,
        because: event.because,
      });
    case 'notification-sent':
    case 'notification-received':
      return world.emit({
        node,
        instance,
        peer,
        type: event.type,
        code: event.code,
        subcode: event.subcode,
        text: event.text,
      });
    case 'update-sent':
    case 'update-received': {
      if (!world.events.wanted) return world.events.skip();
      const { family, announced, withdrawn } = event.update;
      return world.emit({
        node,
        instance,
        peer,
        type: event.type,
        family,
        announced: firstKeys(announced),
        withdrawn: firstKeys(withdrawn),
        announcedCount: announced.length,
        withdrawnCount: withdrawn.length,
      });
    }
  }
}

/** So many routes of an update are named in its event; the rest are counted. */
const NAMED = 8;
const none: readonly string[] = [];

function firstKeys(routes: readonly Nlri[]): readonly string[] {
  if (routes.length === 0) return none;
  const keys: string[] = [];
  for (let index = 0; index < routes.length && index < NAMED; index++)
    keys.push(nlriKey(routes[index] as Nlri));
  return keys;
}

/** Whether trying again is no use: OPEN errors (RFC 4271 section 6.2) and what an operator must undo (RFC 4486: shutdown, de-configured, rejected). */
export function isFinalRefusal(event: SpeakerEvent): boolean {
  if (event.type !== 'notification-sent' && event.type !== 'notification-received') return false;
  return event.code === 2 || (event.code === 6 && [2, 3, 5].includes(event.subcode));
}
