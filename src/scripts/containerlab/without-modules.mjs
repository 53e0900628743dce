import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ask, run, toolFolder } from './run.mjs';

const shadow = '/run/srklab-test/proc';

/**
 * containerlab reads /proc/modules, which a kernel without loadable modules does not have, and stops. There it is started in
 * a mount namespace of its own whose /proc is this one with an empty list of modules: links to the real one for everything else.
 * Returns the command to start.
 */
export function withModuleList(containerlab) {
  if (existsSync('/proc/modules')) return containerlab;
  const wrapper = join(toolFolder, 'containerlab-without-modules');
  if (!existsSync(`${shadow}/modules`) && !makeShadow()) return undefined;
  // What an earlier run named.
  if (containerlab === wrapper) return wrapper;
  mkdirSync(toolFolder, { recursive: true });
  writeFileSync(wrapper, script(containerlab));
  chmodSync(wrapper, 0o755);
  return wrapper;
}

/** Takes the shadow away again. */
export function removeModuleList() {
  if (existsSync(`${shadow}/modules`)) ask(['umount', '-R', '-l', shadow]);
}

function makeShadow() {
  const pids = Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8'));
  if (pids > 200_000) {
    console.error(
      `containerlab needs /proc/modules, and a stand-in for ${pids} processes would be too large.`,
    );
    return false;
  }
  mkdirSync(shadow, { recursive: true });
  const steps = [
    ['mount', '-t', 'tmpfs', '-o', `size=64m,nr_inodes=${pids + 1_000},mode=755`, 'tmpfs', shadow],
    ['mkdir', join(shadow, 'real')],
    ['mount', '--rbind', '/proc', join(shadow, 'real')],
  ];
  for (const step of steps) if (run(step) === undefined) return false;
  const names = readdirSync(join(shadow, 'real')).filter(name => !/^\d+$/.test(name));
  for (const name of names) symlinkSync(`real/${name}`, join(shadow, name));
  for (let pid = 1; pid <= pids; pid++) symlinkSync(`real/${pid}`, join(shadow, String(pid)));
  writeFileSync(join(shadow, 'modules'), '');
  // containerlab parks cables of stopped nodes there: outside of its mount namespace they must be seen too.
  if (ask(['mountpoint', '-q', '/run/netns']) === undefined) {
    mkdirSync('/run/netns', { recursive: true });
    run(['mount', '--bind', '/run/netns', '/run/netns']);
  }
  return run(['mount', '--make-shared', '/run/netns']) !== undefined;
}

function script(containerlab) {
  return `#!/bin/sh
# containerlab on a kernel without loadable modules: made by src/scripts/containerlab/without-modules.mjs.
exec unshare -m --propagation unchanged sh -c 'mount --make-rprivate /proc && mount --rbind ${shadow} /proc && exec "$0" "$@"' '${containerlab}' "$@"
`;
}
