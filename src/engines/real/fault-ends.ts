import type { Fault, LinkImpaired } from '../../lab/fault.ts';
import type { Lab, LabLink, LinkEnd } from '../../lab/lab.ts';
import { type EndReason, endKey } from './link-ends.ts';

/** An end of a link, and what a fault makes of it. */
export type StruckEnd = { readonly end: LinkEnd; readonly reason: EndReason };

/** The ends of links that a fault is about. What one end sends is lost at the other: there it is not let in. */
export function endsOf(fault: Fault, lab: Lab, isPlugged: (link: LabLink) => boolean): StruckEnd[] {
  switch (fault.kind) {
    case 'link-cut':
    case 'link-flap':
      return linkNamed(lab, fault.link).flatMap(({ a, b }) => struck([a, b], 'downBy'));
    case 'silent-loss':
      return linkNamed(lab, fault.link).flatMap(({ a, b }) => [
        ...(fault.direction === 'b-to-a' ? [] : struck([b], 'deafBy')),
        ...(fault.direction === 'a-to-b' ? [] : struck([a], 'deafBy')),
      ]);
    case 'node-silent':
      return linksOf(lab, fault.node)
        .filter(isPlugged)
        .flatMap(({ a, b }) => struck([a, b], 'deafBy'));
    default:
      return [];
  }
}

/** The end whose sending an impairment is about: netem acts on what leaves an interface. */
export function impairedEnd({ link, direction }: LinkImpaired, lab: Lab): LinkEnd | undefined {
  const [found] = linkNamed(lab, link);
  return direction === 'a-to-b' ? found?.a : found?.b;
}

export function linksOf(lab: Lab, node: string): LabLink[] {
  return lab.links.filter(({ a, b }) => a.node === node || b.node === node);
}

export function hasEnd({ a, b }: LabLink, end: LinkEnd): boolean {
  return [a, b].some(each => endKey(each) === endKey(end));
}

function linkNamed(lab: Lab, link: string): LabLink[] {
  return lab.links.filter(({ id }) => id === link);
}

function struck(ends: readonly LinkEnd[], reason: EndReason): StruckEnd[] {
  return ends.map(end => ({ end, reason }));
}
