import type { Service } from '../../kube/objects.ts';

/** "hello-lb"; the namespace before it where it is not the default one: as every engine names services. */
export function serviceText({ metadata: { namespace = 'default', name } }: Service): string {
  return namespace === 'default' ? name : `${namespace}/${name}`;
}
