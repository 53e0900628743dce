import { INTERRUPTED, NOT_FOUND } from '../../../lab/exit-code.ts';
import type { LabNode } from '../../../lab/lab.ts';
import { containerOf } from '../../../lab/lab.ts';
import { isVrf } from '../../real/device-names.ts';
import { srCli } from '../../real/sr-cli.ts';
import { complain } from '../../real/typed-line.ts';
import { isLinuxSwitch } from '../faults/fault-commands.ts';
import type { CommandContext } from './context.ts';
import { onlyLooks } from './looks.ts';

/** A command that waits for ever is ended after that long. Milliseconds. */
const LONGEST = 120_000;

/** A command on a node, by `docker exec`; on a client, in the container that its address is in. */
export async function onHost(
  host: string,
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { machine, running } = context;
  const { lab } = machine;
  const client = running?.traffic.clientNamed(host);
  const name = client?.node ?? host;
  const node = lab.nodes.find(each => each.name === name || containerOf(each) === name);
  if (node === undefined)
    return complain(
      context,
      `${host}: no such node; nodes: ${lab.nodes.map(each => each.name).join(', ')}`,
      1,
    );
  if (words[0] === 'sr_cli' && node.kind === 'switch' && isLinuxSwitch(node)) {
    if (running === undefined) return complain(context, 'Docker does not answer', 1);
    const { edits } = running;
    return srCli(node, words.slice(1), {
      ...context,
      edits,
      program: argv => onHost(node.name, argv, context),
    });
  }
  return exec(node, client === undefined ? inTenant(node, words) : asClient(client.address, words), context);
}

/** Without a client's name: the first one asks. */
export function fromClient(words: readonly string[], context: CommandContext): Promise<number> {
  const [client] = context.running?.traffic.state().clients ?? [];
  if (client === undefined)
    return Promise.resolve(complain(context, `${words[0]}: there are no clients yet to ask from`, 1));
  return onHost(client.name, words, context);
}

async function exec(node: LabNode, words: readonly string[], context: CommandContext): Promise<number> {
  const { machine, signal, print, heldBy } = context;
  if (heldBy !== undefined && !onlyLooks(words))
    return complain(context, `${heldBy}: from here a node is only looked at meanwhile`, 1);
  const container = containerOf(node);
  const result = await machine.docker.exec(container, words, {
    timeout: LONGEST,
    ...(signal === undefined ? {} : { signal }),
    onOutput: (stream, text) => print({ stream, text }),
  });
  if (result.exitCode === 126 || result.exitCode === 127) return NOT_FOUND;
  if (result.exitCode !== undefined) return result.exitCode;
  return result.problem === 'interrupted'
    ? INTERRUPTED
    : complain(context, `${container}: ${result.problem ?? 'it did not end'}`, 1);
}

/** `ping -I kube-ipvrf …`, `ip vrf exec kube-ipvrf …` look into a tenant: on a light switch it is a namespace. */
function inTenant(node: LabNode, words: readonly string[]): readonly string[] {
  if (node.kind !== 'switch' || !isLinuxSwitch(node) || words[0] === 'vtysh') return words;
  const vrf = node.config.networkInstances
    .filter(isVrf)
    .map(({ name }) => name)
    .find(name => words.includes(name));
  if (vrf === undefined || words.includes('netns') || words.includes('-n')) return words;
  const plain = words.filter(
    (word, index) =>
      word !== vrf &&
      !(words[index + 1] === vrf && ['-I', 'vrf', '--interface', '-i', 'exec'].includes(word)),
  );
  const inside = plain[0] === 'ip' && plain[1] === 'vrf' ? plain.slice(2) : plain;
  return ['ip', 'netns', 'exec', vrf, ...inside];
}

/** From a client's own address: all clients share a container. */
function asClient(address: string, words: readonly string[]): readonly string[] {
  const [name = '', ...rest] = words;
  if (name === 'wget') {
    const url = rest.find(word => /^https?:/.test(word)) ?? '';
    return ['curl', '-sS', '--max-time', '5', '--interface', address, url];
  }
  if (name === 'curl') return ['curl', '--interface', address, ...rest];
  if (name === 'ping') return ['ping', '-I', address, ...rest];
  if (name === 'traceroute') return ['traceroute', '-s', address, ...rest];
  return words;
}
