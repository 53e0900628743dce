import type { KindMap, KubeObject } from './objects.ts';

export type StoreChange = {
  readonly version: number;
  readonly change: 'added' | 'modified' | 'deleted';
  readonly object: KubeObject;
};

/** The API server's memory. Objects in it are never mutated, only replaced; order is that of creation. */
export class ObjectStore {
  private readonly tables = new Map<string, Map<string, KubeObject>>();
  private readonly log: StoreChange[] = [];
  private counter = 0;
  private uids = 0;

  /** Grows with every change; an object's `resourceVersion` is the version that last touched it. */
  get version(): number {
    return this.counter;
  }

  get<K extends keyof KindMap>(kind: K, name: string, namespace?: string): KindMap[K] | undefined;
  get(kind: string, name: string, namespace?: string): KubeObject | undefined;
  get(kind: string, name: string, namespace?: string): KubeObject | undefined {
    return this.tables.get(kind)?.get(key(name, namespace));
  }

  list<K extends keyof KindMap>(kind: K, namespace?: string): KindMap[K][];
  list(kind: string, namespace?: string): KubeObject[];
  list(kind: string, namespace?: string): KubeObject[] {
    const all = [...(this.tables.get(kind)?.values() ?? [])];
    return namespace === undefined ? all : all.filter(object => object.metadata.namespace === namespace);
  }

  /** Adds a new object. Throws when it exists: who calls has looked. */
  create<T extends KubeObject>(object: T, now: number): T {
    const { kind, metadata } = object;
    const table = this.tables.get(kind) ?? new Map<string, KubeObject>();
    this.tables.set(kind, table);
    const id = key(metadata.name, metadata.namespace);
    if (table.has(id)) throw new Error(`${kind} ${id} exists already`);
    this.counter++;
    const stored: T = {
      ...object,
      metadata: {
        ...metadata,
        uid: uidText(++this.uids),
        resourceVersion: String(this.counter),
        generation: 1,
        creationTimestamp: now,
      },
    };
    table.set(id, stored);
    this.record('added', stored);
    return stored;
  }

  /** Replaces an object; `generation` grows when the spec changed. Unchanged content changes nothing. */
  replace<T extends KubeObject>(object: T): T {
    const { kind, metadata } = object;
    const id = key(metadata.name, metadata.namespace);
    const before = this.tables.get(kind)?.get(id);
    if (before === undefined) throw new Error(`${kind} ${id} does not exist`);
    if (sameValue(before, object)) return before as T;
    this.counter++;
    const generation = (before.metadata.generation ?? 1) + (sameValue(before.spec, object.spec) ? 0 : 1);
    const stored: T = {
      ...object,
      metadata: { ...metadata, generation, resourceVersion: String(this.counter) },
    };
    this.tables.get(kind)?.set(id, stored);
    this.record('modified', stored);
    return stored;
  }

  /** The object that was removed, undefined when there was none. */
  remove(kind: string, name: string, namespace?: string): KubeObject | undefined {
    const table = this.tables.get(kind);
    const object = table?.get(key(name, namespace));
    if (object === undefined) return undefined;
    table?.delete(key(name, namespace));
    this.counter++;
    this.record('deleted', object);
    return object;
  }

  /** What changed after `version`, oldest first; undefined when that is too long ago to know. */
  changesSince(version: number): readonly StoreChange[] | undefined {
    const first = this.log[0];
    if (first !== undefined && first.version > version + 1) return undefined;
    return this.log.filter(change => change.version > version);
  }

  private record(change: StoreChange['change'], object: KubeObject): void {
    this.log.push({ version: this.counter, change, object });
    if (this.log.length > 2_000) this.log.splice(0, 1_000);
  }
}

function key(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** In the form of a UUID, numbered: chance is not needed to be unique in one store. */
function uidText(number: number): string {
  const hex = number.toString(16).padStart(12, '0');
  return `5e7a0000-0000-4000-8000-${hex}`;
}

/** Deep equality of JSON values; an absent field and an undefined one are the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const field of Object.keys(left)) if (!sameValue(left[field], right[field])) return false;
  for (const field of Object.keys(right))
    if (left[field] === undefined && right[field] !== undefined) return false;
  return true;
}
