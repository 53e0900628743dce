import type { SessionState } from '../../lab/event.ts';
import type { SessionRow } from '../../lab/snapshot.ts';
import type { BgpFamilyName } from '../../lab/switch-config.ts';
import type { Ipv4 } from '../../net/address.ts';
import { membersOf, numberOf, objectOf, type Said, textOf } from './said.ts';

export type SessionContext = {
  readonly node: string;
  /** A worker's speaker has no network-instance: "". */
  readonly isSwitch: boolean;
  readonly at: number;
  /** The group a configured neighbour is in, from the switch's own configuration. */
  readonly groupOf: (instance: string, peer: Ipv4) => string | undefined;
  readonly ownerOf: (address: Ipv4) => string | undefined;
  readonly sinceOf: (instance: string, peer: Ipv4) => number | undefined;
};

/** `show bgp vrf all neighbors json` as rows. */
export function sessionRows(said: unknown, context: SessionContext): SessionRow[] {
  const rows: SessionRow[] = [];
  for (const [vrf, neighbors] of membersOf(said)) {
    const instance = context.isSwitch ? vrf : '';
    for (const [peer, neighbor] of membersOf(neighbors)) {
      if (!/^[\d.]+$/.test(peer)) continue;
      rows.push(rowOf(context, instance, peer, neighbor));
    }
  }
  return rows;
}

function rowOf(context: SessionContext, instance: string, peer: Ipv4, said: Said): SessionRow {
  const state = stateOf(textOf(said['bgpState']));
  const dynamic = said['dynamicPeer'] === true || said['peerSubnetRangeGroup'] !== undefined;
  const group = context.groupOf(instance, peer) ?? textOf(said['peerGroup']);
  const peerNode = context.ownerOf(peer);
  const localAddress = textOf(said['hostLocal']);
  const lastError = textOf(said['lastResetDueTo']);
  const opened = state === 'established' || state === 'openconfirm';
  const holdTime = opened ? numberOf(said['bgpTimerHoldTimeMsecs']) : undefined;
  const keepalive = opened ? numberOf(said['bgpTimerKeepAliveIntervalMsecs']) : undefined;
  const bfd = objectOf(said['peerBfdInfo']);
  const up = numberOf(said['bgpTimerUpMsec']);
  return {
    node: context.node,
    instance,
    peer,
    localAs: numberOf(said['localAs']) ?? 0,
    peerAs: numberOf(said['remoteAs']) ?? 0,
    dynamic,
    state,
    since:
      context.sinceOf(instance, peer) ??
      (state === 'established' && up !== undefined ? context.at - up : context.at),
    families: familiesOf(said),
    bfd: bfd['status'] === undefined ? 'off' : textOf(bfd['status'])?.toLowerCase() === 'up' ? 'up' : 'down',
    ...(peerNode === undefined ? {} : { peerNode }),
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(group === undefined ? {} : { group }),
    ...(holdTime === undefined ? {} : { holdTime }),
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(lastError === undefined || state === 'established' ? {} : { lastError }),
  };
}

const families: Readonly<Record<string, BgpFamilyName>> = { ipv4Unicast: 'ipv4-unicast', l2VpnEvpn: 'evpn' };

function familiesOf(said: Said): SessionRow['families'] {
  return membersOf(said['addressFamilyInfo']).flatMap(([name, info]) => {
    const family = families[name];
    if (family === undefined) return [];
    // FRR keeps what its policies took; it does not count apart what of that is in use.
    const received = numberOf(info['acceptedPrefixCounter']) ?? 0;
    return [{ name: family, received, active: received, sent: numberOf(info['sentPrefixCounter']) ?? 0 }];
  });
}

/** "OpenSent" → "opensent". What FRR calls Clearing or Deleted is on its way to Idle. */
export function stateOf(text: string | undefined): SessionState {
  const lower = text?.toLowerCase() ?? '';
  return states.find(state => state === lower) ?? 'idle';
}

const states: readonly SessionState[] = [
  'idle',
  'connect',
  'active',
  'opensent',
  'openconfirm',
  'established',
];
