import { NOT_FOUND } from '../../../../lab/exit-code.ts';
import { clusterNodesOf, containerOf, nodeNamed } from '../../../../lab/lab.ts';
import type { Command, Terminal } from '../command.ts';
import { echo, sleep } from '../shell/builtins.ts';
import { runLine } from '../shell/run-line.ts';
import { srCli } from '../sr-cli/sr-cli.ts';
import { arping } from './arping.ts';
import { crictl } from './crictl.ts';
import { hostSignposts } from './host-signposts.ts';
import { curl, wget } from './http.ts';
import { ip } from './ip.ts';
import { nslookup } from './nslookup.ts';
import { pingFrom } from './ping.ts';
import { type Place, placeOf } from './place.ts';
import { ss } from './ss.ts';
import { tcpdump } from './tcpdump.ts';
import { tracerouteFrom } from './traceroute.ts';
import { vtysh } from './vtysh/vtysh.ts';

const ping: Command = {
  name: 'ping',
  summary: 'echo requests: ping -c 3 <address>',
  run: (words, terminal) => fromHere(terminal, from => pingFrom(terminal, from, words)),
};

const traceroute: Command = {
  name: 'traceroute',
  summary: 'the way to an address, hop by hop',
  run: (words, terminal) => fromHere(terminal, from => tracerouteFrom(terminal, from, words)),
};

const hostname: Command = {
  name: 'hostname',
  summary: 'the name of this host',
  run(_, terminal) {
    terminal.out(terminal.host ?? '');
    return 0;
  },
};

/** `sh -c "…"`, which people put around a command; a shell that waits for input is what the shell pane is. */
const shell = (name: string): Command => ({
  name,
  summary: `${name} -c "<command>"`,
  async run(words, terminal) {
    const at = words.findIndex(word => /^-\w*c$/.test(word));
    if (at < 0) {
      terminal.out(`${name} would wait for what you type; here one line takes it all:`);
      terminal.out(`  ${execOn(terminal)} <command>`);
      return 0;
    }
    return runLine(words[at + 1] ?? '', hostPrograms, terminal);
  },
});

/** How a command is run on this host from the learner's machine. */
function execOn({ host, context }: Terminal): string {
  const node = host === undefined ? undefined : nodeNamed(context.lab.lab, host);
  return node === undefined ? `kubectl exec ${host ?? '<pod>'} --` : `docker exec ${containerOf(node)}`;
}

/** What answers on a host of the lab. */
export const hostPrograms: ReadonlyMap<string, Command> = new Map(
  [
    srCli,
    ping,
    traceroute,
    curl,
    wget,
    ip,
    ss,
    arping,
    nslookup,
    tcpdump,
    vtysh,
    crictl,
    hostname,
    sleep,
    echo,
    shell('bash'),
    shell('sh'),
    ...hostSignposts,
  ].map(command => [command.name, command]),
);

async function fromHere(terminal: Terminal, act: (place: Place) => Promise<number>): Promise<number> {
  const place = placeOf(terminal, terminal.host);
  if (place !== undefined) return act(place);
  const known = clusterNodesOf(terminal.context.lab.lab).some(({ name }) => name === terminal.host);
  terminal.err(
    known
      ? `${terminal.host} is not there yet: build the stage clusters first`
      : `${terminal.host}: no such host in this lab`,
  );
  return NOT_FOUND;
}
