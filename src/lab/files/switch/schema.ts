import type { ValueType } from './value-types.ts';

/**
 * The statements of a configuration as a tree, named as Nokia's YANG models name them. `module` is the model's name where
 * it differs from the parent's (RFC 7951 wants it in JSON).
 */
export type Schema = ContainerSchema | ListSchema | LeafSchema | LeafListSchema | OpaqueSchema;

export type Children = { readonly [name: string]: Schema };

export type ContainerSchema = {
  readonly kind: 'container';
  readonly children: Children;
  /** It means something even when empty. */
  readonly presence: boolean;
  readonly module?: string;
};

export type ListSchema = {
  readonly kind: 'list';
  /** In the order they are written. The first stands right behind the list's name, the others behind their own. */
  readonly keys: readonly ListKey[];
  readonly children: Children;
  readonly module?: string;
};

export type ListKey = { readonly name: string; readonly value: ValueType };

export type LeafSchema = {
  readonly kind: 'leaf';
  readonly value: ValueType;
  /** Accepted, but nothing in the lab depends on it. */
  readonly ignored: boolean;
  readonly module?: string;
};

export type LeafListSchema = {
  readonly kind: 'leaf-list';
  readonly value: ValueType;
  readonly module?: string;
};

/** Known to SR Linux, not modelled, and harmless to leave out: everything below is ignored with a warning. Refused when leaving it out would lie. */
export type OpaqueSchema = { readonly kind: 'opaque'; readonly refused?: string };

export function container(children: Children, module?: string): ContainerSchema {
  return { kind: 'container', children, presence: false, ...named(module) };
}

export function presence(children: Children, module?: string): ContainerSchema {
  return { kind: 'container', children, presence: true, ...named(module) };
}

export function list(
  keys: Readonly<Record<string, ValueType>>,
  children: Children,
  module?: string,
): ListSchema {
  return {
    kind: 'list',
    keys: Object.entries(keys).map(([name, value]) => ({ name, value })),
    children,
    ...named(module),
  };
}

export function leaf(value: ValueType, module?: string): LeafSchema {
  return { kind: 'leaf', value, ignored: false, ...named(module) };
}

/** A leaf that is read and checked but changes nothing in the lab. */
export function ignored(value: ValueType): LeafSchema {
  return { kind: 'leaf', value, ignored: true };
}

export function leafList(value: ValueType, module?: string): LeafListSchema {
  return { kind: 'leaf-list', value, ...named(module) };
}

/** A part of SR Linux that the lab does not model and that changes no route and no packet. */
export const opaque: OpaqueSchema = { kind: 'opaque' };

/** A part of SR Linux that the lab does not model and that would change routes or packets. */
export function refused(because: string): OpaqueSchema {
  return { kind: 'opaque', refused: because };
}

function named(module: string | undefined): { module?: string } {
  return module === undefined ? {} : { module };
}
