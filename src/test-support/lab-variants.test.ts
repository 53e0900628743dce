import { describe, expect, it } from 'vitest';
import { readLab } from '../lab/files/read-lab.ts';
import { switchesOf } from '../lab/lab.ts';
import { labVariant } from './lab-variants.ts';

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

describe('variants of the lab', () => {
  it('read without an error or a warning, whatever the seed', () => {
    for (const seed of seeds) {
      const { files } = labVariant(seed);
      const reading = readLab('srklab.yml', path => files.get(path) ?? { problem: 'missing' });
      const complaints = reading.outcome === 'read' ? reading.warnings : reading.errors;
      expect({ seed, complaints, outcome: reading.outcome }).toEqual({
        seed,
        complaints: [],
        outcome: 'read',
      });
    }
  });

  it('are the same text for the same seed, and another for another', () => {
    const texts = seeds.map(seed => JSON.stringify([...labVariant(seed).files]));
    expect(seeds.map(seed => JSON.stringify([...labVariant(seed).files]))).toEqual(texts);
    expect(new Set(texts).size).toBe(seeds.length);
  });

  it('have every size from two to six spines and leaves', () => {
    const sizes = new Set(seeds.map(seed => labVariant(seed).traits[0]));
    expect(sizes.size).toBe(25);
  });

  it('name their links as the lab does', () => {
    for (const seed of seeds.slice(0, 20)) {
      const { files, links } = labVariant(seed);
      const reading = readLab('srklab.yml', path => files.get(path) ?? { problem: 'missing' });
      if (reading.outcome !== 'read') throw new Error(`seed ${seed} does not read`);
      expect(reading.lab.links.map(({ id }) => id)).toEqual(links);
      expect(switchesOf(reading.lab).length).toBe(files.size - 2);
    }
  });
});
