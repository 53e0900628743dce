import { adjRibOut, type SessionView } from '../../../../../bgp/speaker.ts';
import { stateWord } from '../../../../../lab/state-word.ts';
import { isIpv4 } from '../../../../../net/address.ts';
import { containsAddress, isPrefix, lengthOf } from '../../../../../net/prefix.ts';
import { type Router, ribOf, since, upTime } from './router.ts';

/** `show bgp summary`. */
export function bgpSummary(router: Router): string[] {
  const { process, now } = router;
  const { routerId, autonomousSystem } = process.speakerConfig;
  const routes = ribOf(router);
  const sessions = process.sessions();
  const rows = sessions.map(session => {
    const { sent, received } = process.countsOf(session.peer);
    const [family] = session.families;
    const up = session.state === 'established';
    return [
      session.peer.padEnd(15),
      '4',
      String(session.peerAs).padStart(10),
      String(total(received)).padStart(9),
      String(total(sent)).padStart(9),
      String(up ? routes.length : 0).padStart(8),
      '0'.padStart(4),
      '0'.padStart(4),
      since(up ? session.since : process.countsOf(session.peer).lastReset, now).padStart(8),
      (up ? String(family?.received ?? 0) : stateWord(session.state)).padStart(12),
      String(up ? (family?.sent ?? 0) : 0).padStart(8),
      'N/A',
    ].join(' ');
  });
  return [
    '',
    'IPv4 Unicast Summary:',
    `BGP router identifier ${routerId}, local AS number ${autonomousSystem} VRF default vrf-id 0`,
    `BGP table version ${routes.length}`,
    `RIB entries ${routes.length}, using ${routes.length * 128} bytes of memory`,
    `Peers ${sessions.length}, using ${sessions.length * 23} KiB of memory`,
    '',
    'Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc',
    ...rows,
    '',
    `Total number of neighbors ${sessions.length}`,
  ];
}

/** `show ip bgp`, or one neighbor's `advertised-routes`. */
export function bgpTable(router: Router, neighbor?: string): string[] {
  const { process } = router;
  const { routerId, autonomousSystem } = process.speakerConfig;
  const all = ribOf(router);
  const speaker = process.speaker;
  const told =
    neighbor === undefined || speaker === undefined
      ? undefined
      : new Set(adjRibOut(speaker, neighbor, 'ipv4-unicast').map(({ nlri }) => String(nlri)));
  const rows = all.filter(({ prefix }) => told === undefined || told.has(prefix));
  const prefixes = new Set(rows.map(({ prefix }) => prefix)).size;
  const head = [
    `BGP table version is ${all.length}, local router ID is ${routerId}, vrf id 0`,
    `Default local pref 100, local AS ${autonomousSystem}`,
    'Status codes:  s suppressed, d damped, h history, u unsorted, * valid, > best, = multipath,',
    '               i internal, r RIB-failure, S Stale, R Removed',
    "Nexthop codes: @NNN nexthop's vrf id, < announce-nh-self",
    'Origin codes:  i - IGP, e - EGP, ? - incomplete',
    'RPKI validation codes: V valid, I invalid, N Not found',
    '',
    '     Network          Next Hop            Metric LocPrf Weight Path',
  ];
  if (rows.length === 0 && told === undefined) return ['No BGP prefixes displayed, 0 exist'];
  return [
    ...(rows.length === 0 ? [] : head),
    ...rows.flatMap(({ prefix, path, best }) => {
      const own = path.peer === undefined;
      const values = [
        (own ? '0.0.0.0' : path.nextHop).padEnd(16),
        String(path.med ?? 0).padStart(10),
        String(path.localPreference ?? '').padStart(7),
        String(own ? 32768 : 0).padStart(7),
        ` ${[...path.asPath, 'i'].join(' ')}`,
      ].join('');
      const mark = ` *${best ? '>' : ' '}  `;
      // FRR breaks the line behind a prefix that does not fit its column.
      return prefix.length > 16
        ? [`${mark}${prefix}`, `${' '.repeat(20)}${values}`]
        : [`${mark}${prefix.padEnd(16)} ${values}`];
    }),
    '',
    told === undefined
      ? `Displayed ${prefixes} routes and ${rows.length} total paths`
      : `Total number of prefixes ${rows.length}`,
  ];
}

/** `show bgp ipv4 unicast 10.254.254.240/32`. */
export function bgpEntry(router: Router, wanted: string): string[] {
  const { process } = router;
  if (!isPrefix(wanted) && !isIpv4(wanted)) return [`% Unknown command: show bgp ipv4 unicast ${wanted}`];
  const rows = ribOf(router)
    .filter(({ prefix }) => (isPrefix(wanted) ? prefix === wanted : containsAddress(prefix, wanted)))
    .sort((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix));
  const [first] = rows;
  if (first === undefined) return ['% Network not in table'];
  const paths = rows.filter(({ prefix }) => prefix === first.prefix);
  const { speaker } = process;
  const told = process
    .sessions()
    .map(({ peer }) => peer)
    .filter(
      peer =>
        speaker !== undefined &&
        adjRibOut(speaker, peer, 'ipv4-unicast').some(({ nlri }) => String(nlri) === first.prefix),
    );
  return [
    `BGP routing table entry for ${first.prefix}, version 1`,
    `Paths: (${paths.length} available, best #${paths.findIndex(({ best }) => best) + 1}, table default)`,
    ...(told.length === 0
      ? ['  Not advertised to any peer']
      : ['  Advertised to non peer-group peers:', `  ${told.join(' ')}`]),
    ...paths.flatMap(({ path, best }) => {
      const own = path.peer === undefined;
      return [
        `  ${own ? 'Local' : path.asPath.join(' ')}`,
        `    ${own ? '0.0.0.0 from 0.0.0.0' : `${path.nextHop} from ${path.peer}`} (${own ? process.speakerConfig.routerId : path.peer})`,
        `      Origin IGP, metric ${path.med ?? 0}, ${own ? 'weight 32768, ' : ''}valid, ${own ? 'sourced, local' : 'external'}${best ? ', best (First path received)' : ''}`,
      ];
    }),
  ];
}

/** `show bgp neighbors [A]`: FRR's report, without what the model does not count. */
export function bgpNeighbors(router: Router, peer: string | undefined): string[] {
  const sessions = router.process.sessions().filter(session => peer === undefined || session.peer === peer);
  if (sessions.length === 0) return ['% No such neighbor in this view/vrf'];
  return sessions.flatMap(session => bgpNeighbor(router, session));
}

function bgpNeighbor({ process, terminal, now }: Router, session: SessionView): string[] {
  const { peer, config, state, peerAs } = session;
  const { routerId } = process.speakerConfig;
  const counts = process.countsOf(peer);
  const up = state === 'established';
  const remote = terminal.context.world.nodeOwning(peer);
  const seconds = (milliseconds: number) => Math.round(milliseconds / 1000);
  const message = (label: string, type: keyof typeof counts.sent) =>
    `    ${`${label}:`.padEnd(17)}${String(counts.sent[type]).padStart(8)} ${String(counts.received[type]).padStart(10)}`;
  return [
    `BGP neighbor is ${peer}, remote AS ${peerAs}, local AS ${config.localAs}, ${session.internal ? 'internal' : 'external'} link`,
    '  Local Role: undefined',
    '  Remote Role: undefined',
    ...(up && remote !== undefined ? [`Hostname: ${remote}`] : []),
    `  BGP version 4, remote router ID ${session.bgpIdentifier ?? '0.0.0.0'}, local router ID ${routerId}`,
    `  BGP state = ${stateWord(state)}${up ? `, up for ${upTime(now - session.since)}` : ''}`,
    `  Last read ${since(counts.lastRead, now)}, Last write ${since(counts.lastWrite, now)}`,
    ...(session.holdTime === undefined
      ? []
      : [
          `  Hold time is ${seconds(session.holdTime)} seconds, keepalive interval is ${seconds(session.keepaliveInterval ?? 0)} seconds`,
        ]),
    `  Configured hold time is ${seconds(config.timers.holdTime)} seconds, keepalive interval is ${seconds(config.timers.keepaliveInterval)} seconds`,
    ...(up
      ? [
          '  Neighbor capabilities:',
          '    4 Byte AS: advertised and received',
          '    Route refresh: advertised and received',
          '    Address Family IPv4 Unicast: advertised and received',
        ]
      : []),
    '  Message statistics:',
    '    Inq depth is 0',
    '    Outq depth is 0',
    '                         Sent       Rcvd',
    message('Opens', 'open'),
    message('Notifications', 'notification'),
    message('Updates', 'update'),
    message('Keepalives', 'keepalive'),
    message('Route Refresh', 'route-refresh'),
    `    ${'Total:'.padEnd(17)}${String(total(counts.sent)).padStart(8)} ${String(total(counts.received)).padStart(10)}`,
    '',
    `  Minimum time between advertisement runs is ${seconds(config.timers.minimumAdvertisementInterval)} seconds`,
    '',
    ' For address family: IPv4 Unicast',
    '  Inbound path policy configured',
    '  Outbound path policy configured',
    `  Route map for incoming advertisements is *${config.importPolicies[0] ?? ''}`,
    `  Route map for outgoing advertisements is *${config.exportPolicies[0] ?? ''}`,
    `  ${session.families[0]?.received ?? 0} accepted prefixes`,
    '',
    `  Connections established ${counts.established}; dropped ${counts.dropped}`,
    counts.lastReset === undefined
      ? '  Last reset never'
      : `  Last reset ${upTime(now - counts.lastReset)},  ${session.lastError ?? 'unknown reason'}`,
    ...(config.ttl > 1 ? [`  External BGP neighbor may be up to ${config.ttl} hops away.`] : []),
    ...(up && session.localAddress !== undefined
      ? [
          `Local host: ${session.localAddress}`,
          `Foreign host: ${peer}, Foreign port: 179`,
          `Nexthop: ${session.localAddress}`,
        ]
      : []),
    `BGP Connect Retry Timer in Seconds: ${seconds(config.timers.connectRetry)}`,
    '',
  ];
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
}
