import { INTERRUPTED, NOT_FOUND } from '../../../lab/exit-code.ts';
import { programOf } from '../../../programs/frr.ts';
import type { Place } from '../../../programs/namespaces.ts';
import { isVrf } from '../../real/device-names.ts';
import { srCli } from '../../real/sr-cli.ts';
import { complain } from '../../real/typed-line.ts';
import { netnsOf } from '../network-plan.ts';
import type { CommandContext } from './context.ts';

/** Commands that may run in a node's namespaces. They run with the rights the tree has: none outside of it. */
const allowed = new Set([
  'ip',
  'bridge',
  'ping',
  'traceroute',
  'curl',
  'wget',
  'vtysh',
  'nft',
  'ss',
  'sysctl',
  'tcpdump',
  'cat',
  'ls',
  'sh',
  'bash',
  'hostname',
]);

/** A command on a switch, a Kubernetes node, or a client's pod. */
export async function onHost(
  host: string,
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { running, lab } = context;
  if (running === undefined) return complain(context, 'nothing is built yet', 1);
  const [name = '', ...rest] = words;
  const node = lab.nodes.find(each => each.name === host || `${lab.containerPrefix}${each.name}` === host);
  const client = running.clusters.clients().find(each => each.name === host);
  const place = node === undefined ? undefined : placeOf(context, node.name, rest, name);
  if (node === undefined && client === undefined)
    return complain(
      context,
      `${host}: no such node; nodes: ${lab.nodes.map(each => each.name).join(', ')}`,
      1,
    );
  if (name === 'sr_cli') {
    if (node?.kind !== 'switch')
      return complain(context, 'sr_cli: command not found (this is no switch)', NOT_FOUND);
    const { edits } = running;
    return srCli(node, rest, { ...context, edits, program: argv => onHost(node.name, argv, context) });
  }
  if (!allowed.has(name))
    return complain(
      context,
      `${name}: not answered on a node of this lab; these are: ${[...allowed].join(', ')}`,
      NOT_FOUND,
    );
  const argv = client === undefined ? (place?.argv ?? words) : fromClient(client.address, name, rest);
  const from: Place =
    client === undefined ? (place?.place ?? running.nodes.placeOf(host)) : running.nodes.placeOf(client.node);
  const result = await running.nodes.run(from, argv, {
    timeout: 120_000,
    signal: context.signal,
    onOutput: (stream, text) => context.print({ stream, text }),
  });
  if (result.exitCode !== undefined) return result.exitCode;
  return result.problem === 'interrupted'
    ? INTERRUPTED
    : complain(context, `${name}: ${result.problem ?? 'it did not end'}`, 1);
}

/** `ping -I kube-ipvrf …`, `ip vrf exec kube-ipvrf …` and `ip … vrf kube-ipvrf` look into the tenant: it is a namespace here. */
function placeOf(context: CommandContext, node: string, words: readonly string[], name: string) {
  const { running, lab } = context;
  if (running === undefined) return undefined;
  const found = lab.nodes.find(each => each.name === node);
  const vrfs =
    found?.kind === 'switch' ? found.config.networkInstances.filter(isVrf).map(each => each.name) : [];
  if (name === 'vtysh') return { place: running.nodes.placeOf(node), argv: vtysh(context, words) };
  const vrf = vrfs.find(each => words.includes(each));
  if (vrf === undefined) return { place: running.nodes.placeOf(node), argv: [name, ...words] };
  const plain = words.filter(
    (word, index) =>
      word !== vrf &&
      !(words[index + 1] === vrf && ['-I', 'vrf', '--interface', '-i', 'exec'].includes(word)),
  );
  const argv = name === 'ip' && plain[0] === 'vrf' ? plain.slice(1) : [name, ...plain];
  const { pid, userNamespace } = running.nodes.tree;
  return { place: { tree: pid, userNamespace, netns: netnsOf(node, vrf) }, argv };
}

/** vtysh of the same FRR, on the sockets of that router. */
function vtysh({ running }: CommandContext, words: readonly string[]): string[] {
  const { root } = running?.nodes.frr ?? { root: '' };
  return [
    ...programOf({ root }, `${root}/usr/bin/vtysh`),
    '--vty_socket',
    '/run/frr',
    '--config_dir',
    '/run/frr',
    ...words,
  ];
}

/** From a client's own address: all clients share a namespace. */
function fromClient(address: string, name: string, words: readonly string[]): string[] {
  if (name === 'wget') {
    // BusyBox's wget has no option for the source address; curl has.
    const url = words.find(word => /^https?:/.test(word) || !word.startsWith('-')) ?? '';
    return ['curl', '-sS', '--max-time', '5', '--interface', address, url];
  }
  if (name === 'curl') return ['curl', '--interface', address, ...words];
  if (name === 'ping') return ['ping', '-I', address, ...words];
  if (name === 'traceroute') return ['traceroute', '-s', address, ...words];
  return [name, ...words];
}
