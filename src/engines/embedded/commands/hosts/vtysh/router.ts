import type { BgpProcess } from '../../../bgp-process.ts';
import type { NodeDevice } from '../../../cluster/node-device.ts';
import { bgpRows } from '../../../tables/rib-rows.ts';
import type { Terminal } from '../../command.ts';

/** The machine below FRR. */
export type Host = {
  readonly terminal: Terminal;
  readonly node: NodeDevice;
  readonly now: number;
  /** FRR's, as its image is tagged. */
  readonly version: string;
};

/** FRR on a node: what its `show` commands look at. */
export type Router = Host & { readonly process: BgpProcess };

/** IPv4 routes as `show ip bgp` lists them: what the import policy refused is not kept. */
export function ribOf({ terminal, process }: Router) {
  return bgpRows(terminal.context.world, process).filter(row => row.valid || row.path.peer === undefined);
}

/** FRR's "00:01:05", "1d02h03m", "01w2d03h". */
export function upTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [minutes, hours, days] = [
    Math.floor(seconds / 60),
    Math.floor(seconds / 3600),
    Math.floor(seconds / 86_400),
  ];
  if (days < 1) return `${two(hours)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  if (days < 7) return `${days}d${two(hours % 24)}h${two(minutes % 60)}m`;
  return `${two(Math.floor(days / 7))}w${days % 7}d${two(hours % 24)}h`;
}

/** "00:00:05", or "never". */
export function since(moment: number | undefined, now: number): string {
  return moment === undefined ? 'never' : upTime(now - moment);
}
