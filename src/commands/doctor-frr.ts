import { findFrr } from '../programs/frr.ts';
import { namespaceRights } from '../programs/namespace-rights.ts';
import { runProgram } from '../programs/run-program.ts';
import type { DoctorRow } from './doctor.ts';

/** What `--lab frr` takes of this machine. */
export async function frrRows(env: NodeJS.ProcessEnv): Promise<DoctorRow[]> {
  if (process.platform !== 'linux')
    return [
      {
        name: 'Linux',
        verdict: 'fail',
        found: process.platform,
        needed: 'Linux',
        because: 'the nodes are network namespaces of the Linux kernel',
        fix: 'use the embedded lab, which is the default',
      },
    ];
  return [
    await frrRow(env),
    await namespaceRow(),
    await iprouteRow(),
    await nftRow(),
    ...(await probeRows()),
  ];
}

async function frrRow(env: NodeJS.ProcessEnv): Promise<DoctorRow> {
  const found = await findFrr(env);
  const needed = 'FRR 10 or newer';
  const because = 'its daemons are the switches; older ones lose the tenant’s routes';
  if (found.outcome === 'found') {
    const { root, version } = found.frr;
    return {
      name: 'FRR',
      verdict: 'ok',
      found: `${version} in ${root === '' ? '/usr/lib/frr' : root}`,
      needed,
      because,
    };
  }
  return { name: 'FRR', verdict: 'fail', found: found.because, needed, because, fix: found.fix };
}

async function namespaceRow(): Promise<DoctorRow> {
  const needed = 'namespaces for everybody';
  const because = 'the lab runs in namespaces of its own, without root';
  const row = { name: 'namespaces', needed, because } as const;
  const rights = await namespaceRights();
  switch (rights.outcome) {
    case 'everybody':
      return { ...row, verdict: 'ok', found: 'allowed' };
    case 'root-only':
      return { ...row, verdict: 'warn', found: 'only as root' };
    case 'nobody':
      return { ...row, verdict: 'fail', found: rights.because, fix: rights.fix };
  }
}

async function iprouteRow(): Promise<DoctorRow> {
  const result = await runProgram(['ip', '-V']);
  const version = /iproute2-([\w.]+)/.exec(result.stdout)?.[1];
  return {
    name: 'iproute2',
    verdict: version === undefined ? 'fail' : 'ok',
    found: version ?? result.problem ?? 'not there',
    needed: 'iproute2',
    because: 'it makes links, bridges and tunnels',
    ...(version === undefined && { fix: 'apt-get install iproute2, or dnf install iproute' }),
  };
}

async function nftRow(): Promise<DoctorRow> {
  const result = await runProgram(['nft', '--version']);
  const version = /v(\S+)/.exec(result.stdout)?.[1];
  return {
    name: 'nftables',
    verdict: version === undefined ? 'fail' : 'ok',
    found: version ?? result.problem ?? 'not there',
    needed: 'nftables',
    because: 'kube-proxy’s rules and silent loss are made with it',
    ...(version === undefined && { fix: 'apt-get install nftables, or dnf install nftables' }),
  };
}

/** What learners type on nodes; nothing of the lab itself needs it. */
async function probeRows(): Promise<DoctorRow[]> {
  const missing: string[] = [];
  for (const [program, argument] of [
    ['ping', '-V'],
    ['traceroute', '--version'],
    ['curl', '--version'],
  ] as const)
    if ((await runProgram([program, argument])).exitCode !== 0) missing.push(program);
  return [
    {
      name: 'probes',
      verdict: missing.length === 0 ? 'ok' : 'warn',
      found: missing.length === 0 ? 'ping, traceroute, curl' : `without ${missing.join(', ')}`,
      needed: 'ping, traceroute and curl',
      because: 'they are typed on the nodes of the lab',
      ...(missing.length > 0 && { fix: 'apt-get install iputils-ping traceroute curl' }),
    },
  ];
}
