import type { Check, CheckItem } from '../lab/probe.ts';
import { parseDuration } from './duration.ts';
import type { LiveBlock } from './live-block.ts';
import type { Mistakes } from './mistakes.ts';
import { parsePlacedYaml } from './placed-yaml.ts';
import { readProbe } from './read-probe.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Unless `within=` tells otherwise. */
const WITHIN = 30_000;

/** Reads a `check` block: a list of probes, each with its hint. */
export function readCheck(block: LiveBlock, vocabulary: Vocabulary, mistakes: Mistakes): Check | undefined {
  const within = block.options.get('within');
  const milliseconds = within === undefined ? WITHIN : parseDuration(within);
  if (milliseconds === undefined) {
    mistakes.add(
      { line: block.line, column: 4 },
      'wrong-value',
      `"${within}" is not a duration`,
      'within=30s',
    );
    return undefined;
  }
  const yaml = parsePlacedYaml(block.content, block.contentLine, mistakes);
  if (yaml === undefined) return undefined;
  if (yaml.kind !== 'list' || yaml.items.length === 0) {
    mistakes.add(yaml.place, 'check', 'a check is a list of probes', '- bgp.session: {node: …}');
    return undefined;
  }
  const items: CheckItem[] = [];
  for (const item of yaml.items) {
    if (item.kind !== 'map') {
      mistakes.add(item.place, 'no-probe', 'a probe is missing here', '- bgp.session: {node: …}');
      continue;
    }
    const hint = item.entries.get('hint');
    if (
      hint !== undefined &&
      (hint.value.kind !== 'scalar' || String(hint.value.value ?? '').trim() === '')
    ) {
      mistakes.add(hint.value.place, 'empty-hint', 'a hint must be a sentence');
      continue;
    }
    const probe = readProbe(item, ['hint'], vocabulary, mistakes);
    if (probe === undefined) continue;
    items.push({
      probe,
      ...(hint?.value.kind === 'scalar' && { hint: String(hint.value.value) }),
    });
  }
  return { within: milliseconds, items };
}
