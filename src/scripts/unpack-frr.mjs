// Unpacks FRR of a Debian release, with every library that it needs, into the user's cache folder. Nothing is installed and
// nothing needs root, except that debootstrap must be there (apt-get install debootstrap). Does nothing when it is done.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where it is, or will be: `name` is "frr-10.3". */
export function frrFolder(name) {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'srklab-tutor', name);
}

/** Undefined when it is there now, otherwise what went wrong. */
export function unpackFrr(release, name) {
  const target = frrFolder(name);
  if (existsSync(join(target, 'usr/lib/frr/bgpd'))) return undefined;
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), 'frr-'));
  try {
    const packages = join(work, 'packages');
    const root = join(work, 'root');
    const failed = download(release, packages) ?? unpackAll(join(packages, 'var/cache/apt/archives'), root);
    if (failed === undefined) renameSync(root, target);
    return failed;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function download(release, folder) {
  const mirror = process.env.SRKLAB_DEBIAN_MIRROR;
  // debootstrap wants to be root even to download: a user namespace is enough.
  const asRoot = process.getuid() === 0 ? [] : ['unshare', '-Ur'];
  const words = ['debootstrap', '--variant=minbase', '--include=frr', '--download-only', release, folder];
  return run([...asRoot, ...words, ...(mirror === undefined ? [] : [mirror])]);
}

function unpackAll(archives, root) {
  // Older packages have their libraries in /lib: one folder, as on a Debian that is installed.
  for (const name of ['lib', 'lib64', 'bin', 'sbin']) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(join('usr', name), join(root, name));
  }
  for (const name of readdirSync(archives).filter(each => each.endsWith('.deb'))) {
    const script = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"';
    const failed = run(['sh', '-c', script, 'sh', join(archives, name), root]);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

function run([command, ...words]) {
  const { status, error } = spawnSync(command, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return undefined;
  return `${command}: ${error === undefined ? `exit code ${status}` : error.message}`;
}
