import type { Fault, LinkImpaired } from '../lab/fault.ts';

/** A fault as something to do: "Cut LEAF-DC-1 e1-1 – SPINE-DC-1 e1-1". */
export function faultTitle(fault: Fault): string {
  switch (fault.kind) {
    case 'link-cut':
      return `Cut ${linkTitle(fault.link)}`;
    case 'silent-loss': {
      if (fault.direction === 'both') return `Lose everything silently on ${linkTitle(fault.link)}`;
      const { from, to } = endsOf(fault);
      return `Lose silently what ${from} sends to ${to}`;
    }
    case 'link-flap':
      return `Flap ${linkTitle(fault.link)} ${fault.times} times`;
    case 'link-impaired': {
      const { from, to } = endsOf(fault);
      return `Impair what ${from} sends to ${to}: ${impairmentText(fault)}`;
    }
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

/** Who sends and who no longer hears, of a fault of one direction. */
export function endsOf({ link, direction }: { readonly link: string; readonly direction: string }): {
  readonly from: string;
  readonly to: string;
} {
  const [a = '', b = ''] = link.split(' ').map(end => end.split(':')[0] ?? '');
  return direction === 'b-to-a' ? { from: b, to: a } : { from: a, to: b };
}

/** "100 ms late, ±10 ms, 20 % lost". */
export function impairmentText(fault: LinkImpaired): string {
  const { delayMs, jitterMs, lossPercent } = fault;
  const parts = [
    ...(delayMs > 0 ? [`${delayMs} ms late`] : []),
    ...(jitterMs > 0 ? [`±${jitterMs} ms`] : []),
    ...(lossPercent > 0 ? [`${lossPercent} % lost`] : []),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

function linkTitle(link: string): string {
  const [a = '', b = ''] = link.split(' ').map(end => end.replace(':', ' '));
  return `${a} – ${b}`;
}
