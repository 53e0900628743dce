import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProxyDecision, proxyDecision } from './kube-proxy.ts';
import type { EndpointSlice, Service } from './objects.ts';

const meta = { name: 'web', namespace: 'default' };

function service(policy: 'Cluster' | 'Local'): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta,
    spec: {
      type: 'LoadBalancer',
      clusterIP: '10.96.0.50',
      ports: [{ name: 'http', port: 80, targetPort: 8080, nodePort: 30_100, protocol: 'TCP' }],
      externalTrafficPolicy: policy,
    },
    status: { loadBalancer: { ingress: [{ ip: '10.9.0.1' }] } },
  };
}

/** Two pods on worker, one on worker2. */
const pods: readonly (readonly [string, string])[] = [
  ['10.244.1.2', 'worker'],
  ['10.244.1.3', 'worker'],
  ['10.244.2.2', 'worker2'],
];

function slice(
  endpoints: readonly (readonly [string, string])[],
  conditions = { ready: true, serving: true, terminating: false },
): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: meta,
    addressType: 'IPv4',
    endpoints: endpoints.map(([address, nodeName]) => ({ addresses: [address], conditions, nodeName })),
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  };
}

function decide(
  policy: 'Cluster' | 'Local',
  packet: { readonly destination: string; readonly port: number; readonly external?: boolean },
  options: {
    readonly node?: string;
    readonly slices?: readonly EndpointSlice[];
    readonly random?: number;
  } = {},
): ProxyDecision {
  return proxyDecision(
    [{ service: service(policy), slices: options.slices ?? [slice(pods)] }],
    options.node ?? 'worker',
    ['172.18.0.3', '192.168.101.101'],
    { external: true, ...packet },
    () => options.random ?? 0,
  );
}

const vip = { destination: '10.9.0.1', port: 80 };

describe('Cluster', () => {
  it('takes any ready endpoint, each with the same share, and hides the client', () => {
    const share = (random: number) => decide('Cluster', vip, { random });
    expect(share(0)).toMatchObject({
      type: 'translate',
      address: '10.244.1.2',
      port: 8080,
      masquerade: true,
    });
    expect(share(0.34)).toMatchObject({ address: '10.244.1.3' });
    expect(share(0.99)).toMatchObject({ address: '10.244.2.2', node: 'worker2' });
  });

  it('refuses when there is no endpoint at all', () => {
    expect(decide('Cluster', vip, { slices: [slice([])] })).toEqual({
      type: 'reject',
      service: 'default/web',
      because: 'service default/web has no endpoints',
    });
  });
});

describe('Local', () => {
  it('takes an endpoint of its own node and keeps the client’s address', () => {
    expect(decide('Local', vip, { random: 0.99 })).toMatchObject({
      address: '10.244.1.3',
      masquerade: false,
    });
    expect(decide('Local', vip, { node: 'worker2' })).toMatchObject({ address: '10.244.2.2' });
  });

  it('drops what comes from outside to a node without endpoints', () => {
    expect(decide('Local', vip, { node: 'control-plane' })).toEqual({
      type: 'drop',
      service: 'default/web',
      because: 'externalTrafficPolicy is Local and control-plane has no endpoint of default/web',
    });
  });

  it('lets pods of the cluster reach any endpoint', () => {
    const inside = decide('Local', { ...vip, external: false }, { node: 'control-plane' });
    expect(inside).toMatchObject({ type: 'translate', masquerade: true });
  });

  it('uses terminating endpoints that still serve when it has no other', () => {
    const leaving = slice(pods, { ready: false, serving: true, terminating: true });
    expect(decide('Local', vip, { slices: [leaving] })).toMatchObject({ address: '10.244.1.2' });
  });
});

it('translates the cluster address without hiding anybody, and node ports on every address of the node', () => {
  expect(decide('Cluster', { destination: '10.96.0.50', port: 80, external: false })).toMatchObject({
    masquerade: false,
  });
  for (const destination of ['172.18.0.3', '192.168.101.101'])
    expect(decide('Cluster', { destination, port: 30_100 })).toMatchObject({ type: 'translate' });
});

it('leaves everything else alone', () => {
  for (const [destination, port] of [
    ['10.9.0.1', 81],
    ['10.9.0.2', 80],
    ['172.18.0.9', 30_100],
  ] as const)
    expect(decide('Cluster', { destination, port })).toEqual({ type: 'none' });
});

it('never sends a connection from outside off the node under Local', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.ipV4(), fc.constantFrom('worker', 'worker2', 'worker3')), { maxLength: 8 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (endpoints, random) => {
        const decision = decide('Local', vip, { slices: [slice(endpoints)], random });
        const here = endpoints.filter(([, node]) => node === 'worker');
        if (endpoints.length === 0) expect(decision.type).toBe('reject');
        else if (here.length === 0) expect(decision.type).toBe('drop');
        else
          expect(here.map(([address]) => address)).toContain(
            decision.type === 'translate' ? decision.address : '',
          );
      },
    ),
  );
});
