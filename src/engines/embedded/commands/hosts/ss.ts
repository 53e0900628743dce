import { plainTable } from '../../../../kubectl/plain-table.ts';
import { Switch } from '../../switch/switch.ts';
import type { Command, Terminal } from '../command.ts';
import { flag, readOptions } from '../options.ts';
import { placeOf } from './place.ts';

type Row = { readonly state: string; readonly local: string; readonly peer: string };

/** `ss -tn`: BGP's connections, and those that the clients' program keeps open. */
export const ss: Command = {
  name: 'ss',
  summary: 'TCP connections: ss -tn, ss -tln',
  run(words, terminal) {
    const reading = readOptions(
      words,
      [...'tnalp4'].map(letter => flag(letter, letter)),
    );
    if (reading.outcome === 'refused' || reading.options.words.length > 0) {
      const because =
        reading.outcome === 'refused' ? reading.because : `no filter "${reading.options.words.join(' ')}"`;
      terminal.err(`ss: ${because}; -t, -n, -a and -l are answered here, for TCP`);
      return 255;
    }
    const { options } = reading;
    const listening = options.has('l') || options.has('a');
    const rows = [
      ...(listening ? listeners(terminal) : []),
      ...(options.has('l') ? [] : connections(terminal)),
    ];
    for (const line of plainTable(
      [
        { title: 'State', of: (row: Row) => row.state },
        { title: 'Recv-Q', of: () => '0' },
        { title: 'Send-Q', of: () => '0' },
        { title: 'Local Address:Port', of: row => row.local },
        { title: 'Peer Address:Port', of: row => row.peer },
      ],
      rows,
      2,
    ))
      terminal.out(line);
    return 0;
  },
};

function connections(terminal: Terminal): Row[] {
  const place = placeOf(terminal, terminal.host);
  if (place === undefined) return [];
  const kept = terminal.context.clusters.keptConnections(place).map(flow => ({
    state: 'ESTAB',
    local: `${flow.sourceAddress}:${flow.sourcePort}`,
    peer: `${flow.destinationAddress}:${flow.destinationPort}`,
  }));
  const bgp = processes(terminal).flatMap(process =>
    process
      .connections()
      .map(({ local, peer, open }) => ({ state: open ? 'ESTAB' : 'SYN-SENT', local, peer })),
  );
  return [...bgp, ...kept];
}

function listeners(terminal: Terminal): Row[] {
  return processes(terminal).some(({ alive }) => alive)
    ? [{ state: 'LISTEN', local: '0.0.0.0:179', peer: '0.0.0.0:*' }]
    : [];
}

/** BGP processes of the host: of every network-instance of a switch, or MetalLB's on a node. */
function processes({ context, host }: Terminal) {
  const device = host === undefined ? undefined : context.world.device(host);
  if (device instanceof Switch) return [...device.instances.values()].flatMap(({ process }) => process ?? []);
  return context.clusters.speakers().flatMap(({ node, process }) => (node === host ? [process] : []));
}
