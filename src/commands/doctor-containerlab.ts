import { overlapping } from '../engines/containerlab/build/network-fit.ts';
import { stepsOf } from '../engines/containerlab/build/steps.ts';
import type { Machine } from '../engines/containerlab/machine.ts';
import type { Lab } from '../lab/lab.ts';
import { containerlab, containerlabEnv, readContainerlabVersion } from '../programs/containerlab.ts';
import { type DockerImage, type DockerNetwork, type DockerVersion, oneImage } from '../programs/docker.ts';
import { type HostFacts, hostFacts } from '../programs/host-facts.ts';
import { kind, readKindVersion } from '../programs/kind.ts';
import { kubectl, readKubectlVersion } from '../programs/kubectl.ts';
import { plainText } from '../programs/plain-text.ts';
import { lastLines, runProgram } from '../programs/run-program.ts';
import type { DoctorRow } from './doctor.ts';
import { hostRows } from './doctor-host.ts';
import { toolRows } from './doctor-tools.ts';

/** What was found on this machine. A tool's version, or what it said instead. */
export type Findings = {
  readonly host: HostFacts;
  readonly docker: DockerVersion | string;
  /** Undefined while Docker does not answer. */
  readonly networks: readonly DockerNetwork[] | undefined;
  readonly images: readonly DockerImage[] | undefined;
  readonly containerlab: ToolAnswer;
  readonly kind: ToolAnswer;
  readonly kubectl: ToolAnswer;
  /** How containerlab gets root's rights; a sentence why it does not. */
  readonly root: { readonly how: string } | string;
};

export type ToolAnswer = { readonly version: string } | { readonly problem: string };

/** What `--lab containerlab` takes of this machine: all of it is asked at once. */
export async function containerlabRows(machine: Machine): Promise<DoctorRow[]> {
  return rowsOf(await find(machine), machine.lab);
}

export function rowsOf(findings: Findings, lab: Lab): DoctorRow[] {
  return [
    ...toolRows(findings, lab),
    ...hostRows(findings, lab),
    addressRow(findings, lab),
    imageRow(findings, lab),
  ];
}

/** Of what only Docker could tell. */
const UNKNOWN = 'not known while Docker does not answer';

async function find(machine: Machine): Promise<Findings> {
  const { docker } = machine;
  const tool = async (
    argv: readonly string[],
    read: (text: string) => string | undefined,
  ): Promise<ToolAnswer> => {
    const result = await machine.run(argv, { env: containerlabEnv, timeout: 20_000 });
    const version = read(plainText(result.stdout));
    if (version !== undefined) return { version };
    const missing = result.problem?.includes('ENOENT') === true;
    return { problem: missing ? 'not there' : (result.problem ?? plainText(lastLines(result, 1))) };
  };
  const version = await docker.version();
  const answers = version.outcome === 'done';
  const folder = answers ? version.value.folder : '/';
  const [host, networks, images, clab, kindAnswer, kubectlAnswer, root] = await Promise.all([
    hostFacts(folder),
    answers ? docker.networks() : version,
    answers ? docker.images() : version,
    tool(containerlab.version(), readContainerlabVersion),
    tool(kind.version(), readKindVersion),
    tool(kubectl.version(), readKubectlVersion),
    rootHere(machine),
  ]);
  return {
    host,
    docker: answers ? version.value : version.because,
    networks: networks.outcome === 'done' ? networks.value : undefined,
    images: images.outcome === 'done' ? images.value : undefined,
    ...{ containerlab: clab, kind: kindAnswer, kubectl: kubectlAnswer, root },
  };
}

async function rootHere({ privilege }: Machine): Promise<Findings['root']> {
  if (privilege === 'root') return { how: 'this is root' };
  if (privilege === 'clab_admins') return { how: 'member of clab_admins' };
  const sudo = await runProgram(['sudo', '-n', '-E', 'true']);
  return sudo.exitCode === 0
    ? { how: 'sudo without a password' }
    : 'neither root, nor in clab_admins, nor sudo without a password';
}

function addressRow({ networks }: Findings, lab: Lab): DoctorRow {
  const { name, prefix } = lab.network;
  const common = {
    name: 'addresses',
    needed: `${prefix} for the Docker network ${name}`,
    because: 'switches and Kubernetes nodes get their addresses from it',
  };
  if (networks === undefined) return { ...common, verdict: 'warn', found: UNKNOWN };
  const own = networks.find(network => network.name === name);
  const taken = overlapping(networks, name, prefix);
  if (own !== undefined && !own.subnets.includes(prefix))
    return {
      ...{ ...common, verdict: 'fail' },
      found: `the network ${name} is there with ${own.subnets.join(', ') || 'no addresses'}`,
      fix: `docker network rm ${name} if nothing needs it, or another network: or prefix: in the lab’s files`,
    };
  if (taken.length > 0)
    return {
      ...{ ...common, verdict: 'fail' },
      found: taken.map(one => `the network ${one.name} has ${one.subnets.join(', ')}`).join('; '),
      fix: `docker network rm ${taken[0]?.name} if nothing needs it, or another prefix: in the lab’s files`,
    };
  return { ...common, verdict: 'ok', found: own === undefined ? 'free' : `the network ${name} fits` };
}

function imageRow({ images }: Findings, lab: Lab): DoctorRow {
  const wanted = stepsOf(lab).flatMap(({ work }) => (work.type === 'pull' ? [work.image] : []));
  const common = {
    name: 'images',
    needed: 'all images of the lab',
    because:
      'the build pulls what is missing: with nothing here some 3 GB over the network, for which it takes as long as that takes',
  };
  if (images === undefined) return { ...common, verdict: 'warn', found: UNKNOWN };
  const held = (name: string) => {
    const plain = oneImage(name);
    return images.find(({ names }) => names.includes(plain));
  };
  const missing = wanted.filter(name => held(name) === undefined);
  const bytes = wanted.reduce((sum, name) => sum + (held(name)?.bytes ?? 0), 0);
  const here = `${wanted.length - missing.length} of ${wanted.length} are here (${gigabytes(bytes)})`;
  return {
    ...common,
    verdict: missing.length === 0 ? 'ok' : 'warn',
    found: missing.length === 0 ? here : `${here}; to be pulled: ${missing.join(', ')}`,
    ...(missing.length > 0 && {
      fix: missing.map(name => `docker pull ${name}`).join(' && '),
      safeFix: missing.map(name => ['docker', 'pull', name]),
    }),
  };
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
