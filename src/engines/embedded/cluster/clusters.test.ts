import { beforeAll, describe, expect, it } from 'vitest';
import type { LabEvent } from '../../../lab/event.ts';
import type { FlowRow } from '../../../lab/snapshot.ts';
import { DrivenLab } from '../../../test-support/driven-lab.ts';
import { replaced, talkLab, without } from '../../../test-support/talk-lab.ts';
import { typed } from '../../../test-support/typed.ts';

/*
 *        SPINE-DC-1            SPINE-DC-2
 *  LEAF-DC-1   LEAF-DC-2   BORDER-DC
 *      |           |           |
 *   worker      worker2     ten clients
 */

const VIP = '10.254.254.240';
const client = '10.1.4.20';

async function vipMembers(lab: DrivenLab): Promise<string[]> {
  return lab.members('BORDER-DC', 'kube-ipvrf', `${VIP}/32`);
}

async function flows(lab: DrivenLab, count = 200): Promise<readonly FlowRow[]> {
  return lab.rows({ name: 'flows', client, destination: VIP, port: 8080, firstPort: 49152, count });
}

async function announcedFrom(lab: DrivenLab): Promise<string[]> {
  const snapshot = await lab.snapshot();
  return snapshot.clusters.flatMap(cluster =>
    cluster.announcements.map(row => `${row.node} ${row.announced ? 'announced' : row.reason}`),
  );
}

async function type(lab: DrivenLab, line: string): Promise<string> {
  return (await typed(lab, line)).text;
}

type EventOf<T extends LabEvent['type']> = LabEvent & { readonly type: T };

function ofType<T extends LabEvent['type']>(lab: DrivenLab, type: T): EventOf<T>[] {
  return lab.events.filter((event): event is EventOf<T> => event.type === type);
}

describe('the talk’s lab with clients', () => {
  let lab: DrivenLab;

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('clients');
    lab.advance(10_000);
  });

  it('announces the service from both workers and never from the control plane', async () => {
    expect(await announcedFrom(lab)).toEqual([
      'datacenter-control-plane nodeLabeledExcludeBalancers',
      'datacenter-worker announced',
      'datacenter-worker2 announced',
    ]);
    expect(await vipMembers(lab)).toEqual(['1.1.1.1', '1.1.1.2']);
  });

  it('explains an announcement back to the object that was applied', () => {
    const [started] = ofType(lab, 'announcement-started');
    if (started === undefined) throw new Error('nothing announced');
    expect(lab.causes(started).map(event => event.type)).toEqual([
      'announcement-started',
      'service-got-address',
      'endpoints-changed',
      'object-applied',
      'task-started',
      'stage-started',
    ]);
  });

  it('has ten clients with addresses of the VLAN, asking by themselves and answered every time', async () => {
    const { traffic } = await lab.snapshot();
    expect(traffic.clients.map(each => each.address)).toEqual(
      Array.from({ length: 10 }, (_, index) => `10.1.4.${20 + index}`),
    );
    expect(traffic.on).toBe(true);
    expect(traffic.totals.answered).toBe(traffic.totals.sent);
    expect(traffic.totals.sent).toBeGreaterThan(150);
    expect(traffic.byPod.length).toBe(4);
    expect(traffic.destination).toEqual({ address: VIP, port: 8080 });
  });

  it('splits flows over both leaves, both spines, both workers and all pods', async () => {
    const rows = await flows(lab, 400);
    expect(new Set(rows.map(row => row.outcome))).toEqual(new Set(['answered']));
    for (const field of ['node', 'podNode', 'pod'] as const) {
      const counts = new Map<string, number>();
      for (const row of rows) counts.set(row[field] ?? '', (counts.get(row[field] ?? '') ?? 0) + 1);
      const fair = 400 / counts.size;
      expect([...counts.values()].every(count => count > fair * 0.7 && count < fair * 1.3)).toBe(true);
    }
  });

  it('tells a flow’s whole way: interface, gateway, tunnel, translation, and the way back', async () => {
    const row = (await flows(lab)).find(each => each.node !== each.podNode);
    const nodes = row?.hops.map(hop => hop.node) ?? [];
    expect(nodes.filter((node, index) => node !== nodes[index - 1])).toEqual([
      'client-control-plane',
      'BORDER-DC',
      expect.stringMatching(/^SPINE-DC-[12]$/),
      expect.stringMatching(/^LEAF-DC-[12]$/),
      row?.node,
      row?.podNode,
    ]);
    expect(row?.hops.at(-2)?.note).toMatch(/^DNAT to 10\.244\.\d\.\d+:8080, SNAT to 172\.18\.0\.\d$/);
    expect(row?.reply.at(-1)?.node).toBe('client-control-plane');
  });

  it('keeps nothing of imagined flows', async () => {
    const before = await flows(lab);
    expect(await flows(lab)).toEqual(before);
    lab.advance(1_000);
    expect((await flows(lab)).map(row => row.pod)).toEqual(before.map(row => row.pod));
  });

  it('shows the app the node’s address under Cluster and the client’s own under Local', async () => {
    const clientPod = (await lab.snapshot()).traffic.clients[0]?.name ?? '';
    const ask = `kubectl --context kind-client exec ${clientPod} -- wget -qO- http://${VIP}:8080/`;
    expect(await type(lab, ask)).toMatch(/ client=(172\.18\.0\.\d|10\.244\.\d\.1)\n$/);
    await type(lab, 'kubectl apply -f app/hello-lb-local.yaml');
    lab.settle();
    expect(await type(lab, ask)).toMatch(/ client=10\.1\.4\.20\n$/);
    await type(lab, 'kubectl apply -f app/hello-lb.yaml');
    lab.settle();
  });

  it('is refused a fault it cannot make, with what to do instead', async () => {
    expect(
      await lab.break({ kind: 'pod-killed', cluster: 'datacenter', namespace: 'default', pod: 'x' }),
    ).toEqual({
      outcome: 'refused',
      because: 'there is no pod default/x in cluster datacenter',
      nextSteps: ['kubectl get pods -n default tells the names.'],
    });
    expect(await lab.break({ kind: 'speaker-killed', node: 'client-control-plane' })).toMatchObject({
      because: 'no BGP speaker runs on client-control-plane',
    });
  });
});

describe('externalTrafficPolicy', () => {
  it('Local with pods on one worker: only that worker’s leaf announces', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('service');
    await type(lab, 'kubectl patch svc hello-lb -p \'{"spec":{"externalTrafficPolicy":"Local"}}\'');
    await type(lab, 'kubectl drain datacenter-worker --ignore-daemonsets');
    lab.settle();
    expect((await announcedFrom(lab)).slice(1)).toEqual([
      'datacenter-worker noLocalEndpoints',
      'datacenter-worker2 announced',
    ]);
    expect(await vipMembers(lab)).toEqual(['1.1.1.2']);
    await type(lab, 'kubectl patch svc hello-lb -p \'{"spec":{"externalTrafficPolicy":"Cluster"}}\'');
    lab.settle();
    expect(await vipMembers(lab)).toEqual(['1.1.1.1', '1.1.1.2']);
  });

  it('no pods at all: nobody announces, and the border forgets the address', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('service');
    await type(lab, 'kubectl scale deployment hello --replicas=0');
    lab.settle();
    expect((await announcedFrom(lab)).slice(1)).toEqual([
      'datacenter-worker noEndpoints',
      'datacenter-worker2 noEndpoints',
    ]);
    expect(await vipMembers(lab)).toEqual([]);
    await type(lab, 'kubectl scale deployment hello --replicas=4');
    lab.settle();
    expect(await vipMembers(lab)).toEqual(['1.1.1.1', '1.1.1.2']);
  });
});

describe('a mistake in MetalLB’s configuration', () => {
  async function built(edit: (files: Map<string, string>) => void): Promise<DrivenLab> {
    const lab = await new DrivenLab(talkLab(edit)).buildUpTo('service');
    lab.advance(30_000);
    return lab;
  }

  async function workerSessions(lab: DrivenLab): Promise<string[]> {
    const rows = await lab.rows({ name: 'sessions', node: 'datacenter-worker' });
    return rows.map(row => row.state);
  }

  it('the wrong AS of our own: the leaf refuses and says why', async () => {
    const lab = await built(replaced('metallb/config.yaml', /myASN: 65201/g, 'myASN: 65299'));
    expect(await workerSessions(lab)).not.toContain('established');
    expect(await vipMembers(lab)).toEqual([]);
    const told = ofType(lab, 'notification-received').filter(event => event.node === 'datacenter-worker');
    expect(told[0]).toMatchObject({ code: 2, subcode: 2 });
  });

  it('no ebgpMultiHop: the leaf’s loopback is on no network of the worker, so FRR does not even try', async () => {
    const lab = await built(without('metallb/config.yaml', /ebgpMultiHop/));
    const rows = await lab.rows({ name: 'sessions', node: 'datacenter-worker' });
    expect(rows.map(row => row.state)).toEqual(['active']);
    expect(rows[0]?.lastError).toContain('ebgpMultiHop is not set');
    expect(await vipMembers(lab)).toEqual([]);
  });

  it('no advertisement: sessions are up and nothing is announced', async () => {
    const lab = await built(replaced('metallb/config.yaml', /---\n# Without an advertisement[\s\S]*$/, ''));
    expect(await workerSessions(lab)).toEqual(['established']);
    expect((await announcedFrom(lab))[1]).toBe('datacenter-worker notOwner');
    expect(await vipMembers(lab)).toEqual([]);
  });

  it('another pool than the leaves let in: announced and not taken', async () => {
    const lab = await built(replaced('metallb/config.yaml', '10.254.254.240/28', '10.254.250.0/28'));
    expect((await announcedFrom(lab))[1]).toBe('datacenter-worker announced');
    expect(await lab.members('LEAF-DC-1', 'kube-ipvrf', '10.254.250.0/32')).toEqual([]);
  });
});

describe('building', () => {
  it('fails with the pods’ state when an image that may not be pulled was not loaded', async () => {
    const lab = new DrivenLab(
      talkLab(
        replaced(
          'app/hello.yaml',
          'image: python:3.13.5-alpine3.22',
          'image: python:0\n          imagePullPolicy: Never',
        ),
      ),
    );
    await lab.buildUpTo('metallb');
    const building = lab.engine.build('app');
    lab.advance(200_000);
    const result = await building;
    expect(result.outcome).toBe('failed');
    expect('because' in result ? result.because : '').toMatch(
      /pod default\/hello-\S+ is ErrImageNeverPull, .* and 1 more$/,
    );
  });

  it('leaves the service pending where MetalLB is not installed', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('links');
    await type(lab, 'kubectl apply -f app/hello-lb.yaml');
    lab.settle();
    expect(await type(lab, 'kubectl get svc hello-lb')).toContain('<pending>');
  });
});

describe('what a fault does to connections', () => {
  let lab: DrivenLab;

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('clients');
    await lab.engine.perform({ type: 'traffic', on: true, ratePerClient: 20 });
    lab.advance(5_000);
  });

  /** Breaks, lets the lab work for a while, heals, waits for quiet; returns what was lost and reset until the healing. */
  async function during(fault: Parameters<DrivenLab['break']>[0], time = 10_000) {
    const { totals: before } = (await lab.snapshot()).traffic;
    expect((await lab.break(fault)).outcome).toBe('done');
    lab.advance(time);
    const { totals: after } = (await lab.snapshot()).traffic;
    await lab.heal();
    lab.settle();
    lab.advance(20_000);
    return { lost: after.lost - before.lost, reset: after.reset - before.reset };
  }

  it('a spine: no connection is reset, the flows keep their leaf', async () => {
    expect((await during({ kind: 'node-stopped', node: 'SPINE-DC-1' })).reset).toBe(0);
  });

  it('a leaf: about half of the kept connections are reset, those that went over it', async () => {
    const before = lab.events.length;
    const { reset } = await during({ kind: 'node-stopped', node: 'LEAF-DC-1' });
    expect(reset).toBeGreaterThan(8);
    expect(reset).toBeLessThan(23);
    expect(
      new Set(ofType(lab, 'request-reset').map(event => event.because.replace(/pod \S+/, 'pod'))),
    ).toContain('pod on datacenter-worker2 does not know the connection');
    expect(lab.events.slice(before).some(event => event.type === 'requests-recovered')).toBe(true);
  });

  it('a speaker: the healthy worker loses its connections, and it is back by itself', async () => {
    const { reset } = await during({ kind: 'speaker-killed', node: 'datacenter-worker' });
    expect(reset).toBeGreaterThan(5);
    expect(await vipMembers(lab)).toEqual(['1.1.1.1', '1.1.1.2']);
  });

  it('a worker without BFD: requests are lost until the leaf’s hold timer ends, then none', async () => {
    await lab.break({ kind: 'node-stopped', node: 'datacenter-worker' });
    const at = lab.now();
    lab.advance(150_000);
    const gone = ofType(lab, 'route-lost').find(
      event => event.at > at && event.node === 'LEAF-DC-1' && event.prefix === `${VIP}/32`,
    );
    expect((gone?.at ?? 0) - at).toBeGreaterThan(55_000);
    expect((gone?.at ?? 0) - at).toBeLessThan(91_000);
    const last = ofType(lab, 'request-lost').at(-1);
    expect((last?.at ?? 0) - (gone?.at ?? 0)).toBeLessThan(4_000);
    expect(ofType(lab, 'cluster-node-not-ready').length).toBe(1);
    await lab.heal();
    lab.settle();
    expect(await vipMembers(lab)).toEqual(['1.1.1.1', '1.1.1.2']);
  });

  it('a pod: another one takes its place', async () => {
    const pods = async () =>
      (await lab.snapshot()).clusters
        .flatMap(cluster => cluster.pods)
        .filter(pod => pod.name.startsWith('hello-') && pod.ready)
        .map(pod => pod.name);
    const [victim = ''] = await pods();
    await lab.break({ kind: 'pod-killed', cluster: 'datacenter', namespace: 'default', pod: victim });
    lab.settle();
    expect((await pods()).length).toBe(4);
    expect(await pods()).not.toContain(victim);
  });
});

it('does the same twice, byte for byte', async () => {
  const run = async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('clients');
    await lab.break({ kind: 'node-stopped', node: 'LEAF-DC-2' });
    lab.advance(5_000);
    await type(lab, 'kubectl rollout restart deployment/hello');
    lab.advance(10_000);
    return JSON.stringify([lab.events, (await lab.snapshot()).clusters, (await lab.snapshot()).traffic]);
  };
  expect(await run()).toBe(await run());
});

it('stops asking when told to, and refuses a rate that is none', async () => {
  const lab = await new DrivenLab(talkLab()).buildUpTo('clients');
  expect(await lab.engine.perform({ type: 'traffic', on: true, ratePerClient: -1 })).toMatchObject({
    outcome: 'refused',
  });
  await lab.engine.perform({ type: 'traffic', on: false });
  const { sent } = (await lab.snapshot()).traffic.totals;
  lab.advance(5_000);
  const { traffic } = await lab.snapshot();
  expect([traffic.on, traffic.totals.sent, traffic.rate]).toEqual([false, sent, 0]);
  const early = new DrivenLab(talkLab());
  expect(await early.engine.perform({ type: 'traffic', on: true })).toMatchObject({
    because: 'there are no clients yet',
  });
});
