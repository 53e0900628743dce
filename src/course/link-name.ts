import { nearest } from '../lab/nearest.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A link as somebody wrote it: its id, and whether they named its ends the other way round. */
export type NamedLink =
  | { readonly link: string; readonly reversed: boolean }
  | { readonly problem: string; readonly expected: string };

/** Finds a link by two node names, or by its two ends ("LEAF-DC-1:e1-1") where nodes have several links. */
export function findLink(first: string, second: string, vocabulary: Vocabulary): NamedLink {
  const matches = vocabulary.links.flatMap(link => {
    const [a = '', b = ''] = link.split(' ');
    if (names(first, a) && names(second, b)) return [{ link, reversed: false }];
    if (names(first, b) && names(second, a)) return [{ link, reversed: true }];
    return [];
  });
  const found = matches[0];
  if (found === undefined) return noSuchLink(first, second, vocabulary);
  if (matches.length > 1) {
    return {
      problem: `there are ${matches.length} links between ${first} and ${second}`,
      expected: `one of ${matches.map(match => `"${match.link}"`).join(', ')}`,
    };
  }
  return found;
}

function names(written: string, end: string): boolean {
  return written === end || written === nodeOf(end);
}

function noSuchLink(first: string, second: string, vocabulary: Vocabulary): NamedLink {
  for (const end of [first, second]) {
    const node = nodeOf(end);
    if (!vocabulary.nodes.includes(node)) {
      const near = nearest(node, vocabulary.nodes);
      return {
        problem: `there is no node ${node}`,
        expected: near === undefined ? `one of ${vocabulary.nodes.join(', ')}` : `did you mean "${near}"?`,
      };
    }
  }
  const ofFirst = vocabulary.links.filter(link => link.split(' ').some(end => nodeOf(end) === nodeOf(first)));
  return {
    problem: `there is no link between ${first} and ${second}`,
    expected: `a link of ${nodeOf(first)}: ${ofFirst.map(link => `"${link}"`).join(', ')}`,
  };
}

function nodeOf(end: string): string {
  return end.split(':', 1)[0] ?? end;
}
