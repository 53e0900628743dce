import { INTERRUPTED } from '../../../../lab/exit-code.ts';
import { isIpv4 } from '../../../../net/address.ts';
import { whoHas } from '../../arp.ts';
import type { Command } from '../command.ts';
import { flag, readOptions, valued } from '../options.ts';
import { hostView } from './host-view.ts';

/** `arping -I e1-1 <address>`: who has an address, asked over a port of the fabric. */
export const arping: Command = {
  name: 'arping',
  summary: 'who has an address: arping -I e1-1 -c 1 192.168.101.1',
  async run(words, terminal) {
    const reading = readOptions(words, [
      valued('interface', 'I'),
      valued('count', 'c'),
      valued('deadline', 'w'),
      flag('quiet', 'q'),
    ]);
    const view = hostView(terminal, 'arping');
    if (typeof view === 'string') {
      terminal.err(view);
      return 2;
    }
    if (reading.outcome === 'refused') {
      terminal.err(`arping: ${reading.because}`);
      return 2;
    }
    const { options } = reading;
    const [address = ''] = options.words;
    const name = options.value('interface') ?? 'e1-1';
    const port = view.node.ports.get(name);
    const own = view.interfaces.find(one => one.name === name);
    if (!isIpv4(address) || view.instance !== '' || port === undefined || own?.address === undefined) {
      terminal.err(
        `Usage: arping [-c count] -I <port of the fabric> <address>; ports here: ${[...view.node.ports.keys()].join(', ') || 'none'}`,
      );
      return 2;
    }
    const sender = own.address.split('/')[0] ?? '';
    terminal.out(`ARPING ${address} from ${sender} ${name}`);
    const count = Number(options.value('count') ?? 3);
    let answers = 0;
    for (let at = 0; at < count; at++) {
      if (at > 0 && !(await terminal.wait(1000))) return INTERRUPTED;
      const mac = whoHas(terminal.context.world, port, {
        address,
        senderMac: own.mac,
        senderAddress: sender,
      });
      if (mac === undefined) continue;
      answers++;
      terminal.out(`Unicast reply from ${address} [${mac.toUpperCase()}]`);
    }
    terminal.out(`Sent ${count} probes (${count} broadcast(s))`);
    terminal.out(`Received ${answers} response(s)`);
    return answers > 0 ? 0 : 1;
  },
};
