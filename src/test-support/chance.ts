export type Chance = {
  /** A whole number from 0 to `below` - 1. */
  readonly number: (below: number) => number;
  readonly one: <Item>(items: readonly [Item, ...Item[]]) => Item;
  readonly happens: (probability: number) => boolean;
};

/** Numbers that look random and are the same for the same seed: a counter, its bits well mixed. */
export function chanceOf(seed: number): Chance {
  let counter = Math.imul(seed, 0x9e3779b1);
  const next = () => {
    counter = (counter + 0x6d2b79f5) | 0;
    let bits = Math.imul(counter ^ (counter >>> 15), counter | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const number = (below: number) => Math.floor(next() * below);
  return {
    number,
    one: items => items[number(items.length)] ?? items[0],
    happens: probability => next() < probability,
  };
}
