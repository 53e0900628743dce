/** Measurements of one thing, in milliseconds or whatever they are. */
export type Sample = readonly number[];

export function median(sample: Sample): number {
  return quantile(sample, 0.5);
}

export function quantile(sample: Sample, share: number): number {
  const sorted = [...sample].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Half the distance between the quartiles over the median: above 0.15 a machine is noisy. */
export function spread(sample: Sample): number {
  return (quantile(sample, 0.75) - quantile(sample, 0.25)) / 2 / median(sample);
}

/** Runs every measurement once a round, so that a slow moment of the machine hits all of them. */
export async function interleaved<Name extends string>(
  rounds: number,
  measurements: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measurements) as Name[];
  const samples = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>;
  // One round to fill the caches of the machine and of V8, not counted.
  for (const name of names) await measurements[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) samples[name].push(await measurements[name]());
  }
  return samples;
}
