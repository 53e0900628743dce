type Json = Readonly<Record<string, unknown>>;

export type DockerVersion = {
  readonly version: string;
  readonly api: string;
  /** "2" or "1". */
  readonly cgroup: string;
  readonly processors: number;
  readonly memoryBytes: number;
  readonly storage: string;
  /** Where it keeps images and containers. */
  readonly folder: string;
};

export type DockerNetwork = {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  /** IPv4 and IPv6. */
  readonly subnets: readonly string[];
  readonly gateways: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the containers in it; only where one network was asked for. */
  readonly containers: readonly string[];
};

export type DockerContainer = {
  readonly id: string;
  /** Without the slash that Docker puts before it. */
  readonly name: string;
  readonly image: string;
  readonly state:
    | 'created'
    | 'running'
    | 'paused'
    | 'restarting'
    | 'removing'
    | 'exited'
    | 'dead'
    | 'unknown';
  /** "Up 2 minutes (healthy)"; empty where one container was asked for. */
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  /** By network name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Process id of its first process; only where one container was asked for and it runs. */
  readonly pid?: number;
};

export type DockerImage = {
  readonly id: string;
  /** Names and digests: "alpine:3.22", "alpine@sha256:…". */
  readonly names: readonly string[];
  readonly bytes: number;
};

export type DockerEvent = {
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly type: string;
  /** "start", "die", "pause", "health_status: healthy". */
  readonly action: string;
  readonly id: string;
  /** Of the container or network, where it has one. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
};

export function readVersion(version: Json, info: Json): DockerVersion {
  return {
    version: text(version['Version']),
    api: text(version['ApiVersion']),
    cgroup: text(info['CgroupVersion']) || '1',
    processors: number(info['NCPU']),
    memoryBytes: number(info['MemTotal']),
    storage: text(info['Driver']),
    folder: text(info['DockerRootDir']) || '/var/lib/docker',
  };
}

export function readNetwork(network: Json): DockerNetwork {
  const pools = list(object(network['IPAM'])['Config']);
  return {
    id: text(network['Id']),
    name: text(network['Name']),
    driver: text(network['Driver']),
    subnets: pools.flatMap(pool => nonEmpty(pool['Subnet'])),
    gateways: pools.flatMap(pool => nonEmpty(pool['Gateway'])),
    labels: texts(network['Labels']),
    containers: Object.values(object(network['Containers'])).map(one => text(object(one)['Name'])),
  };
}

/** A container as /containers/json lists it. */
export function readListedContainer(container: Json): DockerContainer {
  const [name = ''] = Array.isArray(container['Names']) ? container['Names'].map(text) : [];
  return {
    id: text(container['Id']),
    name: name.replace(/^\//, ''),
    image: text(container['Image']),
    state: stateOf(container['State']),
    status: text(container['Status']),
    labels: texts(container['Labels']),
    addresses: addressesOf(container),
  };
}

/** A container as /containers/{id}/json tells of it. */
export function readContainer(container: Json): DockerContainer {
  const state = object(container['State']);
  const pid = number(state['Pid']);
  return {
    id: text(container['Id']),
    name: text(container['Name']).replace(/^\//, ''),
    image: text(object(container['Config'])['Image']),
    state: stateOf(state['Status']),
    status: '',
    labels: texts(object(container['Config'])['Labels']),
    addresses: addressesOf(container),
    ...(pid > 0 ? { pid } : {}),
  };
}

export function readImage(image: Json): DockerImage {
  const names = [image['RepoTags'], image['RepoDigests']].flatMap(one => (Array.isArray(one) ? one : []));
  return { id: text(image['Id']), names: names.map(text), bytes: number(image['Size']) };
}

/** Undefined for what is no event. */
export function readEvent(event: Json): DockerEvent | undefined {
  const actor = object(event['Actor']);
  const type = text(event['Type']);
  if (type === '') return undefined;
  const attributes = texts(actor['Attributes']);
  return {
    at: number(event['timeNano']) > 0 ? number(event['timeNano']) / 1e6 : number(event['time']) * 1000,
    type,
    action: text(event['Action']),
    id: text(actor['ID']),
    name: attributes['name'] ?? '',
    attributes,
  };
}

const states = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const;

function stateOf(value: unknown): DockerContainer['state'] {
  return states.find(state => state === value) ?? 'unknown';
}

function addressesOf(container: Json): Readonly<Record<string, string>> {
  const networks = Object.entries(object(object(container['NetworkSettings'])['Networks']));
  return Object.fromEntries(
    networks.flatMap(([name, one]) => {
      const address = text(object(one)['IPAddress']);
      return address === '' ? [] : [[name, address]];
    }),
  );
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function nonEmpty(value: unknown): string[] {
  return text(value) === '' ? [] : [text(value)];
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function texts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(object(value)).flatMap(([name, one]) => (typeof one === 'string' ? [[name, one]] : [])),
  );
}
