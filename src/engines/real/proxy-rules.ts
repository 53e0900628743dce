import type { ProxiedService } from '../../kube/kube-proxy.ts';
import type { ServicePort } from '../../kube/objects.ts';
import type { Ipv4 } from '../../net/address.ts';

const MASQUERADE = '0x4000';

/**
 * kube-proxy's work on one node, in nftables: connections to a service address go to one of its endpoints by chance.
 * `Cluster`: any endpoint, and the source becomes the node's own address. `Local`: own endpoints only, the client's
 * address stays, and without one the packet is dropped.
 */
export function proxyRules(services: readonly ProxiedService[], node: string, podSubnet: string): string {
  const lines = services.flatMap(service => serviceLines(service, node, podSubnet));
  return [
    'table ip kube-proxy',
    'delete table ip kube-proxy',
    'table ip kube-proxy {',
    '  chain services {',
    ...lines.map(line => `    ${line}`),
    '  }',
    '  chain prerouting { type nat hook prerouting priority -100; jump services; }',
    '  chain output { type nat hook output priority -100; jump services; }',
    `  chain postrouting { type nat hook postrouting priority 100; meta mark and ${MASQUERADE} == ${MASQUERADE} masquerade; }`,
    '  chain refused { type filter hook prerouting priority -150;',
    ...services.flatMap(service => refusalLines(service, node, podSubnet)).map(line => `    ${line}`),
    '  }',
    '}',
    '',
  ].join('\n');
}

function serviceLines({ service, slices }: ProxiedService, node: string, podSubnet: string): string[] {
  return service.spec.ports.flatMap(port => {
    const all = targetsOf({ service, slices }, port);
    if (all.length === 0) return [];
    const clusterIp = translation(service.spec.clusterIP, port, all, '');
    const external =
      service.status.loadBalancer.ingress?.flatMap(({ ip }) => (ip === undefined ? [] : [ip])) ?? [];
    return [
      ...(service.spec.clusterIP === 'None' ? [] : clusterIp),
      ...external.flatMap(address => {
        if (service.spec.externalTrafficPolicy !== 'Local')
          return translation(address, port, all, `meta mark set meta mark or ${MASQUERADE} `);
        const own = all.filter(target => target.node === node);
        // Pods of the cluster reach the address by the cluster-wide rules whatever the policy is.
        const fromPods = translation(address, port, all, '', `ip saddr ${podSubnet} `);
        return [...fromPods, ...(own.length === 0 ? [] : translation(address, port, own, ''))];
      }),
    ];
  });
}

/** Where nothing may answer: dropped for `Local` without an endpoint here, rejected without any endpoint. */
function refusalLines({ service, slices }: ProxiedService, node: string, podSubnet: string): string[] {
  return service.spec.ports.flatMap(port => {
    const all = targetsOf({ service, slices }, port);
    const own = all.filter(target => target.node === node);
    const external =
      service.status.loadBalancer.ingress?.flatMap(({ ip }) => (ip === undefined ? [] : [ip])) ?? [];
    return external.flatMap(address => {
      const match = `ip daddr ${address} ${protocolOf(port)} dport ${port.port}`;
      if (all.length === 0) return [`${match} reject`];
      if (service.spec.externalTrafficPolicy === 'Local' && own.length === 0)
        return [`ip saddr != ${podSubnet} ${match} drop`];
      return [];
    });
  });
}

function translation(
  address: Ipv4,
  port: ServicePort,
  targets: readonly Target[],
  mark: string,
  from = '',
): string[] {
  const map = targets.map((target, index) => `${index} : ${target.address} . ${target.port}`).join(', ');
  return [
    `${from}ip daddr ${address} ${protocolOf(port)} dport ${port.port} ${mark}dnat ip to numgen random mod ${targets.length} map { ${map} }`,
  ];
}

function protocolOf(port: ServicePort): string {
  return port.protocol.toLowerCase();
}

type Target = { readonly address: Ipv4; readonly port: number; readonly node: string | undefined };

/** Ready endpoints; when there is none, those that still serve while they terminate. */
function targetsOf({ slices }: ProxiedService, port: ServicePort): Target[] {
  const of = (usable: (conditions: { readonly ready: boolean; readonly serving: boolean }) => boolean) =>
    slices.flatMap(slice => {
      const target = slice.ports.find(each => each.name === port.name || slice.ports.length === 1);
      if (target?.port === undefined) return [];
      const targetPort = target.port;
      return slice.endpoints
        .filter(({ conditions }) => usable(conditions))
        .flatMap(endpoint =>
          endpoint.addresses.map(address => ({ address, port: targetPort, node: endpoint.nodeName })),
        );
    });
  const ready = of(({ ready: is }) => is);
  return ready.length > 0 ? ready : of(({ serving }) => serving);
}
