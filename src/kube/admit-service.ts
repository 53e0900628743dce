import { isIpv4 } from '../net/address.ts';
import { type Admission, type AdmissionContext, admitted, invalid } from './admission-verdict.ts';
import type { KubeObject, Service, ServicePort } from './objects.ts';
import { freeClusterIp, freeNodePort } from './service-addresses.ts';

const POLICIES = ['Cluster', 'Local'];
const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'];

/** Validates a Service and gives it addresses and ports; what it had before it keeps. */
export function admitService(
  object: KubeObject,
  before: Service | undefined,
  context: AdmissionContext,
): Admission {
  const written = (object.spec ?? {}) as Partial<Service['spec']> & {
    readonly ports?: readonly Partial<ServicePort>[];
  };
  const problems: string[] = [];
  const type = written.type ?? 'ClusterIP';
  if (!TYPES.includes(type)) problems.push(unsupported('spec.type', type, TYPES));
  const policy = written.externalTrafficPolicy;
  const external = type === 'LoadBalancer' || type === 'NodePort';
  if (policy !== undefined && !POLICIES.includes(policy))
    problems.push(unsupported('spec.externalTrafficPolicy', policy, POLICIES));
  else if (policy !== undefined && !external)
    problems.push(
      `spec.externalTrafficPolicy: Invalid value: "${policy}": may only be set for externally-accessible services`,
    );
  const ports = written.ports ?? [];
  if (ports.length === 0 && written.clusterIP !== 'None') problems.push('spec.ports: Required value');
  ports.forEach((port, index) => {
    if (!validPort(port.port))
      problems.push(
        `spec.ports[${index}].port: Invalid value: ${port.port ?? 0}: must be between 1 and 65535, inclusive`,
      );
    if (ports.length > 1 && (port.name ?? '') === '')
      problems.push(`spec.ports[${index}].name: Required value`);
  });
  if (written.loadBalancerIP !== undefined && !isIpv4(written.loadBalancerIP))
    problems.push(
      `spec.loadBalancerIP: Invalid value: "${written.loadBalancerIP}": must be a valid IP address`,
    );
  if (before !== undefined && written.clusterIP !== undefined && written.clusterIP !== before.spec.clusterIP)
    problems.push(`spec.clusterIPs[0]: Invalid value: ["${written.clusterIP}"]: may not change once set`);
  if (problems.length > 0) return invalid(object, problems);
  const clusterIP = before?.spec.clusterIP ?? written.clusterIP ?? freeClusterIp(context.store, context);
  const chosen: number[] = [];
  return admitted({
    ...object,
    spec: {
      ...written,
      type,
      clusterIP,
      clusterIPs: [clusterIP],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: written['sessionAffinity'] ?? 'None',
      ...(external ? { externalTrafficPolicy: policy ?? 'Cluster' } : {}),
      ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
      ...(type === 'LoadBalancer' && policy === 'Local'
        ? {
            healthCheckNodePort:
              before?.spec.healthCheckNodePort ?? freeNodePort(context.store, context, chosen),
          }
        : {}),
      ports: ports.map(port => {
        const old = before?.spec.ports.find(
          each => each.port === port.port && each.protocol === (port.protocol ?? 'TCP'),
        );
        const nodePort =
          port.nodePort ??
          old?.nodePort ??
          (external ? freeNodePort(context.store, context, chosen) : undefined);
        return {
          ...port,
          protocol: port.protocol ?? 'TCP',
          targetPort: port.targetPort ?? port.port,
          ...(external && nodePort !== undefined ? { nodePort } : {}),
        };
      }),
    },
    status: before?.status ?? { loadBalancer: {} },
  });
}

function unsupported(field: string, value: string, supported: readonly string[]): string {
  return `${field}: Unsupported value: "${value}": supported values: ${supported.map(each => `"${each}"`).join(', ')}`;
}

function validPort(port: unknown): boolean {
  return Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535;
}
