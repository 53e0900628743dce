import type { Ipv4 } from '../net/address.ts';
import {
  announcementOf,
  defaultPrefix,
  type ExportGroup,
  exportGroupFor,
  sameAnnouncement,
} from './export-group.ts';
import type { Call } from './fsm-event.ts';
import { jittered } from './jitter.ts';
import type { Update } from './message.ts';
import { type Announcement, type Destination, destinationFor } from './rib.ts';
import type { Family, Nlri, PathAttributes } from './route.ts';
import { isBehind, type Session } from './session.ts';
import type { SpeakerState } from './state.ts';

/** Puts a session into the export group of a family and notes the difference to what the peer holds. */
export function joinExportGroup(state: SpeakerState, session: Session, family: Family): void {
  const table = state.tables[family];
  if (session.config.sendDefaultRoute && family === 'ipv4-unicast') destinationFor(table, defaultPrefix);
  const group = exportGroupFor(state, session, family);
  group.members.push(session);
  session.families[family].group = group;
  for (const destination of table.byKey.values()) compare(state, session, group, destination);
}

export function leaveExportGroup(state: SpeakerState, session: Session, family: Family): void {
  const { group } = session.families[family];
  if (group === undefined) return;
  session.families[family].group = undefined;
  group.members.splice(group.members.indexOf(session), 1);
  if (group.members.length === 0) state.exportGroups.delete(group.key);
}

/** Works out what every group says about a destination now, and notes who has to hear of it. */
export function exportDestination(state: SpeakerState, destination: Destination): void {
  for (const group of state.exportGroups.values()) {
    if (group.family !== destination.family) continue;
    const former = group.out[destination.index];
    const now = announcementOf(state, group, destination);
    if (now === former) continue;
    group.out[destination.index] = now;
    for (const member of group.members) compare(state, member, group, destination);
  }
}

/** Sends a family once more from the beginning (RFC 2918). */
export function resend(state: SpeakerState, session: Session, family: Family): void {
  const { group, sent } = session.families[family];
  if (group === undefined) return;
  for (const destination of state.tables[family].byKey.values()) {
    if (sent[destination.index] === undefined) continue;
    sent[destination.index] = undefined;
    session.families[family].sentCount--;
    compare(state, session, group, destination);
    // Gone meanwhile: what was marked as not sent still has to be withdrawn.
    if (!session.toAnnounce.has(destination)) session.toWithdraw.add(destination);
  }
  session.toEnd.add(family);
  state.behind.add(session);
}

/**
 * Sends what a session is behind with, as far as its minimum advertisement interval lets it (RFC 4271 section
 * 9.2.1.1, with jitter): the first change at once, further ones together when the interval ends. With rapid withdrawal only
 * announcements wait.
 */
export function flush(state: SpeakerState, session: Session, call: Call): void {
  const due = call.now >= session.advertiseAfter;
  const rapid = state.config.rapidWithdrawal;
  if (!due && (!rapid || session.toWithdraw.size === 0)) return;
  const paced = due && (session.toAnnounce.size > 0 || (!rapid && session.toWithdraw.size > 0));
  if (session.toWithdraw.size > 0) sendWithdrawals(session, call);
  if (due && session.toAnnounce.size > 0) sendAnnouncements(session, call);
  if (due && session.toEnd.size > 0) sendEndOfRib(session, call);
  if (paced) {
    const { minimumAdvertisementInterval: interval } = session.config.timers;
    const who = `${state.config.routerId} ${session.peer}`;
    session.advertiseAfter = call.now + jittered(interval, who, call.now);
  }
  if (!isBehind(session)) state.behind.delete(session);
}

/** Notes whether the peer has to hear of a destination. */
function compare(state: SpeakerState, session: Session, group: ExportGroup, destination: Destination): void {
  const { sent } = session.families[group.family];
  const holds = sent[destination.index];
  const wanted = wantedBy(state, session, group, destination);
  if (session.toAnnounce.size > 0) session.toAnnounce.delete(destination);
  if (session.toWithdraw.size > 0) session.toWithdraw.delete(destination);
  if (sameAnnouncement(holds, wanted)) {
    if (wanted !== undefined) sent[destination.index] = wanted;
    return;
  }
  (wanted === undefined ? session.toWithdraw : session.toAnnounce).add(destination);
  state.behind.add(session);
}

/** Not back to where it came from, and with sender-side loop detection not into an AS that has seen it. */
function wantedBy(
  state: SpeakerState,
  session: Session,
  group: ExportGroup,
  destination: Destination,
): Announcement | undefined {
  const announcement = group.out[destination.index];
  if (announcement === undefined || announcement.learntOver === session) return undefined;
  if (state.config.senderSideLoopDetection && !session.internal) {
    if (announcement.attributes.asPath.includes(session.peerAs)) return undefined;
  }
  return announcement;
}

function sendWithdrawals(session: Session, call: Call): void {
  const withdrawn = new Map<Family, Nlri[]>();
  for (const { family, nlri, index } of session.toWithdraw) {
    const of = session.families[family];
    if (of.sent[index] !== undefined) of.sentCount--;
    of.sent[index] = undefined;
    const list = withdrawn.get(family);
    if (list === undefined) withdrawn.set(family, [nlri]);
    else list.push(nlri);
  }
  session.toWithdraw.clear();
  for (const [family, list] of withdrawn) {
    post(session, { type: 'update', family, withdrawn: list, announced: nothing }, call);
  }
}

const nothing: readonly Nlri[] = [];

type Bundle = Update & { readonly announced: Nlri[] };

/** Routes with equal attributes and next hop travel together. One UPDATE may hold any number of them: cutting to 4096 octets belongs to a wire codec. */
function sendAnnouncements(session: Session, call: Call): void {
  const bundles = new Map<PathAttributes, Bundle[]>();
  for (const { family, index } of session.toAnnounce) {
    const of = session.families[family];
    const announcement = of.group?.out[index];
    if (announcement === undefined) throw new Error(`nothing to announce to ${session.peer}`);
    if (of.sent[index] === undefined) of.sentCount++;
    of.sent[index] = announcement;
    const { attributes, nlri } = announcement;
    const nextHop = announcement.nextHop === 'self' ? selfAddress(session) : announcement.nextHop;
    const alike = bundles.get(attributes);
    const bundle = alike?.find(one => one.nextHop === nextHop && one.family === family);
    if (bundle !== undefined) {
      bundle.announced.push(nlri);
      continue;
    }
    const update: Bundle = {
      type: 'update',
      family,
      withdrawn: nothing,
      announced: [nlri],
      nextHop,
      attributes,
    };
    if (alike === undefined) bundles.set(attributes, [update]);
    else alike.push(update);
  }
  session.toAnnounce.clear();
  for (const alike of bundles.values()) for (const update of alike) post(session, update, call);
}

function sendEndOfRib(session: Session, call: Call): void {
  for (const family of session.toEnd) {
    post(session, { type: 'update', family, withdrawn: nothing, announced: nothing }, call);
  }
  session.toEnd.clear();
}

/** What 'self' means as a next hop on this session. */
export function selfAddress(session: Session): Ipv4 {
  if (session.localAddress === undefined)
    throw new Error(`session with ${session.peer} has no local address`);
  return session.localAddress;
}

function post(session: Session, update: Update, call: Call): void {
  const [fsm] = session.fsms;
  if (fsm?.connection === undefined) throw new Error(`session with ${session.peer} has no connection`);
  call.outcome.outbox.push({ connection: fsm.connection, message: update });
  if (fsm.keepaliveTimer !== undefined) fsm.keepaliveTimer = call.now + fsm.keepaliveInterval;
  call.outcome.events.push({ type: 'update-sent', peer: session.peer, update });
}
