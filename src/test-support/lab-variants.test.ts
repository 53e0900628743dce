import { describe, expect, it } from 'vitest';
import { readLab } from '../lab/files/read-lab.ts';
import { DrivenLab } from './driven-lab.ts';
import { labVariant } from './lab-variants.ts';

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

describe('variants of the lab', () => {
  it('read without an error or a warning, whatever the seed, with the links they name', () => {
    for (const seed of seeds) {
      const { files, links } = labVariant(seed);
      const reading = readLab('srklab.yml', path => files.get(path) ?? { problem: 'missing' });
      const complaints = reading.outcome === 'read' ? reading.warnings : reading.errors;
      const read = reading.outcome === 'read' ? reading.lab.links.map(({ id }) => id) : [];
      expect({ seed, complaints, read }).toEqual({ seed, complaints: [], read: links });
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

  it('come to rest on the embedded lab, neighbours that are missing on one side or not', async () => {
    for (const seed of seeds.slice(0, 20)) {
      const { files } = labVariant(seed);
      const reading = readLab('srklab.yml', path => files.get(path) ?? { problem: 'missing' });
      if (reading.outcome !== 'read') throw new Error(`seed ${seed} does not read`);
      const lab = await new DrivenLab(reading.lab).buildUpTo('fabric');
      expect({ seed, after: lab.now() < 120_000 }).toEqual({ seed, after: true });
    }
  });
});
