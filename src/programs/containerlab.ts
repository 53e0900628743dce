import { argument } from './argument.ts';

/**
 * How containerlab gets root's rights: we are root; its binary is SUID and we are in clab_admins; or through sudo, which must not
 * ask for a password (nobody could answer).
 */
export type Privilege = 'root' | 'clab_admins' | 'sudo';

/** Command lines of containerlab 0.78 to 0.81. Topologies are absolute paths. */
export const containerlab = {
  version: (): string[] => ['containerlab', 'version'],
  /** A lab that runs already is brought to what the topology says; nothing is wiped. */
  deploy: (privilege: Privilege, topology: string): string[] => [
    ...asRoot(privilege, 'deploy'),
    ...['-t', argument.path(topology), '--format', 'json'],
  ],
  /** Removes the lab's containers and its folder. The Docker network is ours to remove, not containerlab's. */
  destroy: (privilege: Privilege, topology: string): string[] => [
    ...asRoot(privilege, 'destroy'),
    ...['-t', argument.path(topology), '--cleanup', '--keep-mgmt-net'],
  ],
  /** Of a lab whose topology file is gone. */
  destroyNamed: (privilege: Privilege, lab: string): string[] => [
    ...asRoot(privilege, 'destroy'),
    ...['--name', argument.name(lab), '--cleanup', '--keep-mgmt-net'],
  ],
  /** Stops a node; its links are parked, and its neighbours see their ports down. */
  stopNode: (privilege: Privilege, topology: string, node: string): string[] => [
    ...asRoot(privilege, 'stop'),
    ...['-t', argument.path(topology), '--node', argument.name(node)],
  ],
  /** Starts it again with the links that it had. */
  startNode: (privilege: Privilege, topology: string, node: string): string[] => [
    ...asRoot(privilege, 'start'),
    ...['-t', argument.path(topology), '--node', argument.name(node)],
  ],
  inspect: (lab: string): string[] => ['containerlab', 'inspect', '--name', argument.name(lab), '-f', 'json'],
  interfaces: (privilege: Privilege, lab: string): string[] => [
    ...asRoot(privilege, 'inspect', 'interfaces'),
    ...['--name', argument.name(lab), '-f', 'json'],
  ],
  /** A cable between two running containers. */
  veth: (privilege: Privilege, a: Endpoint, b: Endpoint, mtu: number): string[] => [
    ...asRoot(privilege, 'tools', 'veth', 'create'),
    ...['-a', endpoint(a), '-b', endpoint(b), '-m', argument.whole(mtu)],
  ],
  /** Replaces everything that was set on the interface; applies to what leaves it. */
  impair: (privilege: Privilege, on: Endpoint, impairment: Impairment): string[] => [
    ...asRoot(privilege, 'tools', 'netem', 'set'),
    ...['-n', argument.name(on.container), '-i', argument.device(on.device)],
    ...(impairment.delayMs === undefined ? [] : ['--delay', `${argument.amount(impairment.delayMs)}ms`]),
    ...(impairment.jitterMs === undefined ? [] : ['--jitter', `${argument.amount(impairment.jitterMs)}ms`]),
    ...(impairment.lossPercent === undefined ? [] : ['--loss', argument.amount(impairment.lossPercent)]),
  ],
  repair: (privilege: Privilege, on: Endpoint): string[] => [
    ...asRoot(privilege, 'tools', 'netem', 'reset'),
    ...['-n', argument.name(on.container), '-i', argument.device(on.device)],
  ],
  impairments: (container: string): string[] => [
    ...['containerlab', 'tools', 'netem', 'show', '-n', argument.name(container), '--format', 'json'],
  ],
  /** Containers and interfaces as they change, with counters; a line of JSON each, until it is ended. */
  events: (privilege: Privilege, intervalSeconds: number): string[] => [
    ...asRoot(privilege, 'events'),
    ...['--format', 'json', '--initial-state', '--interface-stats'],
    ...['--interface-stats-interval', `${argument.whole(intervalSeconds)}s`],
  ],
};

/** It asks its makers' server for a newer version, unless told not to. Nothing leaves the lab. */
export const containerlabEnv: Readonly<Record<string, string>> = { CLAB_VERSION_CHECK: 'disable' };

/** A container by its full name, and a device in it. */
export type Endpoint = { readonly container: string; readonly device: string };

export type Impairment = {
  readonly delayMs?: number;
  readonly jitterMs?: number;
  readonly lossPercent?: number;
};

export type InspectedNode = {
  readonly lab: string;
  readonly name: string;
  readonly containerId: string;
  readonly image: string;
  readonly kind: string;
  readonly state: string;
  readonly status: string;
  readonly address: string;
  /** The topology that it was deployed from. */
  readonly topology: string;
};

export type InspectedInterface = {
  readonly container: string;
  readonly name: string;
  readonly alias: string;
  readonly state: string;
  readonly mtu: number;
};

export type ShownImpairment = {
  readonly interface: string;
  readonly delay: string;
  readonly jitter: string;
  readonly lossPercent: number;
};

/** "0.79.0" of the text that `containerlab version` prints. */
export function readContainerlabVersion(text: string): string | undefined {
  return /^\s*version:\s*v?(\d+\.\d+\.\d+\S*)/m.exec(text)?.[1];
}

/** `inspect -f json`: labs by name since 0.68, one list of containers before. */
export function readInspect(text: string): InspectedNode[] {
  const said = json(text);
  const containers = Array.isArray(said) ? said : Object.values(object(said)).flat();
  const listed = containers
    .map(object)
    .flatMap(one => ('containers' in one ? list(one['containers']) : [one]));
  return listed.map(one => ({
    lab: string(one['lab_name']),
    name: string(one['name']),
    containerId: string(one['container_id']),
    image: string(one['image']),
    kind: string(one['kind']),
    state: string(one['state']),
    status: string(one['status']),
    address: string(one['ipv4_address']).split('/')[0] ?? '',
    topology: string(one['absLabPath']) || string(one['labPath']),
  }));
}

export function readInterfaces(text: string): InspectedInterface[] {
  return list(json(text)).flatMap(node =>
    list(node['interfaces']).map(one => ({
      container: string(node['name']),
      name: string(one['name']),
      alias: string(one['alias']),
      state: string(one['state']),
      mtu: typeof one['mtu'] === 'number' ? one['mtu'] : 0,
    })),
  );
}

/** What is set on a container's interfaces; "mgmt0-0 (mgmt0.0)" loses its alias. */
export function readImpairments(text: string): ShownImpairment[] {
  return Object.values(object(json(text)))
    .flatMap(list)
    .map(one => ({
      interface: string(one['interface']).split(' ')[0] ?? '',
      delay: string(one['delay']),
      jitter: string(one['jitter']),
      lossPercent: typeof one['packet_loss'] === 'number' ? one['packet_loss'] : 0,
    }));
}

/** `netem reset` where nothing is set fails with the kernel's EINVAL (seen with 0.79): there is nothing to take away. */
export function hadNothingToRepair(argv: readonly string[], printed: string): boolean {
  return argv.includes('netem') && argv.includes('reset') && /invalid argument/i.test(printed);
}

function asRoot(privilege: Privilege, ...words: string[]): string[] {
  return [...(privilege === 'sudo' ? ['sudo', '-n', '-E'] : []), 'containerlab', ...words];
}

function endpoint({ container, device }: Endpoint): string {
  return `${argument.name(container)}:${argument.device(device)}`;
}

type Json = Readonly<Record<string, unknown>>;

function json(text: string): unknown {
  const start = text.search(/[[{]/);
  try {
    return start < 0 ? undefined : JSON.parse(text.slice(start));
  } catch {
    return undefined;
  }
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
