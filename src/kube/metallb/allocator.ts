import { type Ipv4, isIpv4 } from '../../net/address.ts';
import { type Control, note } from '../control/control-plane.ts';
import type { Service } from '../objects.ts';
import { selectorMatches } from '../selector.ts';
import { addressesIn, rangeContains } from './address-range.ts';
import type { MetallbConfig, PoolConfig } from './config.ts';

const REQUESTED = ['metallb.io/loadBalancerIPs', 'metallb.universe.tf/loadBalancerIPs'];
const REQUESTED_POOL = ['metallb.io/address-pool', 'metallb.universe.tf/address-pool'];
const ALLOCATED_FROM = 'metallb.io/ip-allocated-from-pool';
const FROM = 'metallb-controller';

/** MetalLB's controller: gives every LoadBalancer service an address of a pool. Sharing an address is not modelled. */
export function assignAddresses(control: Control, config: MetallbConfig): void {
  for (const service of control.store.list('Service')) {
    if (service.spec.loadBalancerClass !== undefined) continue;
    if (service.spec.type === 'LoadBalancer') converge(control, config, service);
    else if (addressOfService(service) !== undefined) clear(control, service);
  }
}

export function addressOfService(service: Service): Ipv4 | undefined {
  return service.status.loadBalancer.ingress?.[0]?.ip;
}

/** The pool an address belongs to. */
export function poolOf(config: MetallbConfig, address: Ipv4): PoolConfig | undefined {
  return config.pools.find(pool => pool.ranges.some(range => rangeContains(range, address)));
}

function converge(control: Control, config: MetallbConfig, before: Service): void {
  let service = before;
  if (config.pools.length === 0) {
    if (addressOfService(service) !== undefined) clear(control, service);
    return;
  }
  const key = `${service.metadata.namespace}/${service.metadata.name}`;
  const wanted = requested(service);
  const held = addressOfService(service);
  if (held !== undefined) {
    const pool = poolOf(config, held);
    const wantedPool = annotation(service, REQUESTED_POOL);
    if (pool === undefined) {
      note(
        control,
        service,
        'Normal',
        'ClearAssignment',
        `current IP for "${key}" not allowed by config, will attempt for new IP assignment: ["${held}"] is not allowed in config`,
        FROM,
      );
    } else if (
      (wanted === undefined || wanted === held) &&
      (wantedPool === undefined || wantedPool === pool.name)
    ) {
      return;
    }
    service = clear(control, service);
  }
  const allocation = allocate(control, config, service, wanted);
  if ('problem' in allocation) {
    const message = `Failed to allocate IP for "${key}": ${allocation.problem}`;
    if (alreadySaid(control, service, message)) return;
    note(control, service, 'Warning', 'AllocationFailed', message, FROM);
    control.report({
      type: 'service-address-refused',
      ...named(control, service),
      because: allocation.problem,
    });
    return;
  }
  const { address, pool } = allocation;
  control.store.replace<Service>({
    ...service,
    metadata: {
      ...service.metadata,
      annotations: { ...service.metadata.annotations, [ALLOCATED_FROM]: pool },
    },
    status: { ...service.status, loadBalancer: { ingress: [{ ip: address, ipMode: 'VIP' }] } },
  });
  note(control, service, 'Normal', 'IPAllocated', `Assigned IP ["${address}"]`, FROM);
  control.report({ type: 'service-got-address', ...named(control, service), address, pool });
}

type Allocation = { readonly address: Ipv4; readonly pool: string } | { readonly problem: string };

function allocate(
  control: Control,
  config: MetallbConfig,
  service: Service,
  wanted: string | undefined,
): Allocation {
  const taken = takenAddresses(control, service);
  const wantedPool = annotation(service, REQUESTED_POOL);
  if (wanted !== undefined) return allocateWanted(config, taken, wanted, wantedPool);
  if (wantedPool !== undefined) {
    const pool = config.pools.find(each => each.name === wantedPool);
    if (pool === undefined) return { problem: `unknown pool "${wantedPool}"` };
    return firstFree(pool, taken) ?? { problem: `no available IPs in pool ${pool.name}` };
  }
  for (const pool of [...pinned(control, config, service), ...config.pools.filter(open)]) {
    const found = firstFree(pool, taken);
    if (found !== undefined) return found;
  }
  return { problem: 'no available IPs' };
}

function allocateWanted(
  config: MetallbConfig,
  taken: ReadonlyMap<Ipv4, string>,
  wanted: string,
  wantedPool: string | undefined,
): Allocation {
  if (!isIpv4(wanted)) return { problem: `invalid requested loadBalancer IP "${wanted}"` };
  const pool = poolOf(config, wanted);
  if (pool === undefined) return { problem: `["${wanted}"] is not allowed in config` };
  if (wantedPool !== undefined && pool.name !== wantedPool)
    return {
      problem: `requested loadBalancer IP(s) ["${wanted}"] is not compatible with requested address pool ${wantedPool}`,
    };
  const holder = taken.get(wanted);
  if (holder !== undefined)
    return {
      problem: `can't change sharing key for "${holder}", address also in use by ${holder}`,
    };
  return { address: wanted, pool: pool.name };
}

function open(pool: PoolConfig): boolean {
  return pool.autoAssign && pool.allocation === undefined;
}

/** Pools reserved for the service's namespace or labels, by priority (the lower number first, 0 last). */
function pinned(control: Control, config: MetallbConfig, service: Service): PoolConfig[] {
  const namespace = service.metadata.namespace ?? 'default';
  const namespaceLabels = control.store.get('Namespace', namespace)?.metadata.labels;
  const rank = (pool: PoolConfig) => pool.allocation?.priority || Number.POSITIVE_INFINITY;
  return config.pools
    .filter(({ autoAssign, allocation }) => {
      if (!autoAssign || allocation === undefined) return false;
      const { namespaces, namespaceSelectors, serviceSelectors } = allocation;
      const byNamespace = namespaces.length > 0 || namespaceSelectors.length > 0;
      return (
        (!byNamespace ||
          namespaces.includes(namespace) ||
          namespaceSelectors.some(selector => selectorMatches(selector, namespaceLabels))) &&
        (serviceSelectors.length === 0 ||
          serviceSelectors.some(selector => selectorMatches(selector, service.metadata.labels)))
      );
    })
    .sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

function firstFree(
  pool: PoolConfig,
  taken: ReadonlyMap<Ipv4, string>,
): { readonly address: Ipv4; readonly pool: string } | undefined {
  for (const address of addressesIn(pool.ranges, pool.avoidBuggyIps)) {
    if (!taken.has(address)) return { address, pool: pool.name };
  }
  return undefined;
}

function takenAddresses(control: Control, except: Service): Map<Ipv4, string> {
  const taken = new Map<Ipv4, string>();
  for (const other of control.store.list('Service')) {
    const address = addressOfService(other);
    if (address !== undefined && other.metadata.uid !== except.metadata.uid)
      taken.set(address, `${other.metadata.namespace}/${other.metadata.name}`);
  }
  return taken;
}

function clear(control: Control, service: Service): Service {
  const { [ALLOCATED_FROM]: _, ...annotations } = service.metadata.annotations ?? {};
  return control.store.replace<Service>({
    ...service,
    metadata: { ...service.metadata, annotations },
    status: { ...service.status, loadBalancer: {} },
  });
}

function requested(service: Service): string | undefined {
  return annotation(service, REQUESTED)?.split(',')[0]?.trim() ?? service.spec.loadBalancerIP;
}

function annotation(service: Service, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = service.metadata.annotations?.[key];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

function alreadySaid(control: Control, service: Service, message: string): boolean {
  const { namespace = 'default', name } = service.metadata;
  return control.occurrences
    .about(control.now, 'service', namespace, name)
    .some(entry => entry.message === message);
}

function named(control: Control, service: Service) {
  return {
    cluster: control.cluster,
    namespace: service.metadata.namespace ?? 'default',
    service: service.metadata.name,
  };
}
