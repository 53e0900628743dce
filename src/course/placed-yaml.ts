import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
} from 'yaml';
import type { Mistakes, Place } from './mistakes.ts';

/** A YAML value that remembers where it stands. */
export type Placed = PlacedMap | PlacedList | PlacedScalar;
export type PlacedMap = {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, { readonly place: Place; readonly value: Placed }>;
};
export type PlacedList = { readonly kind: 'list'; readonly place: Place; readonly items: readonly Placed[] };
export type PlacedScalar = {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: string | number | boolean | null;
};

/** Reads YAML that begins at `firstLine` of the file. Undefined, with the mistakes noted, when it is not YAML. */
export function parsePlacedYaml(text: string, firstLine: number, mistakes: Mistakes): Placed | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: line + firstLine - 1, column: col };
  };
  if (document.errors.length > 0) {
    for (const error of document.errors)
      mistakes.add(placeAt(error.pos[0]), 'yaml', firstSentence(error.message));
    return undefined;
  }
  const start = mistakes.found.length;
  const value = placed(document.contents, placeAt, mistakes, { line: firstLine, column: 1 });
  return mistakes.found.length > start ? undefined : value;
}

function placed(
  node: Node | ParsedNode | null | undefined,
  placeAt: (offset: number) => Place,
  mistakes: Mistakes,
  otherwise: Place,
): Placed {
  const place = node?.range ? placeAt(node.range[0]) : otherwise;
  if (isMap(node)) {
    const entries = new Map<string, { place: Place; value: Placed }>();
    for (const pair of node.items) {
      const key = placed(pair.key as Node | null, placeAt, mistakes, place);
      const name = key.kind === 'scalar' ? String(key.value) : '';
      if (key.kind !== 'scalar') mistakes.add(key.place, 'yaml', 'a key must be a plain word');
      entries.set(name, {
        place: key.place,
        value: placed(pair.value as Node | null, placeAt, mistakes, key.place),
      });
    }
    return { kind: 'map', place, entries };
  }
  if (isSeq(node)) {
    return {
      kind: 'list',
      place,
      items: node.items.map(item => placed(item as Node | null, placeAt, mistakes, place)),
    };
  }
  if (isAlias(node)) mistakes.add(place, 'yaml', 'anchors and aliases are not read in lessons');
  const value = isScalar(node) ? node.value : null;
  return { kind: 'scalar', place, value: isPlain(value) ? value : null };
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function firstSentence(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
