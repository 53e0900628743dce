import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DrivenCluster, deploymentOf, serviceOf } from '../test-support/kube-cluster.ts';
import { isAvailable } from './pod.ts';

/*
 *  control-plane (tainted)     worker     worker2
 */

function running(...objects: Parameters<DrivenCluster['apply']>): DrivenCluster {
  return new DrivenCluster().apply(...objects).advance(10_000);
}

describe('a new cluster', () => {
  it('has its nodes Ready and its own pods running', () => {
    const lab = new DrivenCluster();
    expect(lab.facts.filter(fact => fact.type === 'cluster-node-ready').map(fact => fact.at)).toEqual([
      3_000, 4_500, 4_500,
    ]);
    expect(lab.cluster.settled()).toBe(true);
    expect(
      lab.cluster.store.list('Pod').filter(pod => pod.metadata.name.startsWith('kube-proxy')).length,
    ).toBe(3);
  });

  it('gives the same names and addresses for the same seed', () => {
    const names = (seed: number) =>
      new DrivenCluster({ seed })
        .apply(deploymentOf('web', 3))
        .advance(5_000)
        .pods('web')
        .map(pod => `${pod.metadata.name} ${pod.status.podIP}`);
    expect(names(7)).toEqual(names(7));
    expect(names(7)).not.toEqual(names(8));
  });
});

describe('a deployment', () => {
  it('spreads its pods over the workers and leaves the control plane alone', () => {
    expect(running(deploymentOf('web', 4)).placement('web')).toEqual([
      'worker Running',
      'worker Running',
      'worker2 Running',
      'worker2 Running',
    ]);
  });

  it('names pods after its ReplicaSet, in the letters Kubernetes uses', () => {
    const [pod] = running(deploymentOf('web', 1)).pods('web');
    expect(pod?.metadata.name).toMatch(
      /^web-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/,
    );
  });

  it('scales up and down', () => {
    const lab = running(deploymentOf('web', 2));
    expect(lab.scale('web', 5).advance(5_000).readyPods('web').length).toBe(5);
    expect(lab.scale('web', 1).advance(5_000).placement('web').length).toBe(1);
    expect(lab.scale('web', 0).advance(5_000).placement('web')).toEqual([]);
  });

  it('never has fewer pods available than a rolling update allows', () => {
    const lab = running(deploymentOf('web', 4));
    lab.apply(deploymentOf('web', 4, { image: 'web:2.0' }));
    let fewest = 4;
    for (let step = 0; step < 200; step++) {
      lab.advance(50);
      fewest = Math.min(fewest, lab.pods('web').filter(isAvailable).length);
    }
    expect(fewest).toBe(3);
    expect(lab.pods('web').map(pod => pod.spec.containers[0]?.image)).toEqual(new Array(4).fill('web:2.0'));
    const status = lab.cluster.store.get('Deployment', 'web', 'default')?.status;
    expect(status).toMatchObject({ updatedReplicas: 4, availableReplicas: 4, unavailableReplicas: 0 });
  });

  it('does not finish a rollout to an image that is not there', () => {
    const lab = running(deploymentOf('web', 4));
    lab.apply(deploymentOf('web', 4, { image: 'web:2.0', imagePullPolicy: 'Never' })).advance(60_000);
    expect(lab.readyPods('web').length).toBe(3);
    expect(lab.placement('web').filter(each => each.endsWith('ErrImageNeverPull')).length).toBe(2);
    lab.cluster.loadImage('web:2.0');
    lab.advance(30_000);
    expect(lab.pods('web').map(pod => pod.spec.containers[0]?.image)).toEqual(new Array(4).fill('web:2.0'));
  });

  it('replaces a pod that was killed', () => {
    const lab = running(deploymentOf('web', 2));
    const before = lab.pods('web').map(pod => pod.metadata.name);
    lab.cluster.killPod('default', before[0] ?? '', lab.now);
    lab.advance(5_000);
    const after = lab.readyPods('web').map(pod => pod.metadata.name);
    expect(after.length).toBe(2);
    expect(after).not.toContain(before[0]);
    expect(after).toContain(before[1]);
  });

  it('puts nothing on a cordoned node, and says why when no node is left', () => {
    const lab = new DrivenCluster().cordon('worker', true).apply(deploymentOf('web', 2)).advance(5_000);
    expect(lab.placement('web')).toEqual(['worker2 Running', 'worker2 Running']);
    lab.cordon('worker2', true).scale('web', 3).advance(5_000);
    const message = lab.cluster.occurrences
      .all(lab.now)
      .find(each => each.reason === 'FailedScheduling' && each.name.startsWith('web'))?.message;
    expect(message).toBe(
      '0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) were unschedulable.',
    );
    lab.cordon('worker', false).advance(5_000);
    expect(lab.readyPods('web').length).toBe(3);
  });

  it('obeys a node selector', () => {
    const lab = running(
      deploymentOf('web', 3, {}, { nodeSelector: { 'kubernetes.io/hostname': 'worker2' } }),
    );
    expect(lab.placement('web')).toEqual(new Array(3).fill('worker2 Running'));
  });

  it('keeps one pod per node where they want the same host port', () => {
    const lab = running(deploymentOf('web', 3, { ports: [{ containerPort: 80, hostPort: 80 }] }));
    expect(lab.placement('web')).toEqual(['- Pending', 'worker Running', 'worker2 Running']);
  });
});

describe('a container', () => {
  it('is restarted at once the first time and later after a growing wait', () => {
    const lab = running(deploymentOf('web', 1));
    const states: string[] = [];
    for (let round = 0; round < 3; round++) {
      const [pod] = lab.pods('web');
      if (pod === undefined) throw new Error('no pod');
      lab.cluster.killContainer(pod, 'web', lab.now);
      lab.advance(100);
      states.push(...lab.placement('web'));
      lab.advance(25_000);
    }
    expect(states).toEqual([
      'worker ContainerCreating',
      'worker CrashLoopBackOff',
      'worker CrashLoopBackOff',
    ]);
    expect(lab.pods('web')[0]?.status.containerStatuses[0]?.restartCount).toBe(3);
    expect(lab.readyPods('web').length).toBe(1);
  });

  it('is ready when its probe says so', () => {
    const lab = new DrivenCluster().apply(
      deploymentOf('web', 1, { readinessProbe: { initialDelaySeconds: 5, periodSeconds: 2 } }),
    );
    lab.advance(5_500);
    expect(lab.placement('web')).toEqual(['worker Running']);
    expect(lab.readyPods('web').length).toBe(0);
    expect(lab.advance(5_000).readyPods('web').length).toBe(1);
  });
});

describe('a node that falls silent', () => {
  it.each([
    ['v1.37.0', 50_000],
    ['v1.23.17', 40_000],
  ])('is NotReady a grace period after its last lease (%s)', (version, grace) => {
    const lab = new DrivenCluster({ version });
    lab.advance(3_000);
    lab.cluster.stopNode('worker', lab.now);
    lab.advance(120_000);
    const fact = lab.facts.find(each => each.type === 'cluster-node-not-ready');
    // Stopped at 13 s, last lease at 10 s.
    expect(fact).toMatchObject({ at: 10_000 + grace, node: 'worker' });
  });

  it('keeps its endpoints until then, and its pods until their toleration ends', () => {
    const lab = running(deploymentOf('web', 2), serviceOf('web', 'web'));
    const ready = () =>
      lab.cluster.store
        .list('EndpointSlice', 'default')
        .flatMap(slice => slice.endpoints)
        .filter(endpoint => endpoint.conditions.ready)
        .map(endpoint => endpoint.nodeName);
    lab.cluster.stopNode('worker', lab.now);
    expect(ready().sort()).toEqual(['worker', 'worker2']);
    expect(lab.advance(49_000) && ready().sort()).toEqual(['worker', 'worker2']);
    expect(lab.advance(2_000) && ready()).toEqual(['worker2']);
    expect(lab.advance(295_000).placement('web')).toEqual(['worker Running', 'worker2 Running']);
    lab.advance(10_000);
    expect(lab.placement('web')).toEqual(['worker Terminating', 'worker2 Running', 'worker2 Running']);
    expect(ready()).toEqual(['worker2', 'worker2']);
  });

  it('has its pods again when it returns in time, restarted and with new addresses', () => {
    const lab = running(deploymentOf('web', 2));
    const before = lab.pods('web').find(pod => pod.spec.nodeName === 'worker');
    lab.cluster.stopNode('worker', lab.now);
    lab.advance(20_000);
    lab.cluster.startNode('worker', lab.now);
    lab.advance(10_000);
    const after = lab.pods('web').find(pod => pod.spec.nodeName === 'worker');
    expect(after?.metadata.name).toBe(before?.metadata.name);
    expect(after?.status.podIP).not.toBe(before?.status.podIP);
    expect(after?.status.containerStatuses[0]?.restartCount).toBe(1);
    expect(lab.readyPods('web').length).toBe(2);
  });
});

describe('services', () => {
  it('get an address of the upper band and a node port where they need one', () => {
    const lab = new DrivenCluster().apply(serviceOf('web', 'web', { type: 'NodePort' }));
    const service = lab.cluster.store.get('Service', 'web', 'default');
    expect(service?.spec.clusterIP).toMatch(/^10\.96\./);
    expect(service?.spec.ports[0]?.nodePort).toBeGreaterThanOrEqual(30_086);
    expect(service?.spec.externalTrafficPolicy).toBe('Cluster');
  });

  it('keep what they were given when they are applied again', () => {
    const lab = new DrivenCluster().apply(serviceOf('web', 'web', { type: 'NodePort' }));
    const before = lab.cluster.store.get('Service', 'web', 'default');
    const again = lab.cluster.apply(
      serviceOf('web', 'web', { type: 'NodePort', externalTrafficPolicy: 'Local' }),
      lab.now,
    );
    expect(again.outcome).toBe('configured');
    const after = lab.cluster.store.get('Service', 'web', 'default');
    expect(after?.spec.clusterIP).toBe(before?.spec.clusterIP);
    expect(after?.spec.ports).toEqual(before?.spec.ports);
    expect(after?.spec.externalTrafficPolicy).toBe('Local');
  });

  it.each([
    [
      { externalTrafficPolicy: 'local', type: 'LoadBalancer' },
      'The Service "web" is invalid: spec.externalTrafficPolicy: Unsupported value: "local": supported values: "Cluster", "Local"',
    ],
    [
      { externalTrafficPolicy: 'Local' },
      'The Service "web" is invalid: spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
    ],
    [{ ports: [] }, 'The Service "web" is invalid: spec.ports: Required value'],
  ])('are refused in the words of the API server: %j', (spec, message) => {
    const outcome = new DrivenCluster().cluster.apply(serviceOf('web', 'web', spec), 0);
    expect(outcome).toMatchObject({ outcome: 'refused', message });
  });
});

describe('applying', () => {
  it('says created, unchanged, configured, and takes away what is no longer wanted', () => {
    const { cluster, now } = new DrivenCluster();
    const config = (data: Readonly<Record<string, string>>) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data,
    });
    const outcomes = [{ a: '1', b: '2' }, { a: '1', b: '2' }, { a: '3' }].map(
      data => cluster.apply(config(data), now).outcome,
    );
    expect(outcomes).toEqual(['created', 'unchanged', 'configured']);
    expect(cluster.store.get('ConfigMap', 'c', 'default')?.data).toEqual({ a: '3' });
  });

  it('refuses kinds whose definition is not there, and namespaces that are not', () => {
    const { cluster, now } = new DrivenCluster();
    const pool = {
      apiVersion: 'metallb.io/v1beta1',
      kind: 'IPAddressPool',
      metadata: { name: 'p' },
      spec: {},
    };
    expect(cluster.apply(pool, now)).toMatchObject({
      reason: 'NoMatch',
      message: 'no matches for kind "IPAddressPool" in version "metallb.io/v1beta1"',
    });
    const lost = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'nowhere' } };
    expect(cluster.apply(lost, now)).toMatchObject({ message: 'namespaces "nowhere" not found' });
  });
});

it('comes back to what was asked for after any sequence of troubles', () => {
  const trouble = fc.oneof(
    fc.record({ what: fc.constant('stop' as const), node: fc.constantFrom('worker', 'worker2') }),
    fc.record({ what: fc.constant('start' as const), node: fc.constantFrom('worker', 'worker2') }),
    fc.record({ what: fc.constant('cordon' as const), node: fc.constantFrom('worker', 'worker2') }),
    fc.record({ what: fc.constant('scale' as const), replicas: fc.integer({ min: 0, max: 6 }) }),
    fc.record({ what: fc.constant('kill' as const), index: fc.nat(5) }),
    fc.record({ what: fc.constant('update' as const), version: fc.nat(3) }),
    fc.record({ what: fc.constant('wait' as const), time: fc.integer({ min: 100, max: 400_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(trouble, { maxLength: 12 }), troubles => {
      const lab = running(deploymentOf('web', 3), serviceOf('web', 'web'));
      for (const each of troubles) {
        if (each.what === 'stop') lab.cluster.stopNode(each.node, lab.now);
        else if (each.what === 'start') lab.cluster.startNode(each.node, lab.now);
        else if (each.what === 'cordon') lab.cordon(each.node, true);
        else if (each.what === 'scale') lab.scale('web', each.replicas);
        else if (each.what === 'update')
          lab.apply(deploymentOf('web', 3, { image: `web:${each.version}.0` }));
        else if (each.what === 'kill')
          lab.cluster.killPod('default', lab.pods('web')[each.index]?.metadata.name ?? '', lab.now);
        else lab.advance(each.time);
        lab.advance(10);
      }
      for (const node of ['worker', 'worker2']) {
        lab.cluster.startNode(node, lab.now);
        lab.cordon(node, false);
      }
      lab.scale('web', 3).advance(120_000);
      const addresses = lab.readyPods('web').map(pod => pod.status.podIP);
      expect(lab.pods('web').length).toBe(3);
      expect(new Set(addresses).size).toBe(3);
      const endpoints = lab.cluster.store
        .list('EndpointSlice', 'default')
        .flatMap(slice => slice.endpoints.flatMap(endpoint => endpoint.addresses));
      expect(endpoints.sort()).toEqual(addresses.sort());
    }),
    { numRuns: 40 },
  );
});
