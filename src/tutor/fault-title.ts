import type { Fault } from '../lab/fault.ts';

/** A fault as something to do: "Cut LEAF-DC-1 e1-1 – SPINE-DC-1 e1-1". */
export function faultTitle(fault: Fault): string {
  switch (fault.kind) {
    case 'link-cut':
      return `Cut ${linkTitle(fault.link)}`;
    case 'silent-loss': {
      const [a = '', b = ''] = fault.link.split(' ').map(end => end.split(':')[0] ?? '');
      if (fault.direction === 'both') return `Lose everything silently on ${linkTitle(fault.link)}`;
      const [from, to] = fault.direction === 'a-to-b' ? [a, b] : [b, a];
      return `Lose silently what ${from} sends to ${to}`;
    }
    case 'link-flap':
      return `Flap ${linkTitle(fault.link)} ${fault.times} times`;
    case 'node-silent':
      return `Silence ${fault.node}: links stay up, packets vanish`;
    case 'node-stopped':
      return `Stop ${fault.node}`;
    case 'speaker-killed':
      return `Kill the BGP speaker of ${fault.node}`;
    case 'speaker-terminated':
      return `Terminate the BGP speaker of ${fault.node}`;
    case 'speaker-frozen':
      return `Freeze the BGP speaker of ${fault.node}`;
    case 'pod-killed':
      return `Kill pod ${fault.pod}`;
  }
}

function linkTitle(link: string): string {
  const [a = '', b = ''] = link.split(' ').map(end => end.replace(':', ' '));
  return `${a} – ${b}`;
}
