import type { Docker } from '../../../programs/docker.ts';

/** Whether a Kubernetes node has the image: what its container runtime lists. */
export async function hasImage(docker: Docker, node: string, image: string): Promise<boolean> {
  const listed = await docker.exec(node, ['crictl', 'images', '-o', 'json']);
  return listed.exitCode === 0 && imageNames(listed.stdout).includes(fullName(image));
}

/** Names and digests that `crictl images -o json` tells. */
export function imageNames(text: string): string[] {
  try {
    const { images = [] } = JSON.parse(text) as {
      readonly images?: readonly { readonly repoTags?: string[]; readonly repoDigests?: string[] }[];
    };
    return images.flatMap(({ repoTags = [], repoDigests = [] }) => [...repoTags, ...repoDigests]);
  } catch {
    return [];
  }
}

/** As a registry knows it: "alpine:3.22" is "docker.io/library/alpine:3.22". */
export function fullName(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const named = isHost ? image : `docker.io/${rest.length === 0 ? 'library/' : ''}${image}`;
  if (named.includes('@')) return named.replace(/:[^/@]*@/, '@');
  return named.slice(named.lastIndexOf('/')).includes(':') ? named : `${named}:latest`;
}
