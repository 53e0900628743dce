import { isIpv4 } from '../../../../../net/address.ts';
import {
  addressOf,
  comparePrefixes,
  containsAddress,
  hostPrefix,
  isPrefix,
  lengthOf,
  networkOf,
} from '../../../../../net/prefix.ts';
import { type Host, upTime } from './router.ts';

/** `show ip route [kernel|connected|bgp]`: zebra's view of the node's routes, all of them the kernel's. */
export function ipRoutes(router: Host, only?: string): string[] {
  const { node, now, terminal } = router;
  const age = upTime(now - (terminal.context.world.nodeTimes.get(node.name)?.started ?? now));
  const kernel = node.hostRoutes().map(({ prefix, via, device }) => ({
    code: via === undefined ? 'C' : 'K',
    prefix,
    text:
      via === undefined
        ? `${prefix} is directly connected, ${device}, weight 1, ${age}`
        : `${prefix} [0/0] via ${via}, ${device}, weight 1, ${age}`,
  }));
  const local = node
    .interfaces()
    .filter(({ name, address, up }) => name !== 'lo' && address !== undefined && up)
    .map(({ name, address = '' }) => ({
      code: 'L',
      prefix: hostPrefix(addressOf(address)),
      text: `${hostPrefix(addressOf(address))} is directly connected, ${name}, weight 1, ${age}`,
    }));
  const codes: Readonly<Record<string, string>> = { kernel: 'K', connected: 'C', local: 'L', bgp: 'B' };
  const rows = [...kernel, ...local]
    .filter(({ code }) => only === undefined || code === codes[only])
    .sort((a, b) => comparePrefixes(a.prefix, b.prefix));
  if (rows.length === 0) return [];
  return [
    'Codes: K - kernel route, C - connected, L - local, S - static,',
    '       R - RIP, O - OSPF, I - IS-IS, B - BGP, E - EIGRP, N - NHRP,',
    '       T - Table, v - VNC, V - VNC-Direct, A - Babel, F - PBR,',
    '       f - OpenFabric, t - Table-Direct,',
    '       > - selected route, * - FIB route, q - queued, r - rejected, b - backup',
    '       t - trapped, o - offload failure',
    '',
    'IPv4 unicast VRF default:',
    ...rows.map(({ code, text }) => `${code}>* ${text}`),
  ];
}

/** `show ip route 1.1.1.201`. */
export function ipRoute({ node, now, terminal }: Host, wanted: string): string[] {
  if (!isIpv4(wanted) && !isPrefix(wanted)) return [`% Unknown command: show ip route ${wanted}`];
  const [found] = node
    .hostRoutes()
    .filter(({ prefix }) =>
      isPrefix(wanted) ? prefix === networkOf(wanted) : containsAddress(prefix, wanted),
    )
    .sort((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix));
  if (found === undefined) return ['% Network not in table'];
  const age = upTime(now - (terminal.context.world.nodeTimes.get(node.name)?.started ?? now));
  const connected = found.via === undefined;
  return [
    `Routing entry for ${found.prefix}`,
    `  Known via "${connected ? 'connected' : 'kernel'}", distance 0, metric 0, best`,
    `  Last update ${age} ago`,
    connected
      ? `  * directly connected, ${found.device}, weight 1`
      : `  * ${found.via}, via ${found.device}, weight 1`,
    '',
  ];
}

/** `show interface brief`. */
export function interfacesBrief({ node }: Host): string[] {
  return [
    'Interface       Status  VRF             Addresses',
    '---------       ------  ---             ---------',
    ...node
      .interfaces()
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, up, address }) =>
        `${name.padEnd(15)} ${(up ? 'up' : 'down').padEnd(7)} ${'default'.padEnd(15)} ${name === 'lo' ? '' : (address ?? '')}`.trimEnd(),
      ),
    '',
  ];
}
