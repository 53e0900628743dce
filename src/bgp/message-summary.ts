import { isEndOfRib, type Message, type Open, type Update } from './message.ts';
import { notificationText } from './notification.ts';
import type { Family, Nlri } from './route.ts';

/** What a message says, on one line; empty where its type says it all. */
export function messageSummary(message: Message): string {
  switch (message.type) {
    case 'open':
      return openText(message);
    case 'update':
      return updateText(message);
    case 'notification':
      return notificationText(message);
    case 'keepalive':
      return '';
    case 'route-refresh':
      return FAMILIES[message.family];
  }
}

const FAMILIES: Readonly<Record<Family, string>> = { 'ipv4-unicast': 'IPv4 unicast', evpn: 'EVPN' };

function openText({ myAutonomousSystem, holdTime, bgpIdentifier, capabilities }: Open): string {
  const families = capabilities.flatMap(one => (one.type === 'multiprotocol' ? [FAMILIES[one.family]] : []));
  return `AS ${myAutonomousSystem}, router id ${bgpIdentifier}, hold time ${holdTime} s, ${families.join(' + ')}`;
}

function updateText(update: Update): string {
  if (isEndOfRib(update)) return `End-of-RIB of ${FAMILIES[update.family]}`;
  const { withdrawn, announced, nextHop, attributes } = update;
  return [
    ...(withdrawn.length > 0 ? [`withdraws ${routesText(withdrawn)}`] : []),
    ...(announced.length > 0
      ? [`${routesText(announced)} via ${nextHop ?? '?'}, AS path ${attributes?.asPath.join(' ') || 'empty'}`]
      : []),
  ].join('; ');
}

const SAID = 2;

function routesText(routes: readonly Nlri[]): string {
  const said = routes.slice(0, SAID).map(nlriText).join(', ');
  return routes.length > SAID ? `${said} and ${routes.length - SAID} more` : said;
}

function nlriText(nlri: Nlri): string {
  if (typeof nlri === 'string') return nlri;
  switch (nlri.routeType) {
    case 2:
      return `type 2 ${nlri.mac}${nlri.ip === undefined ? '' : ` ${nlri.ip}`} vni ${nlri.vni}`;
    case 3:
      return `type 3 ${nlri.originatingRouter} vni ${nlri.vni}`;
    case 5:
      return `type 5 ${nlri.prefix} vni ${nlri.vni}`;
  }
}
