import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, installDebian, run } from './run.mjs';

/** One image is switch and host: Debian 13 with FRR 10.3, and what is typed and measured on a node. Change the tag with the packages. */
const image = 'srklab/real-lab:trixie-1';
const packages =
  'frr iproute2 iputils-ping traceroute curl nftables tcpdump procps python3 nodejs ca-certificates'.split(
    ' ',
  );

/** Builds the image from Debian's packages when the engine has none, and tags it as what topo.frr.yml names. */
export function prepareImages(dockerHost, topology) {
  const env = { DOCKER_HOST: dockerHost };
  const has = name => ask(['docker', 'image', 'inspect', name], { env }) !== undefined;
  if (!has(image) && !buildImage(env)) return undefined;
  // No registry is asked: an image that is there under its name is left as it is.
  const named = [...readFileSync(topology, 'utf8').matchAll(/^\s+image: (\S+)$/gm)].map(([, name]) => name);
  for (const name of new Set(named)) if (!has(name)) run(['docker', 'tag', image, name], { env });
  return image;
}

function buildImage(env) {
  if (!installDebian({ debootstrap: 'debootstrap' })) return false;
  console.error(`Building the image ${image} from Debian 13's packages: a minute or two …`);
  const root = mkdtempSync(join(tmpdir(), 'srklab-image-'));
  const mirror = process.env.SRKLAB_DEBIAN_MIRROR;
  try {
    const bootstrap = ['debootstrap', '--variant=minbase', 'trixie', root, ...(mirror ? [mirror] : [])];
    if (run(bootstrap) === undefined) return false;
    // A mount namespace of its own: /proc is gone with it, whatever happens.
    const install = [
      'mount -t proc proc "$0/proc"',
      'export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1',
      'chroot "$0" apt-get -qq update',
      'chroot "$0" apt-get -qq install -y --no-install-recommends "$@"',
      'rm -rf "$0"/var/cache/apt/archives/*.deb "$0"/var/lib/apt/lists/* "$0"/usr/share/doc "$0"/usr/share/man "$0"/usr/share/locale',
    ].join(' && ');
    if (run(['unshare', '-m', 'sh', '-c', install, root, ...packages]) === undefined) return false;
    const archive = `${root}.tar`;
    const made =
      run(['tar', '-C', root, '-cf', archive, '.']) !== undefined &&
      spawnSync('docker', ['import', archive, image], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'ignore', 'inherit'],
      }).status === 0;
    rmSync(archive, { force: true });
    return made;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
