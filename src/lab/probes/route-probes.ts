import type { Probe, ProbeName, Verdict } from '../probe.ts';
import { type EvpnRow, rowsOf, type Snapshot } from '../snapshot.ts';
import { counted, listed, sameSet, untold, verdict } from './verdict.ts';

type Of<N extends ProbeName> = Probe & { readonly probe: N };

export function nextHops(probe: Of<'rib.nexthops'>, snapshot: Snapshot): Verdict {
  const rows = rowsOf(snapshot, { name: 'routes', node: probe.node, instance: probe.instance });
  const wanted = probe.nextHops;
  const amount =
    wanted === undefined ? counted(probe.count ?? 1, 'next hop') : `next hops ${wanted.join(', ')}`;
  const expected = `${probe.node} (${probe.instance}) has ${amount} to ${probe.prefix}`;
  const expectedAbsent = `${probe.node} (${probe.instance}) does not have ${amount} to ${probe.prefix}`;
  if (rows === undefined) return untold(probe, expected, expectedAbsent);
  const hops = rows.find(row => row.active && row.prefix === probe.prefix)?.nextHops ?? [];
  const labels = hops.map(hop => hop.address ?? hop.interface ?? hop.type);
  const holds =
    wanted === undefined
      ? hops.length === (probe.count ?? 1)
      : sameSet(hops, wanted, (hop, name) => hop.address === name || hop.node === name);
  const observed =
    hops.length === 0 ? 'no route' : `${counted(hops.length, 'next hop')}: ${labels.join(', ')}`;
  return verdict(probe, holds, expected, expectedAbsent, observed);
}

export function route(probe: Of<'rib.route'>, snapshot: Snapshot): Verdict {
  const rows = rowsOf(snapshot, { name: 'routes', node: probe.node, instance: probe.instance });
  const by = probe.owner === undefined ? '' : ` by ${probe.owner}`;
  const expected = `${probe.node} (${probe.instance}) has a route to ${probe.prefix}${by}`;
  const expectedAbsent = `${probe.node} (${probe.instance}) has no route to ${probe.prefix}${by}`;
  if (rows === undefined) return untold(probe, expected, expectedAbsent);
  const found = rows.find(row => row.active && row.prefix === probe.prefix);
  const holds = found !== undefined && (probe.owner === undefined || found.owner === probe.owner);
  return verdict(
    probe,
    holds,
    expected,
    expectedAbsent,
    found === undefined ? 'no route' : `a ${found.owner} route`,
  );
}

export function evpnRoute(probe: Of<'evpn.route'>, snapshot: Snapshot): Verdict {
  const rows = rowsOf(snapshot, { name: 'evpn', node: probe.node });
  const subject = [`type ${probe.type}`, probe.prefix, probe.mac, probe.address]
    .filter(part => part !== undefined)
    .join(' ');
  const from = probe.count === undefined ? '' : ` from ${counted(probe.count, 'originator')}`;
  const expected = `${probe.node} has an EVPN ${subject} route${from}`;
  const expectedAbsent = `${probe.node} has no EVPN ${subject} route${from}`;
  if (rows === undefined) return untold(probe, expected, expectedAbsent);
  const origins = new Set(
    rows.filter(row => row.valid && matchesEvpn(row, probe)).map(row => row.path.nextHop),
  );
  const holds = probe.count === undefined ? origins.size > 0 : origins.size === probe.count;
  return verdict(probe, holds, expected, expectedAbsent, listed([...origins], 'none', 'from '));
}

function matchesEvpn(row: EvpnRow, probe: Of<'evpn.route'>): boolean {
  return (
    row.routeType === probe.type &&
    (probe.prefix === undefined || row.prefix === probe.prefix) &&
    (probe.address === undefined || row.address === probe.address) &&
    (probe.mac === undefined || row.mac === probe.mac) &&
    (probe.vni === undefined || row.vni === probe.vni)
  );
}

export function ecmpGroup(probe: Of<'fib.ecmp'>, snapshot: Snapshot): Verdict {
  const rows = rowsOf(snapshot, { name: 'forwarding', node: probe.node, instance: probe.instance });
  const wanted = probe.members;
  const amount = wanted === undefined ? counted(probe.count ?? 1, 'member') : `members ${wanted.join(', ')}`;
  const how = probe.algorithm === undefined ? '' : ` by ${probe.algorithm}`;
  const expected = `${probe.node} (${probe.instance}) forwards ${probe.prefix} to ${amount}${how}`;
  const expectedAbsent = `${probe.node} (${probe.instance}) does not forward ${probe.prefix} to ${amount}${how}`;
  if (rows === undefined) return untold(probe, expected, expectedAbsent);
  const group = rows.find(row => row.prefix === probe.prefix);
  const members = group?.members ?? [];
  const right =
    wanted === undefined
      ? members.length === (probe.count ?? 1)
      : sameSet(members, wanted, (member, name) => member.label === name || member.node === name);
  const holds = right && (probe.algorithm === undefined || group?.algorithm === probe.algorithm);
  const labels = members.map(member => member.label).join(', ');
  const observed =
    group === undefined
      ? 'not forwarded'
      : `${counted(members.length, 'member')}: ${labels}, ${group.algorithm}`;
  return verdict(probe, holds, expected, expectedAbsent, observed);
}

export function macKnown(probe: Of<'mac.known'>, snapshot: Snapshot): Verdict {
  const rows = rowsOf(snapshot, { name: 'macs', node: probe.node, instance: probe.instance });
  const expected = `${probe.node} (${probe.instance}) knows the MAC address of ${probe.address}`;
  const expectedAbsent = `${probe.node} (${probe.instance}) knows no MAC address of ${probe.address}`;
  if (rows === undefined) return untold(probe, expected, expectedAbsent);
  const found = rows.find(row => row.address === probe.address);
  const observed = found === undefined ? 'not known' : `${found.mac} at ${found.destination}`;
  return verdict(probe, found !== undefined, expected, expectedAbsent, observed);
}
