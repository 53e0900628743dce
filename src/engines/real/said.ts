/** JSON as a daemon said it: nothing is taken for granted. */
export type Said = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): Said {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Said) : {};
}

export function listOf(value: unknown): readonly Said[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Members of an object that are objects themselves. */
export function membersOf(value: unknown): [string, Said][] {
  return Object.entries(objectOf(value)).flatMap(([name, member]) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? [[name, member as Said] as [string, Said]]
      : [],
  );
}
