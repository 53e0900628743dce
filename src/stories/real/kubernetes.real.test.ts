import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { KubernetesCluster } from '../../engines/containerlab/kubernetes/kubernetes-cluster.ts';
import { EventLog } from '../../engines/real/event-log.ts';
import { LabTime } from '../../engines/real/lab-time.ts';
import type { LabEvent } from '../../lab/event.ts';
import { kubectl } from '../../programs/kubectl.ts';
import { runProgram } from '../../programs/run-program.ts';
import { ApiServer, noApiServer } from '../../test-support/api-server.ts';
import { metallbManifests } from '../../test-support/metallb-manifests.ts';
import { NodeAgent } from '../../test-support/node-agent.ts';
import { talkLab } from '../../test-support/talk-lab.ts';

/*
 * The Kubernetes adapter against Kubernetes' own API server, controllers and scheduler, with the manifests of this repository. There is
 * no kubelet and no MetalLB: NodeAgent says that pods run, and what MetalLB's controller would write into a service is written by the test.
 */

const root = fileURLToPath(new URL('../../..', import.meta.url));
const missing = noApiServer();
const lab = talkLab();
const definition = lab.clusters.find(({ name }) => name === 'datacenter');
const work = mkdtempSync(join(tmpdir(), 'kubernetes-adapter-'));
const events: LabEvent[] = [];
const time = new LabTime();
const log = new EventLog(() => time.now());

let server: ApiServer;
let agent: NodeAgent;
let watched: KubernetesCluster;
let flusher: NodeJS.Timeout;

beforeAll(async () => {
  if (missing !== undefined || definition === undefined) return;
  server = await ApiServer.start();
  agent = new NodeAgent(server.api);
  const controlPlane = {
    'node-role.kubernetes.io/control-plane': '',
    'node.kubernetes.io/exclude-from-external-load-balancers': '',
  };
  await agent.start([
    { name: 'datacenter-control-plane', address: '172.18.0.2', labels: controlPlane },
    { name: 'datacenter-worker', address: '172.18.0.3' },
    { name: 'datacenter-worker2', address: '172.18.0.4' },
  ]);
  log.subscribe(batch => events.push(...batch));
  flusher = setInterval(() => log.flush(), 20);
  watched = new KubernetesCluster({
    lab,
    cluster: definition,
    kubeconfig: server.kubeconfig,
    time,
    events: log,
  });
}, 120_000);

afterAll(async () => {
  clearInterval(flusher);
  watched?.stop();
  agent?.stop();
  await server?.stop();
  rmSync(work, { recursive: true, force: true });
});

async function apply(file: string): Promise<void> {
  const { exitCode, stderr, problem } = await runProgram(kubectl.apply(server.kubeconfig, file), {
    timeout: 60_000,
  });
  expect({ exitCode, stderr, problem }).toEqual({ exitCode: 0, stderr: '', problem: undefined });
}

function told(type: LabEvent['type']): string[] {
  return events
    .filter(event => event.type === type)
    .map(event => {
      const { id: _id, at: _at, cause: _cause, type: _type, ...fact } = event;
      return Object.values(fact).flat().join(' ');
    });
}

function eventually(check: () => void, timeout = 20_000): Promise<void> {
  return vi.waitFor(check, { timeout, interval: 50 });
}

function hello() {
  const service = watched.state().services.find(({ name }) => name === 'hello-lb');
  if (service === undefined) throw new Error('there is no service hello-lb');
  return service;
}

function podsOf(app: string) {
  return watched.state().pods.filter(({ labels }) => labels['app'] === app);
}

describe.skipIf(missing !== undefined)(
  `A real API server${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test('a cluster is listed: its nodes with their roles and addresses in both networks', async () => {
      expect(watched.answering).toEqual({ state: 'waiting', because: 'not asked yet' });
      expect(await watched.start()).toBeUndefined();
      expect(watched.answering).toEqual({ state: 'answering' });
      const { state, nodes } = watched.state();
      expect(state).toBe('running');
      expect(nodes).toEqual([
        {
          name: 'datacenter-control-plane',
          role: 'control-plane',
          ready: true,
          schedulable: true,
          address: '172.18.0.2',
        },
        {
          name: 'datacenter-worker',
          role: 'worker',
          ready: true,
          schedulable: true,
          address: '172.18.0.3',
          fabricAddress: '192.168.101.101',
        },
        {
          name: 'datacenter-worker2',
          role: 'worker',
          ready: true,
          schedulable: true,
          address: '172.18.0.4',
          fabricAddress: '192.168.101.102',
        },
      ]);
    });

    test('the app of this repository: pods are scheduled, become ready and stand behind their service', async () => {
      await apply(join(root, 'app/hello.yaml'));
      await apply(join(root, 'app/hello-lb.yaml'));
      await eventually(() => expect(hello().endpoints.filter(({ ready }) => ready)).toHaveLength(4));
      const pods = podsOf('hello');
      expect(pods).toHaveLength(4);
      expect(pods.every(({ phase, ready, node }) => phase === 'Running' && ready && node !== undefined)).toBe(
        true,
      );
      expect(hello()).toMatchObject({ type: 'LoadBalancer', externalTrafficPolicy: 'Cluster' });
      expect(hello().externalIp).toBeUndefined();
      await eventually(() => {
        expect(told('object-applied')).toContain('datacenter Deployment hello default');
        expect(told('pod-scheduled')).toHaveLength(4);
        expect(told('pod-ready')).toHaveLength(4);
        expect(told('endpoints-changed').at(-1)).toMatch(/^datacenter default hello-lb 4 /);
      });
      const scheduled = events.find(event => event.type === 'pod-scheduled');
      const ready = events.find(
        event =>
          event.type === 'pod-ready' && scheduled?.type === 'pod-scheduled' && event.pod === scheduled.pod,
      );
      expect(ready?.at).toBeGreaterThanOrEqual(scheduled?.at ?? 0);
    });

    test('MetalLB’s kinds are found when their definitions come; who announces is decided from the same objects', async () => {
      const manifests = join(work, 'metallb.json');
      writeFileSync(manifests, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: metallbManifests() }));
      await apply(manifests);
      await eventually(() => expect(podsOf('metallb').filter(({ ready }) => ready)).toHaveLength(4));
      const { exitCode } = await runProgram(
        kubectl.hasCondition(
          server.kubeconfig,
          { kind: 'customresourcedefinition', name: 'bgppeers.metallb.io' },
          'established',
          30,
        ),
        { timeout: 40_000 },
      );
      expect(exitCode).toBe(0);
      await apply(join(root, 'metallb/config.yaml'));
      await eventually(() =>
        expect(told('object-applied')).toContain('datacenter BGPAdvertisement vips metallb-system'),
      );
      expect(watched.state().announcements).toEqual([]);

      // What MetalLB's controller does: an address into the status, the pool into an annotation.
      await server.api.merge('/api/v1/namespaces/default/services/hello-lb', {
        metadata: { annotations: { 'metallb.io/ip-allocated-from-pool': 'vips' } },
      });
      await server.api.merge('/api/v1/namespaces/default/services/hello-lb/status', {
        status: { loadBalancer: { ingress: [{ ip: '10.254.254.240', ipMode: 'VIP' }] } },
      });
      await eventually(() =>
        expect(told('service-got-address')).toEqual(['datacenter default hello-lb 10.254.254.240 vips']),
      );
      expect(watched.announcementsSaidBy).toBe('model');
      expect(watched.state().announcements).toEqual([
        {
          service: 'hello-lb',
          node: 'datacenter-control-plane',
          announced: false,
          reason: 'nodeLabeledExcludeBalancers',
        },
        { service: 'hello-lb', node: 'datacenter-worker', announced: true },
        { service: 'hello-lb', node: 'datacenter-worker2', announced: true },
      ]);
      await eventually(() =>
        expect(told('announcement-started').sort()).toEqual([
          'datacenter-worker hello-lb 10.254.254.240/32',
          'datacenter-worker2 hello-lb 10.254.254.240/32',
        ]),
      );
    });

    test('an address that MetalLB cannot give is told in its words', async () => {
      await server.api.create('/api/v1/namespaces/default/events', {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'hello-lb.1', namespace: 'default' },
        involvedObject: { kind: 'Service', namespace: 'default', name: 'hello-lb' },
        reason: 'AllocationFailed',
        type: 'Warning',
        message: 'Failed to allocate IP for "default/hello-lb": no available IPs',
      });
      await eventually(() =>
        expect(told('service-address-refused')).toEqual(['datacenter default hello-lb no available IPs']),
      );
    });

    test('a killed pod is gone, and its ReplicaSet makes another', async () => {
      const [victim] = podsOf('hello');
      expect(await watched.actions.deletePod('default', victim?.name ?? '')).toBeUndefined();
      await eventually(() => {
        expect(told('pod-gone').join('\n')).toContain(victim?.name);
        expect(podsOf('hello').map(({ name }) => name)).not.toContain(victim?.name);
        expect(podsOf('hello').filter(({ ready }) => ready)).toHaveLength(4);
      });
      expect(await watched.actions.deletePod('default', 'nobody')).toBe('there is no pod default/nobody');
    });

    test('a killed speaker announces nothing until its DaemonSet has made another', async () => {
      const before = told('announcement-started').length;
      expect(await watched.actions.killSpeaker('datacenter-worker2')).toBeUndefined();
      await eventually(() => {
        expect(told('announcement-stopped')).toContain(
          'datacenter-worker2 hello-lb 10.254.254.240/32 speakerGone',
        );
        expect(told('announcement-started').slice(before)).toContain(
          'datacenter-worker2 hello-lb 10.254.254.240/32',
        );
      });
      expect(await watched.actions.killSpeaker('nowhere')).toBe('no speaker of MetalLB runs on nowhere');
    });

    test('with the policy Local only nodes with a pod announce: a drained one stops', async () => {
      await apply(join(root, 'app/hello-lb-local.yaml'));
      const local = watched
        .state()
        .services.some(({ externalTrafficPolicy }) => externalTrafficPolicy === 'Local');
      if (!local) await eventually(() => expect(hello().externalTrafficPolicy).toBe('Local'));
      expect(await watched.actions.drain('datacenter-worker2')).toBeUndefined();
      await eventually(() => {
        expect(podsOf('hello').every(({ node }) => node !== 'datacenter-worker2')).toBe(true);
        expect(watched.state().announcements.find(({ node }) => node === 'datacenter-worker2')).toMatchObject(
          {
            announced: false,
            reason: 'noLocalEndpoints',
          },
        );
      });
      expect(watched.state().nodes.find(({ name }) => name === 'datacenter-worker2')?.schedulable).toBe(
        false,
      );
      expect(podsOf('metallb').some(({ node }) => node === 'datacenter-worker2')).toBe(true);
      expect(await watched.actions.setSchedulable('datacenter-worker2', true)).toBeUndefined();
      await eventually(() =>
        expect(watched.state().nodes.find(({ name }) => name === 'datacenter-worker2')?.schedulable).toBe(
          true,
        ),
      );
    });

    test('a Deployment is scaled', async () => {
      expect(await watched.actions.scale('default', 'hello', 6)).toBeUndefined();
      await eventually(() => expect(podsOf('hello').filter(({ ready }) => ready)).toHaveLength(6));
      expect(await watched.actions.scale('default', 'nothing', 1)).toBe(
        'there is no deployment default/nothing',
      );
    });

    test('a pod’s second address is what Multus reports of it', async () => {
      const [pod] = podsOf('hello');
      const networks = [
        { name: 'kindnet', interface: 'eth0', ips: ['10.244.1.10'], default: true },
        { name: 'default/vlan-1001', interface: 'net1', ips: ['10.1.4.20'] },
      ];
      await server.api.merge(`/api/v1/namespaces/default/pods/${pod?.name}`, {
        metadata: { annotations: { 'k8s.v1.cni.cncf.io/network-status': JSON.stringify(networks) } },
      });
      await eventually(() =>
        expect(podsOf('hello').find(({ name }) => name === pod?.name)?.fabricAddress).toBe('10.1.4.20'),
      );
    });

    test('a node that is no longer ready', async () => {
      await agent.setReady('datacenter-worker', false);
      await eventually(() =>
        expect(told('cluster-node-not-ready')).toEqual(['datacenter datacenter-worker']),
      );
      await agent.setReady('datacenter-worker', true);
      await eventually(() => expect(told('cluster-node-ready').at(-1)).toBe('datacenter datacenter-worker'));
    });

    test('where MetalLB says itself who announces, its word counts, and after a while its silence', async () => {
      const path = '/apis/metallb.io/v1beta1/namespaces/metallb-system/servicebgpstatuses';
      await eventually(() =>
        expect(watched.state().announcements.filter(({ announced }) => announced)).toHaveLength(2),
      );
      const [announcing] = watched.state().announcements.filter(({ announced }) => announced);
      const status = { serviceName: 'hello-lb', serviceNamespace: 'default', peers: ['leaf-dc-1'] };
      await server.api.create(path, {
        apiVersion: 'metallb.io/v1beta1',
        kind: 'ServiceBGPStatus',
        metadata: { name: 'bgp-1', namespace: 'metallb-system' },
        status: { ...status, node: announcing?.node },
      });
      await eventually(() => expect(watched.announcementsSaidBy).toBe('metallb'));
      await eventually(() => {
        const rows = watched.state().announcements.filter(({ node }) => node.startsWith('datacenter-worker'));
        expect(rows.find(({ node }) => node === announcing?.node)).toMatchObject({ announced: true });
        const other = rows.find(({ node }) => node !== announcing?.node);
        expect(other).toMatchObject({ announced: false });
        expect(other).not.toHaveProperty('reason');
      });
    });

    test('an API server that is killed is unknown since then; when it is back, what happened meanwhile is told', async () => {
      const killedAt = time.now();
      await server.killApi();
      await eventually(() => expect(watched.answering.state).toBe('unknown'));
      const { answering } = watched;
      if (answering.state !== 'unknown') throw new Error('it answered');
      expect(answering.since).toBeGreaterThan(killedAt - 1_500);
      expect(answering.since).toBeLessThanOrEqual(time.now());
      await server.startApi();
      await server.api.delete('/api/v1/namespaces/default/services/hello-lb');
      await eventually(() => {
        expect(watched.answering).toEqual({ state: 'answering' });
        expect(told('object-deleted')).toContain('datacenter Service hello-lb default');
      }, 60_000);
      expect(watched.state().services.map(({ name }) => name)).not.toContain('hello-lb');
    }, 120_000);

    test('an API server that hangs is unknown too, and comes back without being listed twice', async () => {
      const applied = told('object-applied').length;
      server.pauseApi(true);
      await eventually(() =>
        expect(watched.answering).toMatchObject({ state: 'unknown', because: 'no answer for 2.5 s' }),
      );
      server.pauseApi(false);
      await eventually(() => expect(watched.answering).toEqual({ state: 'answering' }));
      expect(told('object-applied')).toHaveLength(applied);
    });

    test('a kubeconfig that is not there is said, not thrown, and found when it comes', async () => {
      if (definition === undefined) throw new Error('no cluster');
      const kubeconfig = join(work, 'later');
      const other = new KubernetesCluster({ lab, cluster: definition, kubeconfig, time, events: log });
      expect(await other.start()).toContain('is not a kubeconfig that can be used');
      expect(other.state()).toMatchObject({ state: 'absent' });
      copyFileSync(server.kubeconfig, kubeconfig);
      await eventually(() => expect(other.state()).toMatchObject({ state: 'running' }));
      other.stop();
    });
  },
);
