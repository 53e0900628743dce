import { argument } from './argument.ts';

/** A shell in a user, network, mount and PID namespace of its own; everything in it ends with it, and it ends with us. */
export function unshareArgv(options: { readonly userNamespace: boolean }): string[] {
  const kinds = options.userNamespace ? '-Urnmpf' : '-nmpf';
  return ['unshare', kinds, '--kill-child', '--mount-proc', '--propagation', 'private', 'sh'];
}

/** Where in the tree a program runs: `holder` is the process, by its number inside, whose network and mounts it shares. */
export type Place = {
  /** The tree's first process, by its number outside. */
  readonly tree: number;
  readonly userNamespace: boolean;
  readonly holder?: number;
  readonly netns?: string;
};

/** Runs a program inside the tree: first into the tree, then into the namespaces of one node. */
export function nsenterArgv(place: Place, argv: readonly string[]): string[] {
  const user = place.userNamespace ? ['-U', '--preserve-credentials'] : [];
  const into = ['nsenter', '-t', `${place.tree}`, ...user, '-m', '-n', '-p', '--'];
  if (place.holder !== undefined)
    return [...into, 'nsenter', '-t', `${place.holder}`, '-m', '-n', '--', ...argv];
  if (place.netns !== undefined)
    return [...into, 'nsenter', `--net=/run/netns/${place.netns}`, '--', ...argv];
  return [...into, ...argv];
}

/** Deletes a named network namespace of this machine: root's affair. */
export function deleteNamespaceArgv(name: string, bySudo: boolean): string[] {
  return [...(bySudo ? ['sudo', '-n'] : []), 'ip', 'netns', 'delete', argument.name(name)];
}
