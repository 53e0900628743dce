import { isIpv4 } from '../../../../net/address.ts';
import type { Command } from '../command.ts';
import { addressNamed } from './names.ts';

/** `nslookup <name>`: the cluster's name service, of which services, nodes and pods are known. */
export const nslookup: Command = {
  name: 'nslookup',
  summary: 'the address of a service: nslookup hello-lb',
  run(words, terminal) {
    const [name = '', ...more] = words;
    if (name === '' || name.startsWith('-') || more.length > 0) {
      terminal.err('Usage: nslookup <name>');
      return 1;
    }
    terminal.out('Server:\t\t10.96.0.10');
    terminal.out('Address:\t10.96.0.10:53');
    terminal.out('');
    const address = isIpv4(name) ? undefined : addressNamed(terminal, name);
    if (address === undefined) {
      terminal.err(`** server can't find ${name}: NXDOMAIN`);
      return 1;
    }
    terminal.out(`Name:\t${name}`);
    terminal.out(`Address: ${address}`);
    return 0;
  },
};
