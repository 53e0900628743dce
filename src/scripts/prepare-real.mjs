// What `npm run test:real` stands on: Debian packages, installed when we are root and they are missing, and FRR 10.
// What cannot be installed is said; the tests that need it are then skipped.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareModels } from './prepare-srlinux-models.mjs';
import { unpackFrr } from './unpack-frr.mjs';

/** Debian packages by the program they bring. */
const packages = {
  nft: 'nftables',
  ip: 'iproute2',
  ping: 'iputils-ping',
  traceroute: 'traceroute',
  gobgpd: 'gobgpd',
  gobgp: 'gobgpd',
  bird: 'bird2',
  exabgp: 'exabgp',
  tshark: 'tshark',
  yanglint: 'libyang-tools',
  debootstrap: 'debootstrap',
};

/** Prepares this machine. Returns whether FRR is there. */
export function prepareReal() {
  const systemFrr = existsSync('/usr/lib/frr/mgmtd');
  const ownFrr = process.env.SRKLAB_FRR_ROOT !== undefined;
  const missing = [...new Set(Object.keys(packages).filter(isMissing))].map(program => packages[program]);
  installPackages([...new Set(missing)]);
  prepareModels();
  prepareOldFrr();
  if (systemFrr || ownFrr) return true;
  const prepareFrr = fileURLToPath(new URL('prepare-frr.mjs', import.meta.url));
  return spawnSync(process.execPath, [prepareFrr], { stdio: ['ignore', 2, 'inherit'] }).status === 0;
}

/** FRR 8.4 of Debian 12: what somebody has who installs it there, and is told that it is too old. */
function prepareOldFrr() {
  const failed = unpackFrr('bookworm', 'frr-8.4');
  if (failed !== undefined)
    console.error(`FRR 8.4 cannot be had (${failed}): the story about an FRR that is too old is skipped.`);
}

function isMissing(program) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  return !folders.some(folder => folder !== '' && existsSync(join(folder, program)));
}

function installPackages(names) {
  if (names.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0 || isMissing('apt-get')) {
    console.error(`Missing: ${names.join(', ')}. Tests that need them are skipped. On Debian: ${command}`);
    return;
  }
  console.error(`Installing ${names.join(', ')} …`);
  // RUNLEVEL=1: the routing daemons are for the tests, the system is not to start them.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const apt = argv =>
    spawnSync('apt-get', ['-qq', ...argv], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  if (!apt(['update']) || !apt(command.split(' ').slice(1)))
    console.error(`Not everything could be installed. The command was: ${command}`);
}
