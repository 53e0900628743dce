import type { FrrDaemon } from '../../programs/frr.ts';

/** The part of a switch's one configuration file that a daemon reads. */
export function partOfDaemon(config: string, daemon: FrrDaemon): string {
  const kept: string[] = [];
  let owners: readonly FrrDaemon[] = [];
  for (const line of config.split('\n')) {
    if (/^(!|\s*$)/.test(line)) continue;
    if (!line.startsWith(' ')) owners = ownersOf(line, owners);
    if (owners.includes(daemon)) kept.push(line);
  }
  return `${kept.join('\n')}\n`;
}

function ownersOf(line: string, before: readonly FrrDaemon[]): readonly FrrDaemon[] {
  if (/^(exit|exit-vrf|end)\b/.test(line)) return before;
  if (/^(frr|hostname|log|service|password|line)\b/.test(line)) return ['zebra', 'bgpd', 'bfdd'];
  if (/^(debug|no debug)\b/.test(line)) return ['bgpd', 'bfdd'];
  // Since FRR 10 these belong to mgmtd, which hands them to zebra.
  if (/^(vrf|interface|ip nht|no ip nht|ip route|affinity-map)\b/.test(line)) return ['mgmtd'];
  if (/^(no )?zebra\b/.test(line)) return ['zebra'];
  if (/^bfd\b/.test(line)) return ['bfdd'];
  return ['bgpd'];
}
