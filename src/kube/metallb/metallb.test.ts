import { describe, expect, it } from 'vitest';
import {
  advertisementOf,
  DrivenCluster,
  deploymentOf,
  metallbObjects,
  peerOf,
  poolOf,
  serviceOf,
} from '../../test-support/kube-cluster.ts';
import type { KubeObject } from '../objects.ts';
import { configFromConfigMap } from './config-map.ts';

const lb = { type: 'LoadBalancer' };

/** MetalLB with a pool of three addresses and one advertisement; an application with pods on both workers. */
function withMetallb(...objects: KubeObject[]): DrivenCluster {
  return new DrivenCluster()
    .apply(...metallbObjects())
    .advance(5_000)
    .apply(poolOf('vips', '10.9.0.1-10.9.0.3'), advertisementOf('all'), deploymentOf('web', 2), ...objects)
    .advance(5_000);
}

function addressOf(lab: DrivenCluster, name: string): string | undefined {
  return lab.cluster.store.get('Service', name, 'default')?.status.loadBalancer.ingress?.[0]?.ip;
}

/** "worker: announced" or "worker: reason", the control plane included. */
function decisions(lab: DrivenCluster, name = 'web'): string[] {
  return lab.cluster.metallb
    .announcements()
    .filter(each => each.service.metadata.name === name)
    .map(({ node, decision }) => `${node}: ${decision.announced ? 'announced' : decision.reason}`);
}

describe('the controller', () => {
  it('gives addresses in order, and says so when there is none left', () => {
    const lab = withMetallb(...['a', 'b', 'c', 'd'].map(name => serviceOf(name, 'web', lb)));
    expect(['a', 'b', 'c', 'd'].map(name => addressOf(lab, name))).toEqual([
      '10.9.0.1',
      '10.9.0.2',
      '10.9.0.3',
      undefined,
    ]);
    expect(lab.facts.find(fact => fact.type === 'service-address-refused')).toMatchObject({
      service: 'd',
      because: 'no available IPs',
    });
    const gone = lab.cluster.store.get('Service', 'b', 'default');
    if (gone === undefined) throw new Error('no service b');
    lab.cluster.delete(gone, lab.now);
    expect(addressOf(lab.advance(100), 'd')).toBe('10.9.0.2');
  });

  it('leaves services pending while it does not run or has no pool', () => {
    const lab = new DrivenCluster().apply(serviceOf('web', 'web', lb)).advance(1_000);
    expect(addressOf(lab, 'web')).toBeUndefined();
    lab.apply(...metallbObjects()).advance(5_000);
    expect(addressOf(lab, 'web')).toBeUndefined();
    lab.apply(poolOf('vips', '10.9.0.0/30')).advance(100);
    expect(addressOf(lab, 'web')).toBe('10.9.0.0');
  });

  it.each([
    ['spec.loadBalancerIP', { loadBalancerIP: '10.9.0.2' }, {}],
    ['the annotation', {}, { 'metallb.io/loadBalancerIPs': '10.9.0.2' }],
    ['the old annotation', {}, { 'metallb.universe.tf/loadBalancerIPs': '10.9.0.2' }],
  ])('gives the address that %s asks for', (_, spec, annotations) => {
    const service = serviceOf('web', 'web', { ...lb, ...spec });
    const lab = withMetallb({ ...service, metadata: { ...service.metadata, annotations } });
    expect(addressOf(lab, 'web')).toBe('10.9.0.2');
  });

  it('refuses an address outside its pools', () => {
    const lab = withMetallb(serviceOf('web', 'web', { ...lb, loadBalancerIP: '10.99.0.1' }));
    expect(addressOf(lab, 'web')).toBeUndefined();
    expect(
      lab.cluster.occurrences.about(lab.now, 'service', 'default', 'web').map(each => each.message),
    ).toEqual(['Failed to allocate IP for "default/web": ["10.99.0.1"] is not allowed in config']);
  });

  it('takes an address of a pool only when asked, where autoAssign is false', () => {
    const reserved = {
      ...poolOf('reserved', '10.8.0.0/30'),
      metadata: { name: 'reserved', namespace: 'metallb-system' },
    };
    const quiet = { ...reserved, spec: { addresses: ['10.8.0.0/30'], autoAssign: false } };
    const asked = serviceOf('asked', 'web', lb);
    const lab = withMetallb(quiet, serviceOf('web', 'web', lb), {
      ...asked,
      metadata: { name: 'asked', annotations: { 'metallb.io/address-pool': 'reserved' } },
    });
    expect(addressOf(lab, 'web')).toBe('10.9.0.1');
    expect(addressOf(lab, 'asked')).toBe('10.8.0.0');
  });

  it('moves a service whose pool changed under it', () => {
    const lab = withMetallb(serviceOf('web', 'web', lb));
    lab.apply(poolOf('vips', '10.7.0.0/30')).advance(100);
    expect(addressOf(lab, 'web')).toBe('10.7.0.0');
  });
});

describe('the speakers', () => {
  it('all announce under Cluster, but for the control plane, which is excluded from load balancers', () => {
    expect(decisions(withMetallb(serviceOf('web', 'web', lb)))).toEqual([
      'control-plane: nodeLabeledExcludeBalancers',
      'worker: announced',
      'worker2: announced',
    ]);
  });

  it('announce under Local only where a pod is ready', () => {
    const lab = withMetallb(serviceOf('web', 'web', { ...lb, externalTrafficPolicy: 'Local' }));
    lab.cordon('worker', true).scale('web', 0).advance(5_000).scale('web', 2).advance(5_000);
    expect(decisions(lab).slice(1)).toEqual(['worker: noLocalEndpoints', 'worker2: announced']);
  });

  it('announce nothing without endpoints', () => {
    const lab = withMetallb(serviceOf('web', 'web', lb))
      .scale('web', 0)
      .advance(5_000);
    expect(decisions(lab).slice(1)).toEqual(['worker: noEndpoints', 'worker2: noEndpoints']);
  });

  it('announce nothing without an advertisement: the classic', () => {
    const lab = withMetallb(serviceOf('web', 'web', lb));
    const object = lab.cluster.store.get('BGPAdvertisement', 'all', 'metallb-system');
    if (object === undefined) throw new Error('no advertisement');
    lab.cluster.delete(object, lab.now);
    expect(decisions(lab)).toEqual(['control-plane: notOwner', 'worker: notOwner', 'worker2: notOwner']);
  });

  it('obey the selectors of the advertisement', () => {
    const hostname = (name: string) => [{ matchLabels: { 'kubernetes.io/hostname': name } }];
    const by = (spec: Readonly<Record<string, unknown>>) =>
      decisions(withMetallb(serviceOf('web', 'web', lb), advertisementOf('all', spec))).slice(1);
    expect(by({ nodeSelectors: hostname('worker2') })).toEqual(['worker: notOwner', 'worker2: announced']);
    expect(by({ ipAddressPools: ['others'] })).toEqual(['worker: notOwner', 'worker2: notOwner']);
    expect(by({ serviceSelectors: [{ matchLabels: { tier: 'front' } }] })).toEqual([
      'worker: noMatchingAdvertisement',
      'worker2: noMatchingAdvertisement',
    ]);
  });

  it('refuse two local preferences for one prefix', () => {
    const lab = withMetallb(
      serviceOf('web', 'web', lb),
      advertisementOf('all', { localPref: 100 }),
      advertisementOf('again', { localPref: 200 }),
    );
    expect(decisions(lab)[1]).toBe('worker: conflictingAdvertisements');
  });

  it('respect the label that excludes a node', () => {
    const lab = withMetallb(serviceOf('web', 'web', lb));
    const node = lab.cluster.store.get('Node', 'worker');
    if (node === undefined) throw new Error('no node');
    lab.cluster.edit(node, live => ({
      ...live,
      metadata: {
        ...live.metadata,
        labels: { ...live.metadata.labels, 'node.kubernetes.io/exclude-from-external-load-balancers': '' },
      },
    }));
    expect(decisions(lab)[1]).toBe('worker: nodeLabeledExcludeBalancers');
  });
});

describe('sessions', () => {
  function sessions(lab: DrivenCluster, node: string) {
    const object = lab.cluster.store.get('Node', node);
    if (object === undefined) throw new Error(`no node ${node}`);
    return lab.cluster.metallb.sessions(object);
  }

  it('run on the nodes that the peer selects, with what goes to that peer', () => {
    const lab = withMetallb(
      serviceOf('web', 'web', lb),
      peerOf('leaf-1', { nodeSelectors: [{ matchLabels: { 'kubernetes.io/hostname': 'worker' } }] }),
      peerOf('leaf-2', {
        peerAddress: '1.1.1.202',
        nodeSelectors: [
          {
            matchExpressions: [
              { key: 'kubernetes.io/hostname', operator: 'In', values: ['worker', 'worker2'] },
            ],
          },
        ],
      }),
      advertisementOf('all', { peers: ['leaf-2'] }),
    );
    const seen = ['worker', 'worker2'].map(node =>
      sessions(lab, node).map(each => `${each.peer}: ${each.advertisements.map(one => one.prefix).join()}`),
    );
    expect(seen).toEqual([['leaf-1: ', 'leaf-2: 10.9.0.1/32'], ['leaf-2: 10.9.0.1/32']]);
  });

  it.each([
    ['external without multihop', {}, 1],
    ['external with multihop', { ebgpMultiHop: true }, 255],
    ['internal', { peerASN: 65201 }, 255],
  ])('have the TTL of FRR: %s', (_, spec, ttl) => {
    expect(sessions(withMetallb(peerOf('leaf', spec)), 'worker')[0]?.ttl).toBe(ttl);
  });

  it('take one timer from the other, and FRR’s defaults where nothing is said', () => {
    const timers = (spec: Readonly<Record<string, unknown>>) => {
      const [session] = sessions(withMetallb(peerOf('leaf', spec)), 'worker');
      return [session?.holdTime, session?.keepaliveTime];
    };
    expect(timers({})).toEqual([180_000, 60_000]);
    expect(timers({ holdTime: '9s' })).toEqual([9_000, 3_000]);
    expect(timers({ keepaliveTime: '1s' })).toEqual([3_000, 1_000]);
  });

  it('are not touched by a peer that names a BFD profile which is not there', () => {
    const lab = withMetallb(peerOf('leaf'))
      .apply(peerOf('leaf', { bfdProfile: 'fast' }))
      .advance(100);
    expect(lab.cluster.metallb.problem()).toBe(
      'parsing peer leaf: peer leaf referencing non existing bfd profile fast',
    );
    expect(sessions(lab, 'worker')[0]?.bfd).toBeUndefined();
    lab.apply({
      apiVersion: 'metallb.io/v1beta1',
      kind: 'BFDProfile',
      metadata: { name: 'fast', namespace: 'metallb-system' },
      spec: { transmitInterval: 100 },
    });
    expect(sessions(lab, 'worker')[0]?.bfd).toMatchObject({
      transmitInterval: 100,
      receiveInterval: 300,
      detectMultiplier: 3,
    });
  });

  it('leave TTL and BFD to the kernel in native mode', () => {
    const lab = new DrivenCluster()
      .apply(...metallbObjects('native'))
      .advance(5_000)
      .apply(peerOf('leaf', { bfdProfile: '' }))
      .advance(100);
    expect(lab.cluster.metallb.mode()).toBe('native');
    expect(sessions(lab, 'worker')[0]).toMatchObject({ ttl: 64, holdTime: 90_000 });
  });

  it.each([
    [{ peerAddress: '1.1.1' }, 'invalid BGPPeer address "1.1.1"'],
    [{ peerASN: undefined }, 'missing peer ASN and dynamicASN'],
    [{ holdTime: '2s' }, 'invalid BGPPeer timers: invalid hold time "2s": must be 0 or >=3s'],
    [{ peerASN: 65201, ebgpMultiHop: true }, 'invalid ebgp-multihop parameter set for an ibgp peer'],
  ])('are refused by the webhook: %j', (spec, problem) => {
    const lab = withMetallb();
    expect(lab.cluster.apply(peerOf('leaf', spec), lab.now)).toMatchObject({
      outcome: 'refused',
      message: `admission webhook "bgppeervalidationwebhook.metallb.io" denied the request: ${problem}`,
    });
  });
});

describe('the webhook', () => {
  const webhook = serviceOf('metallb-webhook-service', 'none', { selector: { component: 'controller' } });
  const inMetallb = { ...webhook, metadata: { ...webhook.metadata, namespace: 'metallb-system' } };

  it('refuses resources outside MetalLB’s namespace', () => {
    const lab = withMetallb();
    const lost = { ...peerOf('leaf'), metadata: { name: 'leaf', namespace: 'default' } };
    expect(lab.cluster.apply(lost, lab.now)).toMatchObject({
      message:
        'admission webhook "bgppeervalidationwebhook.metallb.io" denied the request: resource must be created in metallb-system namespace',
    });
  });

  it('fails every request until the controller is ready: the classic right after the installation', () => {
    const lab = new DrivenCluster().apply(...metallbObjects(), inMetallb);
    const outcome = lab.cluster.apply(poolOf('vips', '10.9.0.0/30'), lab.now);
    expect(outcome).toMatchObject({ outcome: 'refused', reason: 'InternalError' });
    expect('message' in outcome ? outcome.message : '').toContain('connect: connection refused');
    lab.advance(5_000);
    expect(lab.cluster.apply(poolOf('vips', '10.9.0.0/30'), lab.now).outcome).toBe('created');
  });
});

describe('the old ConfigMap', () => {
  it('means the same as the resources', () => {
    const config = configFromConfigMap({
      peers: [
        {
          'peer-address': '1.1.1.201',
          'peer-asn': 65301,
          'my-asn': 65201,
          'router-id': '6.5.2.3',
          'node-selectors': [
            { 'match-expressions': [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['worker'] }] },
          ],
        },
      ],
      'address-pools': [{ name: 'default', protocol: 'bgp', addresses: ['10.254.254.240/28'] }],
    });
    if ('problem' in config) throw new Error(config.problem);
    expect(config.peers[0]).toMatchObject({ address: '1.1.1.201', holdTime: 90_000, routerId: '6.5.2.3' });
    expect(config.pools[0]?.ranges[0]?.text).toBe('10.254.254.240/28');
    expect(config.advertisements).toMatchObject([{ pools: ['default'], aggregationLength: 32 }]);
  });

  it('configures a MetalLB that has no custom resources yet', () => {
    const old = metallbObjects('native').filter(object => object.kind !== 'CustomResourceDefinition');
    const config = {
      peers: [{ 'peer-address': '1.1.1.201', 'peer-asn': 65301, 'my-asn': 65201 }],
      'address-pools': [{ name: 'default', protocol: 'bgp', addresses: ['10.254.254.240/28'] }],
    };
    const lab = new DrivenCluster()
      .apply(...old)
      .apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'config', namespace: 'metallb-system' },
        data: { config: JSON.stringify(config) },
      })
      .apply(deploymentOf('web', 2), serviceOf('web', 'web', lb))
      .advance(5_000);
    expect(addressOf(lab, 'web')).toBe('10.254.254.240');
    expect(decisions(lab).slice(1)).toEqual(['worker: announced', 'worker2: announced']);
    const node = lab.cluster.store.get('Node', 'worker');
    expect(node === undefined ? [] : lab.cluster.metallb.sessions(node)).toMatchObject([
      { peerAddress: '1.1.1.201', ttl: 64, advertisements: [{ prefix: '10.254.254.240/32' }] },
    ]);
  });

  it('is refused as a whole when a peer has no AS', () => {
    expect(configFromConfigMap({ peers: [{ 'peer-address': '1.1.1.1', 'my-asn': 1 }] })).toEqual({
      problem: 'parsing peer #1: missing peer ASN',
    });
  });
});
