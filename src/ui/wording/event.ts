import type { LabEvent } from '../../lab/event.ts';
import type { Ipv4 } from '../../net/address.ts';
import { flowText } from '../../net/flow.ts';
import type { Look } from '../cells/line.ts';
import type { NameAddress } from './address-owner.ts';
import { amountText, durationText } from './amount.ts';
import { faultActionText, healedText } from './fault.ts';
import { linkText, portText } from './names.ts';
import { notAnnouncedText } from './not-announced.ts';
import { routeText } from './route.ts';
import { ruleText } from './rule.ts';
import { sessionStateText } from './session-state.ts';

/** An event as a sentence without its subject: `who` stands in a column of its own. */
export type EventWording = {
  /** Node the fact is about; empty for the lab as a whole. */
  readonly who: string;
  readonly what: string;
  /** One character that says the kind without colour. */
  readonly symbol: string;
  readonly look: Look;
};

export function eventWording(event: LabEvent, name: NameAddress): EventWording {
  const say = (who: string, what: string, symbol: string, look: Look): EventWording => ({
    who,
    what,
    symbol,
    look,
  });
  switch (event.type) {
    case 'fault-injected':
      return say('', `you broke it: ${faultActionText(event.fault)}`, '✘', 'accent');
    case 'fault-healed':
      return say('', `you healed it: ${healedText(event.fault)}`, '✚', 'accent');
    case 'command-run':
      return say('', `$ ${event.commandLine}`, '▸', 'accent');
    case 'traffic-started':
      return say('', `clients start asking, ${event.ratePerClient} requests/s each`, '▸', 'accent');
    case 'traffic-stopped':
      return say('', 'clients stop asking', '▸', 'accent');
    case 'config-changed':
      return say(
        event.node,
        `configuration changed: ${event.lines.slice(0, 2).join('; ')}${
          event.lines.length > 2 ? ` and ${amountText(event.lines.length - 2, 'more line')}` : ''
        }`,
        '~',
        'changed',
      );
    case 'stage-started':
      return say('', `stage ${event.stage} starts`, '▸', 'pending');
    case 'stage-finished':
      return say('', `stage ${event.stage} is built`, '✔', 'up');
    case 'stage-failed':
      return say('', `stage ${event.stage} failed: ${event.because.split('\n')[0]}`, '✘', 'down');
    case 'task-started':
      return say('', `${event.task} starts`, '▸', 'dim');
    case 'task-finished':
      return say('', `${event.task} is done`, '✔', 'dim');
    case 'node-started':
      return say(event.node, 'is running', '✔', 'up');
    case 'node-stopped':
      return say(event.node, 'stopped', '✘', 'down');
    case 'link-went-down':
      return say('', `link ${linkText(event.link)} went down`, '✘', 'down');
    case 'link-came-up':
      return say('', `link ${linkText(event.link)} came up`, '✔', 'up');
    case 'port-went-down':
      return say(event.node, `${portText(event.port)} has no carrier`, '✘', 'down');
    case 'port-came-up':
      return say(event.node, `${portText(event.port)} has carrier`, '✔', 'up');
    case 'bfd-came-up':
      return say(event.node, `BFD to ${name(event.peer)} is up`, '✔', 'up');
    case 'bfd-went-down':
      return say(event.node, `BFD to ${name(event.peer)} is down: ${bfdText(event.diagnostic)}`, '✘', 'down');
    case 'session-changed': {
      const session = `BGP to ${peerText(event.peer, name)}`;
      if (event.to === 'established') return say(event.node, `${session} is up`, '✔', 'up');
      if (event.from === 'established')
        return say(event.node, `${session} is lost: ${event.because}`, '✘', 'down');
      const what = `${session} ${sessionStateText(event.to)}`;
      return say(event.node, event.because === '' ? what : `${what}: ${event.because}`, '…', 'dim');
    }
    case 'notification-sent':
      return say(event.node, `tells ${name(event.peer)} NOTIFICATION ${notification(event)}`, '!', 'pending');
    case 'notification-received':
      return say(
        event.node,
        `hears from ${name(event.peer)} NOTIFICATION ${notification(event)}`,
        '!',
        'pending',
      );
    case 'update-sent':
      return say(event.node, `tells ${name(event.peer)} ${updateText(event, name)}`, '→', 'dim');
    case 'update-received':
      return say(event.node, `hears from ${name(event.peer)} ${updateText(event, name)}`, '←', 'dim');
    case 'route-chosen': {
      const where = event.instance === 'default' ? '' : ` in ${event.instance}`;
      const via = event.nextHops.length === 0 ? 'itself' : event.nextHops.map(name).join(' and ');
      const before = event.previously.map(name).join(' and ');
      const change = `${event.prefix}${where} ${
        before === ''
          ? `via ${via}`
          : before === via
            ? `still via ${via}`
            : `now via ${via}, before ${before}`
      }`;
      const rule = event.decidedBy === undefined ? '' : ` (${ruleText(event.decidedBy)})`;
      return say(event.node, `${change}${rule}`, '+', 'changed');
    }
    case 'route-lost':
      return say(
        event.node,
        `no route to ${event.prefix}${event.instance === 'default' ? '' : ` in ${event.instance}`} any more`,
        '−',
        'down',
      );
    case 'forwarding-changed':
      return say(
        event.node,
        forwardingText(event, name),
        '⇒',
        event.members.length === 0 ? 'down' : 'changed',
      );
    case 'mac-learned':
      return say(
        event.node,
        `learns ${event.mac}${owner(event.address)} via ${portText(event.via)}`,
        '+',
        'dim',
      );
    case 'mac-lost':
      return say(event.node, `forgets ${event.mac}${owner(event.address)}`, '−', 'dim');
    case 'cluster-node-ready':
      return say(event.node, 'is Ready in Kubernetes', '✔', 'up');
    case 'cluster-node-not-ready':
      return say(event.node, 'is NotReady in Kubernetes', '✘', 'down');
    case 'object-applied':
      return say(event.cluster, `${event.kind} ${event.name} applied`, '+', 'plain');
    case 'object-deleted':
      return say(event.cluster, `${event.kind} ${event.name} deleted`, '−', 'plain');
    case 'pod-scheduled':
      return say(event.cluster, `pod ${event.pod} goes to ${event.node ?? 'no node yet'}`, '…', 'dim');
    case 'pod-ready':
      return say(event.cluster, `pod ${event.pod} is ready`, '✔', 'up');
    case 'pod-not-ready':
      return say(event.cluster, `pod ${event.pod} is not ready`, '✘', 'pending');
    case 'pod-gone':
      return say(event.cluster, `pod ${event.pod} is gone`, '−', 'dim');
    case 'service-got-address':
      return say(event.cluster, `${event.service} gets ${event.address} from pool ${event.pool}`, '✔', 'up');
    case 'service-address-refused':
      return say(event.cluster, `${event.service} gets no address: ${event.because}`, '✘', 'down');
    case 'endpoints-changed':
      return say(
        event.cluster,
        `${event.service} has ${amountText(event.ready, 'ready endpoint')}${
          event.nodes.length === 0 ? '' : ` on ${event.nodes.join(', ')}`
        }`,
        '~',
        event.ready === 0 ? 'pending' : 'plain',
      );
    case 'announcement-started':
      return say(event.node, `MetalLB announces ${event.prefix} for ${event.service}`, '▲', 'up');
    case 'announcement-stopped':
      return say(
        event.node,
        `MetalLB no longer announces ${event.prefix}: ${notAnnouncedText(event.reason)}`,
        '▽',
        'down',
      );
    case 'request-lost':
      return say(event.lostAt, `a request of ${event.client} is lost: ${event.because}`, '✘', 'down');
    case 'request-reset':
      return say(event.by, `resets a connection of ${event.client}: ${event.because}`, '✘', 'down');
    case 'requests-recovered': {
      const counts = [
        ...(event.lost > 0 ? [`${event.lost} lost`] : []),
        ...(event.reset > 0 ? [`${event.reset} reset`] : []),
      ].join(', ');
      return say('', `requests are answered again after ${durationText(event.gapMs)} (${counts})`, '✔', 'up');
    }
    case 'did-not-settle':
      return say('', `the lab is still busy after ${durationText(event.after)}`, '!', 'pending');
  }
}

/** The whole fact on one line, for lists that have no column for who. */
export function eventText(event: LabEvent, name: NameAddress): string {
  const { who, what } = eventWording(event, name);
  return who === '' ? what : `${who} ${what}`;
}

/** The 5-tuple a lost or reset request had, where the event is about one. */
export function eventFlowText(event: LabEvent): string | undefined {
  return event.type === 'request-lost' || event.type === 'request-reset' ? flowText(event.flow) : undefined;
}

/** Two switches have one session in the underlay and one in the overlay: the address tells which. */
function peerText(peer: Ipv4, name: NameAddress): string {
  const owner = name(peer);
  return owner === peer ? peer : `${owner} (${peer})`;
}

type Update = LabEvent & { readonly type: 'update-sent' | 'update-received' };

function updateText(event: Update, name: NameAddress): string {
  const parts = [
    ...(event.announcedCount > 0 ? [routesText(event.announced, event.announcedCount, name)] : []),
    ...(event.withdrawnCount > 0
      ? [`withdrawal of ${routesText(event.withdrawn, event.withdrawnCount, name)}`]
      : []),
  ];
  return parts.length === 0 ? 'end of initial routes' : parts.join(' and ');
}

function routesText(texts: readonly string[], count: number, name: NameAddress): string {
  const first = texts[0] === undefined ? undefined : routeText(texts[0], name);
  if (first === undefined) return amountText(count, 'route');
  return count === 1 ? first : `${first} and ${amountText(count - 1, 'more', 'more')}`;
}

function forwardingText(
  event: LabEvent & { readonly type: 'forwarding-changed' },
  name: NameAddress,
): string {
  const before = event.previously.map(member => portText(name(member)));
  const now = event.members.map(member => portText(name(member)));
  if (now.length === 0) return `drops ${event.prefix}: no next hop left`;
  if (before.length === 0) return `forwards ${event.prefix} to ${now.join(' and ')}`;
  return `forwards ${event.prefix} to ${now.join(' and ')}, before ${before.join(' and ')}`;
}

function notification(event: {
  readonly code: number;
  readonly subcode: number;
  readonly text: string;
}): string {
  return `${event.code}/${event.subcode} ${event.text}`;
}

function owner(address: string | undefined): string {
  return address === undefined ? '' : ` (${address})`;
}

function bfdText(diagnostic: string): string {
  return diagnostic.replaceAll('-', ' ');
}
