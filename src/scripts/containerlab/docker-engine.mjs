import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ask, installDebian } from './run.mjs';

const runFolder = '/run/srklab-test';
const dataFolder = '/var/lib/srklab-test';
const ownHost = `unix://${runFolder}/docker.sock`;
const pidFile = `${runFolder}/docker.pid`;

/**
 * A Docker engine: the one that answers already, else one of our own from Debian's package, beside everything the system
 * may have (its own socket, data, runtime folder and no bridge). Returns its address and
 * whether it was started for us, undefined when there is none to be had.
 */
export async function startDocker() {
  const found = [process.env.DOCKER_HOST, ownHost, 'unix:///var/run/docker.sock'].find(
    host => host !== undefined && answers(host),
  );
  if (found !== undefined) return { host: found, started: false };
  if (process.getuid() !== 0) {
    console.error('No Docker engine answers, and only root can start one.');
    return undefined;
  }
  if (!installDebian({ dockerd: 'docker.io', docker: 'docker.io', iptables: 'iptables' })) return undefined;
  mkdirSync(runFolder, { recursive: true, mode: 0o700 });
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const log = openSync(`${dataFolder}/dockerd.log`, 'w', 0o600);
  const engine = spawn('dockerd', engineArguments(), { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended = false;
  engine.once('error', () => {
    ended = true;
  });
  engine.once('exit', () => {
    ended = true;
  });
  engine.unref();
  for (const limit = Date.now() + 60_000; Date.now() < limit && !ended; ) {
    if (answers(ownHost)) return { host: ownHost, started: true };
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  console.error(`dockerd did not start:\n${readFileSync(`${dataFolder}/dockerd.log`, 'utf8').slice(-2000)}`);
  return undefined;
}

/** Ends the engine that `startDocker` started, and nothing else; its images stay for the next time. */
export async function stopDocker() {
  const pid = Number(textOf(pidFile));
  if (!(pid > 1) || !textOf(`/proc/${pid}/cmdline`).includes(dataFolder)) return false;
  process.kill(pid, 'SIGTERM');
  for (const limit = Date.now() + 60_000; Date.now() < limit; ) {
    if (!textOf(`/proc/${pid}/cmdline`).includes(dataFolder)) {
      rmSync(`${runFolder}/docker.sock`, { force: true });
      return true;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  console.error(`dockerd ${pid} does not end.`);
  return false;
}

function engineArguments() {
  return [
    ...['--host', ownHost, '--pidfile', pidFile, '--bridge', 'none'],
    ...['--data-root', `${dataFolder}/docker`, '--exec-root', `${runFolder}/exec`],
    ...runtimeArguments(),
  ];
}

/** Privileged containers need every capability that runc knows: where the machine lacks CAP_SYS_RESOURCE they go without it. */
function runtimeArguments() {
  const bounding = BigInt(`0x${/^CapBnd:\s*(\w+)/m.exec(textOf('/proc/self/status'))?.[1] ?? '0'}`);
  if ((bounding >> 24n) & 1n) return [];
  const wrapper = `${dataFolder}/runc-without-sys-resource`;
  writeFileSync(wrapper, wrapperScript);
  chmodSync(wrapper, 0o755);
  return ['--add-runtime', `srklab=${wrapper}`, '--default-runtime', 'srklab'];
}

const wrapperScript = `#!/bin/sh
# runc for machines whose capability bounding set lacks CAP_SYS_RESOURCE: privileged containers go without it.
before=
for word; do
  case $before in
    --bundle | -b) file=$word/config.json ;;
    --process | -p) file=$word ;;
  esac
  before=$word
done
[ -z "$file" ] || sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$file"
exec runc "$@"
`;

function answers(host) {
  return ask(['docker', 'info'], { env: { DOCKER_HOST: host } }) !== undefined;
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
