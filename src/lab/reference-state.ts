import type { Lab } from './lab.ts';
import { switchesOf } from './lab.ts';
import type {
  BgpPath,
  EvpnRow,
  ForwardingRow,
  RouteRow,
  SessionRow,
  Snapshot,
  TableRef,
  TableRows,
} from './snapshot.ts';

/** The tables that say whether a lab is back where it was: sessions, routes, EVPN and forwarding of every switch. */
export function referenceTables(lab: Lab): TableRef[] {
  const perSwitch = switchesOf(lab).flatMap((node): TableRef[] => [
    { name: 'evpn', node: node.name },
    ...node.config.networkInstances
      .filter(instance => instance.type !== 'mac-vrf')
      .flatMap((instance): TableRef[] => [
        { name: 'routes', node: node.name, instance: instance.name },
        { name: 'forwarding', node: node.name, instance: instance.name },
      ]),
  ]);
  return [{ name: 'sessions' }, { name: 'bfd' }, ...perSwitch];
}

/** What differs from the reference, one sentence each; times, counters and traffic do not count. Empty: the same. */
export function differencesFrom(reference: Snapshot, now: Snapshot): string[] {
  const before = factsOf(reference);
  const after = factsOf(now);
  return [
    ...[...before].filter(fact => !after.has(fact)).map(fact => `missing: ${fact}`),
    ...[...after].filter(fact => !before.has(fact)).map(fact => `new: ${fact}`),
  ];
}

/** A snapshot as a set of lines in which nothing depends on when something happened. */
function factsOf(snapshot: Snapshot): Set<string> {
  const facts = [
    ...snapshot.nodes.map(node => `${node.name} is ${node.state}`),
    ...snapshot.links.map(link => `link ${link.id} is ${link.state}`),
    ...snapshot.faults.map(fault => `broken: ${fault.id}`),
    ...snapshot.clusters.flatMap(cluster => [
      ...cluster.nodes.map(node => `${node.name} is ${node.ready ? 'Ready' : 'NotReady'}`),
      ...cluster.services.map(
        service =>
          `service ${service.name} ${service.externalIp ?? '<pending>'} with ${service.endpoints.filter(endpoint => endpoint.ready).length} ready endpoints`,
      ),
      ...cluster.announcements.map(
        row =>
          `${row.service} ${row.announced ? 'announced' : `not announced (${row.reason})`} from ${row.node}`,
      ),
    ]),
  ];
  for (const [key, rows] of snapshot.tables) facts.push(...tableFacts(key, rows));
  return new Set(facts);
}

function tableFacts(key: string, rows: TableRows[TableRef['name']]): string[] {
  const name = key.split(' ', 1)[0];
  switch (name) {
    case 'sessions':
      return (rows as readonly SessionRow[]).map(
        row => `${row.node} (${row.instance}) session to ${row.peer} AS ${row.peerAs} ${row.state}`,
      );
    case 'bfd':
      return (rows as TableRows['bfd']).map(
        row => `${row.node} (${row.instance}) BFD to ${row.peer} ${row.state}`,
      );
    case 'routes':
      return (rows as readonly RouteRow[]).map(
        row =>
          `${key}: ${row.prefix} ${row.owner} ${row.active ? 'active' : 'inactive'} ${nextHopsText(row)}`,
      );
    case 'forwarding':
      return (rows as readonly ForwardingRow[]).map(
        row => `${key}: ${row.prefix} to ${row.members.map(member => member.label).join(', ')}`,
      );
    case 'evpn':
      return (rows as readonly EvpnRow[]).map(
        row =>
          `${key}: type ${row.routeType} ${row.routeDistinguisher} ${row.prefix ?? row.mac ?? ''} ${row.address ?? ''} ${pathText(row.path)}${row.used ? ' used' : ''}`,
      );
    default:
      return [];
  }
}

function nextHopsText(row: RouteRow): string {
  return row.nextHops
    .map(hop => hop.address ?? hop.interface ?? hop.type)
    .sort()
    .join(', ');
}

function pathText(path: BgpPath): string {
  return `from ${path.peer ?? 'itself'} via ${path.nextHop} path ${path.asPath.join(' ')}`;
}
