import { NOT_FOUND } from '../../../../../lab/exit-code.ts';
import { switchesOf } from '../../../../../lab/lab.ts';
import type { BgpProcess } from '../../../bgp-process.ts';
import { LabClusters } from '../../../cluster/lab-clusters.ts';
import type { NodeDevice } from '../../../cluster/node-device.ts';
import type { Command, Terminal } from '../../command.ts';
import { nodeOf } from '../linux-host.ts';
import { bfdPeers } from './bfd.ts';
import { bgpEntry, bgpNeighbors, bgpSummary, bgpTable } from './bgp.ts';
import { interfacesBrief, ipRoute, ipRoutes } from './host.ts';
import type { Host, Router } from './router.ts';
import { runningConfig } from './running-config.ts';
import { matched } from './words.ts';

/** `vtysh -c "show …"` in the FRR that MetalLB's speaker runs on a node. */
export const vtysh: Command = {
  name: 'vtysh',
  summary: 'MetalLB\'s FRR on a node: vtysh -c "show bgp summary"',
  run(words, terminal) {
    const node = nodeOf(terminal);
    const speaker = terminal.context.clusters.speakers().find(one => one.node === node?.name);
    if (node === undefined || (speaker === undefined && !daemonRuns(terminal, node))) {
      const played = switchesOf(terminal.context.lab.lab).find(({ name }) => name === terminal.host);
      terminal.err(
        played === undefined
          ? "vtysh: no FRR here; it runs beside MetalLB's speaker on the worker nodes (stage metallb)"
          : `vtysh: the embedded lab plays its switches as SR Linux: docker exec ${played.containerName} sr_cli "show network-instance default protocols bgp neighbor"`,
      );
      return NOT_FOUND;
    }
    const lines: string[] = [];
    for (let at = 0; at < words.length; at++) {
      if (words[at] !== '-c') {
        terminal.err(`vtysh: "${words[at]}" is not known here; -c "<command>" is, once or more`);
        return 1;
      }
      lines.push((words[++at] ?? '').trim());
    }
    if (lines.length === 0) {
      terminal.out('vtysh waits for what you type at its prompt; here one line takes it all:');
      terminal.out(`  docker exec ${node.name} vtysh -c "show bgp summary"`);
      return 0;
    }
    if (speaker?.process.alive === false) {
      terminal.err('vtysh: failed to connect to bgpd: it is being restarted');
      return 1;
    }
    const now = terminal.context.world.now();
    const host: Host = { terminal, node, now, version: versionOn(terminal, node) };
    return Math.max(...lines.map(line => answer(host, speaker?.process, line)));
  },
};

/** FRR runs on the node, whether MetalLB gave it a session or not. */
function daemonRuns(terminal: Terminal, node: NodeDevice): boolean {
  const { clusters } = terminal.context;
  if (!(clusters instanceof LabClusters)) return false;
  return [...clusters.runs.values()].some(run => run.nodes.has(node.name) && run.speakers.daemonRuns(node));
}

/** "10.4.3" of the image "quay.io/frrouting/frr:10.4.3". */
function versionOn(terminal: Terminal, node: NodeDevice): string {
  const { clusters } = terminal.context;
  const runs = clusters instanceof LabClusters ? [...clusters.runs.values()] : [];
  const found = runs.find(run => run.nodes.has(node.name))?.cluster.metallb.bgpContainer(node.name);
  const image = found?.pod.spec.containers.find(({ name }) => name === found.container)?.image ?? '';
  return /frr:v?([\d.]+)/.exec(image)?.[1] ?? '10.3';
}

type Found = Readonly<Record<string, string>>;
type Show<Of> = readonly [pattern: string, show: (router: Of, found: Found) => readonly string[]];

const BGP = 'show [ip] bgp [ipv4] [unicast]';

/** In the order they are tried: what has fixed words stands before what takes any. */
const BGP_SHOWS: readonly Show<Router>[] = [
  ['show [ip] bgp [vrf] [all|default] [ipv4] [unicast] summary', bgpSummary],
  [`${BGP} neighbors`, router => bgpNeighbors(router, undefined)],
  ['show [ip] bgp ipv4 [unicast] neighbors <peer> advertised-routes', advertised],
  ['show ip bgp neighbors <peer> advertised-routes', advertised],
  [`${BGP} neighbors <peer> advertised-routes`, () => ['% No such neighbor or address family']],
  [`${BGP} neighbors <peer> received-routes`, () => ['% Inbound soft reconfiguration not enabled', '']],
  [`${BGP} neighbors <peer>`, (router, { peer }) => bgpNeighbors(router, peer)],
  ['show bgp', () => ['No BGP prefixes displayed, 0 exist']],
  [BGP, router => bgpTable(router)],
  [`${BGP} <prefix>`, (router, { prefix = '' }) => bgpEntry(router, prefix)],
  ['show bfd peers brief', router => bfdPeers(router, { brief: true })],
  ['show bfd peers', router => bfdPeers(router)],
  ['show bfd peer <peer>', (router, { peer = '' }) => bfdPeers(router, { peer })],
  ['show running-config', runningConfig],
];

const HOST_SHOWS: readonly Show<Host>[] = [
  ['show ip route', host => ipRoutes(host)],
  ['show ip route bgp|connected|kernel|local', (host, found) => ipRoutes(host, Object.keys(found).at(-1))],
  ['show ip route <prefix>', (host, { prefix = '' }) => ipRoute(host, prefix)],
  ['show interface brief', interfacesBrief],
  [
    'show version',
    ({ node, version }) => [`FRRouting ${version} (${node.name}) (modelled by the embedded lab).`],
  ],
];

function advertised(router: Router, { peer = '' }: Readonly<Record<string, string>>): readonly string[] {
  return router.process.sessions().some(session => session.peer === peer)
    ? bgpTable(router, peer)
    : ['% No such neighbor or address family'];
}

function answer(host: Host, process: BgpProcess | undefined, line: string): number {
  const { terminal } = host;
  const asked = find(HOST_SHOWS, line);
  const ofBgp = find(BGP_SHOWS, line);
  if (asked === undefined && ofBgp === undefined) return refuse(terminal, line);
  const lines =
    asked?.show(host, asked.found) ??
    (process === undefined ? ['% BGP instance not found'] : ofBgp?.show({ ...host, process }, ofBgp.found));
  for (const text of lines ?? []) terminal.out(text);
  return 0;
}

function find<Of>(shows: readonly Show<Of>[], line: string) {
  for (const [pattern, show] of shows) {
    const found = matched(pattern, line);
    if (found !== undefined) return { show, found };
  }
  return undefined;
}

function refuse(terminal: Terminal, line: string): number {
  const [verb = ''] = line.split(/\s+/);
  if (
    ['configure', 'clear', 'debug', 'no', 'write', 'copy'].some(
      word => verb.length > 2 && word.startsWith(verb),
    )
  ) {
    terminal.err(
      `% "${line}" is not answered here: MetalLB writes this FRR's configuration; change its BGPPeer, or reset the session on the leaf: sr_cli "tools …"`,
    );
    return 1;
  }
  if (/ json$/.test(line)) {
    terminal.err(`% "${line}": the embedded lab's FRR prints text only`);
    return 1;
  }
  terminal.err(`% Unknown command: ${line}`);
  terminal.err(
    'The embedded lab answers: show bgp summary | neighbors [<peer>] | ipv4 unicast [<prefix>], show bfd peers [brief], show ip route, show interface brief, show running-config, show version',
  );
  return 1;
}
