// Unpacks FRR 10.3 of Debian 13 into the user's cache folder, where `--lab frr` finds it. Nothing is installed and
// nothing needs root, except that debootstrap must be there (apt-get install debootstrap). Does nothing when it is done.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const target = join(cache, 'srklab-tutor', 'frr-10.3');

if (existsSync(join(target, 'usr/lib/frr/bgpd'))) {
  console.log(`FRR is there: ${target}`);
} else {
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), 'frr-'));
  try {
    const packages = join(work, 'packages');
    const root = join(work, 'root');
    mkdirSync(root);
    const mirror = process.env.SRKLAB_DEBIAN_MIRROR;
    // debootstrap wants to be root even to download: a user namespace is enough.
    const asRoot = process.getuid() === 0 ? [] : ['unshare', '-Ur'];
    run([
      ...asRoot,
      'debootstrap',
      '--variant=minbase',
      '--include=frr',
      '--download-only',
      'trixie',
      packages,
      ...(mirror === undefined ? [] : [mirror]),
    ]);
    const archives = join(packages, 'var/cache/apt/archives');
    for (const name of readdirSync(archives).filter(each => each.endsWith('.deb')))
      run(['dpkg-deb', '-x', join(archives, name), root]);
    renameSync(root, target);
    console.log(`FRR 10.3 is in ${target}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function run([command, ...words]) {
  const { status, error } = spawnSync(command, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return;
  const why = error === undefined ? `exit code ${status}` : error.message;
  console.error(
    `${command}: ${why}. On Debian and Ubuntu: apt-get install debootstrap dpkg. Elsewhere install FRR 10 of your distribution.`,
  );
  process.exit(1);
}
