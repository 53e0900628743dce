import { NOT_FOUND } from '../../../../lab/exit-code.ts';
import { containerOf, type LabNode } from '../../../../lab/lab.ts';
import type { Command, Terminal } from '../command.ts';
import { signpost } from '../signpost.ts';

/** Programs that people type on their own machine and that answer elsewhere, or not at all: each says where, in one line. */
export const signposts: readonly Command[] = [
  ...['ping', 'traceroute', 'curl', 'wget', 'nslookup', 'dig', 'arping', 'tcpdump'].map(name =>
    signpost(name, (terminal, words) => [
      `your own machine is not on the fabric: send it from a node or pod, as in "${elsewhere(terminal, name, words)}"`,
      name === 'curl' ? 6 : 2,
    ]),
  ),
  ...['ip', 'ss', 'iptables', 'vtysh', 'crictl'].map(name =>
    signpost(name, (terminal, words) => [
      `your own machine is not part of the lab; a node is: "docker exec ${worker(terminal)} ${[name, ...words].join(' ')}"`,
      1,
    ]),
  ),
  signpost('sr_cli', (terminal, words) => [
    `sr_cli is on the switches: docker exec ${switchOf(terminal)} sr_cli "${words.join(' ') || 'show version'}"`,
    NOT_FOUND,
  ]),
  signpost('ssh', (terminal, words) => {
    const host = words.find(word => !word.startsWith('-'))?.replace(/^.*@/, '');
    const node = terminal.context.lab.lab.nodes.find(one => containerOf(one) === host || one.name === host);
    const target = node === undefined ? switchOf(terminal) : containerOf(node);
    return [`nobody logs in by ssh here; one line does: docker exec ${target} ${commandFor(node)}`, 255];
  }),
  ...['vim', 'vi', 'nano', 'emacs', 'code'].map(name =>
    signpost(name, (_, words) => [
      `no editor opens here. Edit ${words.find(word => !word.startsWith('-')) ?? 'the file'} in another terminal: the tutorial reads it again when it is saved. An object of a cluster: kubectl patch; a switch: sr_cli -ec "set / …"`,
      1,
    ]),
  ),
  signpost('man', (_, words) => [
    `no manual pages here; "help" lists what the lab answers${words[0] === undefined ? '' : `, "${words[0]} --help" of your own machine the rest`}`,
    1,
  ]),
  signpost('watch', () => [
    'the panes show changes as they happen; in the shell: kubectl get … -w, or for i in $(seq 1 5); do …; sleep 1; done',
    1,
  ]),
  signpost('history', () => [
    'the shell pane keeps what was typed: arrow up and down, or "history" there',
    0,
  ]),
  signpost('clear', () => ['', 0]),
  signpost('exit', () => ['', 0]),
  ...['cd', 'mkdir', 'rm', 'cp', 'mv', 'touch', 'tee', 'chmod', 'git', 'make', 'npm', 'node', 'python3'].map(
    name =>
      signpost(name, () => [`${name} needs a real shell: open another terminal in the lab's folder`, 1]),
  ),
  {
    name: 'pwd',
    summary: '',
    hidden: true,
    run(_, terminal) {
      terminal.out("(the folder of srklab.yml; ls lists the lab's files)");
      return 0;
    },
  },
];

/** The same command where it works: the web from a client’s pod where there is one, everything else from a worker. */
function elsewhere(terminal: Terminal, name: string, words: readonly string[]): string {
  const url = words.find(word => /^https?:|^\d+\.\d+\.\d+\.\d+/.test(word)) ?? 'http://…';
  const { clusters } = terminal.context;
  const client = clusters.traffic().clients[0]?.name;
  const cluster = clusters.states().find(({ pods }) => pods.some(pod => pod.name === client));
  if ((name === 'curl' || name === 'wget') && cluster !== undefined)
    return `kubectl --context kind-${cluster.name} exec ${client} -- wget -qO- ${url}`;
  return `docker exec ${worker(terminal)} ${[name, ...words].join(' ')}`;
}

function worker({ context }: Terminal): string {
  const { nodes } = context.lab.lab;
  const found =
    nodes.find(one => one.kind === 'cluster-node' && one.role === 'worker') ??
    nodes.find(one => one.kind === 'cluster-node');
  return found === undefined ? '<node>' : containerOf(found);
}

function switchOf({ context }: Terminal): string {
  const found = context.lab.lab.nodes.find(one => one.kind === 'switch');
  return found === undefined ? '<switch>' : containerOf(found);
}

function commandFor(node: LabNode | undefined): string {
  return node === undefined || node.kind === 'switch' ? 'sr_cli "show version"' : 'ip route';
}
