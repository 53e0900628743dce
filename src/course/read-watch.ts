import { suggestion } from '../lab/nearest.ts';
import { isPrefix } from '../net/prefix.ts';
import { type PaneName, paneNames, type WatchedPane } from './lesson.ts';
import { findLink } from './link-name.ts';
import type { LiveBlock } from './live-block.ts';
import type { Mistakes } from './mistakes.ts';
import { numberedLines } from './read-action.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Reads a `watch` block, one pane a line: "<pane> [switch or cluster] [network-instance] [prefix]"; for ecmp also "compare", for packets two nodes: the link between them. */
export function readWatch(block: LiveBlock, vocabulary: Vocabulary, mistakes: Mistakes): WatchedPane[] {
  return numberedLines(block.content, block.contentLine).flatMap(({ text, line }) => {
    const [pane = '', ...words] = text.split(/\s+/);
    const place = { line, column: 1 };
    if (!isPane(pane)) {
      mistakes.add(place, 'unknown-pane', `unknown pane "${pane}"`, suggestion(pane, paneNames));
      return [];
    }
    const watched: { node?: string; instance?: string; prefix?: string; compares?: true; link?: string } = {};
    for (const word of words) {
      const instances = watched.node === undefined ? [] : (vocabulary.instances.get(watched.node) ?? []);
      if (isPrefix(word)) watched.prefix = word;
      else if (pane === 'ecmp' && word === 'compare') watched.compares = true;
      else if (watched.node === undefined && subjects(vocabulary).includes(word)) watched.node = word;
      else if (instances.includes(word)) watched.instance = word;
      else if (pane === 'packets' && vocabulary.nodes.includes(word) && watched.node !== undefined) {
        const found = findLink(watched.node, word, vocabulary);
        if ('problem' in found) {
          mistakes.add(place, 'unknown-subject', found.problem, found.expected);
          return [];
        }
        delete watched.node;
        watched.link = found.link;
      } else {
        const possible = watched.node === undefined ? subjects(vocabulary) : instances;
        mistakes.add(
          place,
          'unknown-subject',
          `the pane ${pane} cannot show "${word}"`,
          possible.length > 0 ? suggestion(word, possible) : 'a prefix, as 10.254.254.240/32',
        );
        return [];
      }
    }
    return [{ pane, ...watched }];
  });
}

function subjects(vocabulary: Vocabulary): string[] {
  return [...vocabulary.nodes, ...vocabulary.clusters];
}

function isPane(word: string): word is PaneName {
  return (paneNames as readonly string[]).includes(word);
}
