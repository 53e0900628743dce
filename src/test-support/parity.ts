import { readFileSync } from 'node:fs';
import type { LabEngine } from '../lab/engine.ts';
import { type Lab, switchesOf } from '../lab/lab.ts';
import { type EvpnRow, type ForwardingMember, rowsOf } from '../lab/snapshot.ts';
import type { Asn } from '../net/asn.ts';
import { addressOf, lengthOf } from '../net/prefix.ts';

/** What two labs are compared by: one line a fact, the same wording on both sides. */
export type Facts = ReadonlySet<string>;

export type Difference = { readonly side: 'only FRR' | 'only embedded'; readonly fact: string };

type RecordedNode = {
  readonly sessions: readonly {
    readonly instance: string;
    readonly peer: string;
    readonly established: boolean;
  }[];
  readonly routes: Readonly<
    Record<string, Readonly<Record<string, { readonly protocol: string; readonly via: readonly string[] }>>>
  >;
  readonly evpn: readonly {
    readonly rd: string;
    readonly route: string;
    readonly from: string;
    readonly nextHop: string;
    readonly asPath: string;
    readonly localPreference: number;
  }[];
};

type Recording = { readonly moments: Readonly<Record<string, Readonly<Record<string, RecordedNode>>>> };

const file = new URL('./captured/frr-10.3-rt5.json', import.meta.url);
const recording: Recording = JSON.parse(readFileSync(file, 'utf8'));

/** Facts that FRR stated at a moment of the recording. */
export function recordedFacts(moment: string): Facts {
  const nodes = recording.moments[moment];
  if (nodes === undefined) throw new Error(`nothing was recorded at "${moment}"`);
  const facts = new Set<string>();
  for (const [node, { sessions, routes, evpn }] of Object.entries(nodes)) {
    for (const { instance, peer, established } of sessions)
      facts.add(sessionFact(node, instance, peer, established));
    for (const [instance, table] of Object.entries(routes)) {
      for (const [prefix, { protocol, via }] of Object.entries(table)) {
        facts.add(routeFact(node, instance, prefix, protocol === 'bgp' ? via : ['direct']));
      }
    }
    for (const { rd, route, from, nextHop, asPath, localPreference } of evpn) {
      facts.add(
        evpnFact(node, rd, workerMacs(route), from, nextHop, withoutTenantAs(route, asPath), localPreference),
      );
    }
  }
  return facts;
}

/** The same facts from a running lab on any engine; `forwarding` adds what the data planes use, and what MetalLB announces. */
export async function factsOf(
  engine: LabEngine,
  { forwarding = false }: { readonly forwarding?: boolean } = {},
): Promise<Facts> {
  const places = switchesOf(engine.lab).flatMap(({ name, config }) =>
    config.networkInstances
      .filter(({ type }) => type !== 'mac-vrf')
      .map(instance => ({ node: name, instance: instance.name })),
  );
  const snapshot = await engine.snapshot([
    { name: 'sessions' },
    ...switchesOf(engine.lab).map(({ name }) => ({ name: 'evpn', node: name }) as const),
    ...places.flatMap(place => [
      { name: 'routes', ...place } as const,
      ...(forwarding ? [{ name: 'forwarding', ...place } as const] : []),
    ]),
  ]);
  const facts = new Set<string>();
  for (const { node, instance, peer, state } of rowsOf(snapshot, { name: 'sessions' }) ?? [])
    facts.add(sessionFact(node, instance === '' ? 'default' : instance, peer, state === 'established'));
  for (const place of places) {
    const { node, instance } = place;
    for (const row of rowsOf(snapshot, { name: 'routes', ...place }) ?? []) {
      if (!row.active) continue;
      const learnt = row.owner === 'bgp' || row.owner === 'bgp-evpn';
      const via = learnt ? [...new Set(row.nextHops.map(hop => hop.address ?? ''))].sort() : ['direct'];
      facts.add(routeFact(node, instance, row.prefix, via));
      const used = forwarding && learnt ? (rowsOf(snapshot, { name: 'forwarding', ...place }) ?? []) : [];
      for (const { members } of used.filter(({ prefix }) => prefix === row.prefix))
        facts.add(memberFact(node, instance, row.prefix, members));
    }
  }
  const tenants = tenantAsOf(engine.lab);
  for (const { name } of switchesOf(engine.lab)) {
    for (const row of rowsOf(snapshot, { name: 'evpn', node: name }) ?? [])
      for (const fact of evpnFacts(name, row, runsFrr(engine) ? tenants : none)) facts.add(fact);
  }
  if (forwarding) {
    for (const { name, announcements } of snapshot.clusters)
      for (const { service, node, announced, reason = '' } of announcements)
        facts.add(`${name} ${service} ${announced ? 'announced' : `not announced (${reason})`} by ${node}`);
  }
  return facts;
}

/** The light lab in containers runs it, too. */
function runsFrr({ name }: LabEngine): boolean {
  return name === 'frr' || name === 'containerlab';
}

const none: ReadonlySet<Asn> = new Set();

/** AS numbers of the tenants' BGP processes. */
function tenantAsOf(lab: Lab): ReadonlySet<Asn> {
  return new Set(
    switchesOf(lab).flatMap(({ config }) =>
      config.networkInstances.flatMap(({ type, bgp }) =>
        type === 'ip-vrf' && bgp !== undefined ? [bgp.autonomousSystem] : [],
      ),
    ),
  );
}

function evpnFacts(node: string, row: EvpnRow, tenants: ReadonlySet<Asn>): string[] {
  const { peer, nextHop, asPath, localPreference = 100 } = row.path;
  // FRR forgets what its import policy rejects; SR Linux keeps it, marked.
  if (peer === undefined || row.invalidReason === 'rejected-route') return [];
  const [first = 0] = asPath;
  const path = row.routeType === 5 && tenants.has(first) ? asPath.slice(1) : asPath;
  return [
    evpnFact(node, row.routeDistinguisher, evpnText(row), peer, nextHop, path.join(' '), localPreference),
  ];
}

function memberFact(
  node: string,
  instance: string,
  prefix: string,
  members: readonly ForwardingMember[],
): string {
  const labels = members.map(({ label, nextHop, vtep }) => nextHop ?? vtep ?? label);
  return `${node} forwarding ${instance} ${prefix} over ${[...new Set(labels)].sort().join(' ')}`;
}

/** What stands on one side only. */
export function differences(frr: Facts, embedded: Facts): Difference[] {
  return [
    ...[...frr].filter(fact => !embedded.has(fact)).map(fact => ({ side: 'only FRR' as const, fact })),
    ...[...embedded].filter(fact => !frr.has(fact)).map(fact => ({ side: 'only embedded' as const, fact })),
  ];
}

function sessionFact(node: string, instance: string, peer: string, established: boolean): string {
  return `${node} session ${instance} ${peer} ${established ? 'established' : 'not established'}`;
}

function routeFact(node: string, instance: string, prefix: string, via: readonly string[]): string {
  return `${node} route ${instance} ${prefix} via ${via.join(' ')}`;
}

function evpnFact(
  node: string,
  rd: string,
  route: string,
  from: string,
  nextHop: string,
  path: string,
  preference: number,
): string {
  return `${node} evpn ${rd} ${route} from ${from} next hop ${nextHop} path [${path}] preference ${preference}`;
}

/** FRR's text of an EVPN route, the worker's name for its MAC. */
function evpnText(row: EvpnRow): string {
  if (row.routeType === 3) return `[3]:[0]:[32]:[${row.address ?? ''}]`;
  if (row.routeType === 5)
    return `[5]:[0]:[${lengthOf(row.prefix ?? '0.0.0.0/0')}]:[${addressOf(row.prefix ?? '0.0.0.0/0')}]`;
  const mac =
    row.mac === GATEWAY_MAC
      ? 'gateway'
      : row.routeDistinguisher.startsWith('1.1.1.1:')
        ? 'worker'
        : 'worker2';
  return `[2]:[0]:[48]:[${mac}]${row.address === undefined ? '' : `:[32]:[${row.address}]`}`;
}

const GATEWAY_MAC = '00:00:5e:00:01:01';

/** FRR puts the tenant's AS in front of every type 5 route it makes; SR Linux exports the route as the VRF has it. */
function withoutTenantAs(route: string, asPath: string): string {
  return route.startsWith('[5]') ? asPath.replace(/^(65301|65302|65310) ?/, '') : asPath;
}

function workerMacs(route: string): string {
  return route.replace('02:00:00:00:01:01', 'worker').replace('02:00:00:00:01:02', 'worker2');
}
