import type { LabLink, LinkEnd } from '../../lab/lab.ts';

/** Why an end is down or deaf: names of faults. A fault that goes takes only its own reason with it. */
type End = { readonly downBy: Set<string>; readonly deafBy: Set<string> };

export type EndReason = 'downBy' | 'deafBy';

/** What has to be done at an end now. */
export type EndChange = { readonly end: LinkEnd; readonly state: 'down' | 'deaf'; readonly on: boolean };

/** Which ends of links are down (no carrier) or deaf (nothing comes in), and by which faults: several may overlap. */
export class LinkEnds {
  private readonly ends = new Map<string, End>();

  /** Notes a reason or takes it away; undefined when nothing has to be done for it. */
  mark(end: LinkEnd, reason: EndReason, fault: string, on: boolean): EndChange | undefined {
    const known = this.ends.get(endKey(end)) ?? { downBy: new Set(), deafBy: new Set() };
    this.ends.set(endKey(end), known);
    const before = known[reason].size > 0;
    if (on) known[reason].add(fault);
    else known[reason].delete(fault);
    const now = known[reason].size > 0;
    return now === before ? undefined : { end, state: reason === 'downBy' ? 'down' : 'deaf', on: now };
  }

  isDown(end: LinkEnd): boolean {
    return (this.ends.get(endKey(end))?.downBy.size ?? 0) > 0;
  }

  isDeaf(end: LinkEnd): boolean {
    return (this.ends.get(endKey(end))?.deafBy.size ?? 0) > 0;
  }

  /** What faults and configurations make of a link: down or silent when one of its ends is. */
  stateOf({ a, b }: LabLink): 'up' | 'down' | 'silent' {
    if (this.isDown(a) || this.isDown(b)) return 'down';
    return this.isDeaf(a) || this.isDeaf(b) ? 'silent' : 'up';
  }
}

/** One name for one end. */
export function endKey({ node, port }: LinkEnd): string {
  return `${node}:${port}`;
}
