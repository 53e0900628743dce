import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lastLines, runProgram } from './run-program.ts';

/** Where FRR's daemons are, and how they are started. */
export type FrrInstallation = {
  /** Folder that holds usr/lib/frr: "" for the system's own. */
  readonly root: string;
  readonly version: string;
};

export type FrrSearch =
  | { readonly outcome: 'found'; readonly frr: FrrInstallation }
  | { readonly outcome: 'missing' | 'too-old'; readonly because: string; readonly fix: string };

export type FrrDaemon = 'mgmtd' | 'zebra' | 'bgpd' | 'bfdd';

/** FRR 9 and older lose routes of the tenant (the reasons are in docs/frr-lab.md). */
export const OLDEST_FRR = 10;

const FIX =
  'apt-get install frr on Debian 13 or Ubuntu 25.04; elsewhere on Debian: node src/scripts/prepare-frr.mjs';

/** Looks for FRR: what SRKLAB_FRR_ROOT names, what was prepared in the user's cache, the system's own. */
export async function findFrr(env: NodeJS.ProcessEnv = process.env): Promise<FrrSearch> {
  const named = env['SRKLAB_FRR_ROOT'] ?? '';
  const places = named === '' ? [preparedFrrFolder(env), ''] : [named];
  const fix =
    named === '' ? FIX : `unset SRKLAB_FRR_ROOT, or let it name the root of an FRR ${OLDEST_FRR}; ${FIX}`;
  let unfit: FrrSearch | undefined;
  for (const root of places) {
    if (!existsSync(daemonPath(root, 'bgpd'))) continue;
    const frr = { root, version: '' };
    const [program = ''] = programOf(frr, daemonPath(root, 'bgpd'));
    if (!existsSync(program)) {
      const because = `FRR in ${root} has no ${program}: its libraries are to be unpacked beside it`;
      unfit = { outcome: 'missing', because, fix };
      continue;
    }
    const result = await runProgram([...programOf(frr, daemonPath(root, 'bgpd')), '--version']);
    const version = versionIn(result.stdout);
    if (version === undefined) {
      const because = `${daemonPath(root, 'bgpd')} --version: ${result.problem ?? lastLines(result)}`;
      unfit = { outcome: 'missing', because, fix };
    } else if (Number(version.split('.')[0]) >= OLDEST_FRR) {
      return { outcome: 'found', frr: { root, version } };
    } else {
      const because = `FRR ${version} in ${root === '' ? '/usr/lib/frr' : root}; the lab needs ${OLDEST_FRR} or newer`;
      unfit = { outcome: 'too-old', because, fix };
    }
  }
  const where = places.map(root => daemonPath(root, 'bgpd')).join(', ');
  return unfit ?? { outcome: 'missing', because: `no FRR: looked for ${where}`, fix };
}

/** Where src/scripts/prepare-frr.mjs puts it. */
export function preparedFrrFolder(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return join(cache, 'srklab-tutor', 'frr-10.3');
}

/** "10.3" of "bgpd version 10.3". */
export function versionIn(text: string): string | undefined {
  return /version (\d+(?:\.\d+)*)/.exec(text)?.[1];
}

export function daemonPath(root: string, daemon: string): string {
  return `${root}/usr/lib/frr/${daemon}`;
}

/** How a program of that installation is started: a foreign root brings its own loader and libraries. */
export function programOf(frr: Pick<FrrInstallation, 'root'>, path: string): string[] {
  const { root } = frr;
  if (root === '') return [path];
  const multiarch = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const loader = process.arch === 'arm64' ? 'ld-linux-aarch64.so.1' : 'ld-linux-x86-64.so.2';
  const libraries = `${root}/usr/lib/${multiarch}`;
  return [`${libraries}/${loader}`, '--library-path', `${libraries}:${libraries}/frr`, path];
}

/** The argument list of a daemon whose files are all in one folder, `/run/frr` of its router. */
export function daemonArgv(
  frr: FrrInstallation,
  daemon: FrrDaemon,
  options: { readonly vrfNetns: boolean },
): string[] {
  const folder = '/run/frr';
  return [
    ...programOf(frr, daemonPath(frr.root, daemon)),
    '-d',
    // mgmtd takes its configuration over its vty socket.
    ...(daemon === 'mgmtd' ? [] : ['-f', `${folder}/${daemon}.conf`]),
    ...['-i', `${folder}/${daemon}.pid`, '--vty_socket', folder, '-A', '127.0.0.1', '-P', '0'],
    ...['-u', 'root', '-g', 'root'],
    ...(daemon === 'mgmtd' ? [] : ['-z', `${folder}/zserv.api`]),
    ...(options.vrfNetns && (daemon === 'zebra' || daemon === 'mgmtd') ? ['-w'] : []),
    ...(daemon === 'zebra' ? ['-s', '16777216'] : []),
  ];
}
