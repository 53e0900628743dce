import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LabEvent } from '../../lab/event.ts';
import { findFrr } from '../../programs/frr.ts';
import { LiveLab, VIP } from '../../test-support/live-lab.ts';

const found = await findFrr();
const machine = found.outcome === 'found' ? describe : describe.skip;
const spineLink = 'BORDER-DC:e1-1 SPINE-DC-1:e1-10';

machine('Faults on real FRR', () => {
  if (found.outcome !== 'found') return;
  const lab = new LiveLab(found.frr);

  beforeAll(async () => {
    await lab.build();
    await lab.converged();
    await lab.engine.perform({ type: 'traffic', on: true, ratePerClient: 20 });
    await lab.until(({ traffic }) => traffic.byPod.length === 4 && traffic.byLeaf.length === 2);
  }, 60_000);

  // Whatever a story came to, the next one begins with a whole lab.
  afterEach(() => lab.heal(), 60_000);

  afterAll(() => lab.engine.stop());

  const atOf = (id: number) => lab.events.find(event => event.id === id)?.at ?? Number.NaN;
  const changed = (node: string, prefix: string) => (event: LabEvent) =>
    event.type === 'forwarding-changed' && event.node === node && event.prefix === prefix;

  test('what one end no longer hears ends the session at both, the deaf end first', async () => {
    const fault = await lab.break({ kind: 'silent-loss', link: spineLink, direction: 'a-to-b' });
    const spine = await lab.eventAfter(
      fault,
      event => event.type === 'bfd-went-down' && event.node === 'SPINE-DC-1',
    );
    const border = await lab.eventAfter(
      fault,
      event => event.type === 'session-changed' && event.node === 'BORDER-DC' && event.from === 'established',
    );
    expect(spine).toMatchObject({ peer: '10.1.10.1', diagnostic: 'control-detection-time-expired' });
    expect(border).toMatchObject({ peer: '10.1.10.0' });
    // FRR's BFD says that it is down at its slow rate: the border may find out by itself before it is told.
    expect(border.at - spine.at).toBeGreaterThan(0);
    expect(border.at - spine.at).toBeLessThan(1_500);
    await lab.eventAfter(border.id, changed('BORDER-DC', '1.1.1.1/32'));
    const { links } = await lab.engine.snapshot([]);
    expect(links.find(({ id }) => id === spineLink)?.state).toBe('silent');
  }, 40_000);

  test('a flapping link goes down and comes up as often as it was told, and heals by itself', async () => {
    const fault = await lab.break({
      kind: 'link-flap',
      link: spineLink,
      downMs: 1_500,
      upMs: 1_500,
      times: 2,
    });
    await lab.eventAfter(fault, ({ type }) => type === 'fault-healed');
    const ofLink = lab.events.filter(
      event => event.id > fault && 'link' in event && event.link === spineLink,
    );
    expect(ofLink.map(({ type }) => type)).toEqual([
      'link-went-down',
      'link-came-up',
      'link-went-down',
      'link-came-up',
    ]);
    expect((await lab.engine.snapshot([])).faults).toEqual([]);
  }, 40_000);

  test('a killed pod is gone, and another one answers in its place; BGP hears nothing of it', async () => {
    const { clusters } = await lab.engine.snapshot([]);
    const pods = clusters
      .find(({ name }) => name === 'datacenter')
      ?.pods.filter(({ name }) => name.startsWith('hello-'));
    const victim = pods?.[0]?.name ?? '';
    const fault = await lab.break({
      kind: 'pod-killed',
      cluster: 'datacenter',
      namespace: 'default',
      pod: victim,
    });
    // Whether a request was on its way to it at that moment is chance.
    await lab.eventAfter(fault, event => event.type === 'pod-gone' && event.pod === victim);
    await lab.until(({ clusters: now }) => {
      const names = now
        .find(({ name }) => name === 'datacenter')
        ?.pods.filter(({ name, ready }) => ready && name.startsWith('hello-'));
      return names?.length === 4 && !names.some(({ name }) => name === victim);
    });
    await lab.until(
      ({ traffic }) => traffic.byPod.length === 4 && !traffic.byPod.some(({ name }) => name === victim),
    );
    // Nothing of BGP's moved: the service was announced all the time.
    expect(lab.events.filter(event => event.id > fault && changed('BORDER-DC', VIP)(event))).toEqual([]);
  }, 60_000);

  test('a switch whose BGP process is killed loses its sessions and gets them back by its supervisor', async () => {
    const fault = await lab.break({ kind: 'speaker-killed', node: 'SPINE-DC-1' });
    const moved = await lab.eventAfter(fault, changed('BORDER-DC', '1.1.1.1/32'));
    expect(moved.at - atOf(fault)).toBeLessThan(600);
    expect(moved).toMatchObject({ members: ['ethernet-1/2'] });
    const back = await lab.eventAfter(
      moved.id,
      event => changed('BORDER-DC', '1.1.1.1/32')(event) && 'members' in event && event.members.length === 2,
    );
    // A second until it is started again; then sessions and routes.
    expect(back.at - moved.at).toBeGreaterThan(900);
  }, 60_000);

  test('a switch whose BGP process is terminated tells its peers first: a Cease, as RFC 4486 has it', async () => {
    const fault = await lab.break({ kind: 'speaker-terminated', node: 'SPINE-DC-1' });
    const moved = await lab.eventAfter(fault, changed('BORDER-DC', '1.1.1.1/32'));
    expect(moved.at - atOf(fault)).toBeLessThan(600);
    const told = lab.events.filter(
      event => event.id > fault && event.at <= moved.at && event.type === 'notification-received',
    );
    expect(told.map(event => 'node' in event && event.node).sort()).toEqual([
      ...['BORDER-DC', 'BORDER-DC'],
      ...['LEAF-DC-1', 'LEAF-DC-1'],
      ...['LEAF-DC-2', 'LEAF-DC-2'],
    ]);
    for (const event of told) expect(event).toMatchObject({ code: 6, subcode: 3 });
    expect((await lab.engine.snapshot([])).faults).toEqual([]);
    await lab.converged();
  }, 60_000);

  test('MetalLB’s speaker that is terminated takes its announcement back, and is there again by itself', async () => {
    const fault = await lab.break({ kind: 'speaker-terminated', node: 'datacenter-worker2' });
    const told = await lab.eventAfter(fault, ({ type }) => type === 'notification-received');
    expect(told).toMatchObject({ node: 'LEAF-DC-2', instance: 'kube-ipvrf', code: 6, subcode: 3 });
    await lab.eventAfter(fault, changed('BORDER-DC', VIP));
    await lab.converged();
  }, 60_000);

  test('a frozen BGP process is noticed by nobody within its hold time: BFD and forwarding stay', async () => {
    for (const node of ['SPINE-DC-1', 'datacenter-worker']) {
      const fault = await lab.break({ kind: 'speaker-frozen', node });
      const startedAt = performance.now();
      // A snapshot asks a process that does not answer for nothing.
      const { faults } = await lab.engine.snapshot([
        { name: 'bgp', node: 'SPINE-DC-1', instance: 'default' },
      ]);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      expect(faults.map(each => each.fault)).toEqual([{ kind: 'speaker-frozen', node }]);
      for (const kind of ['speaker-killed', 'speaker-terminated'] as const)
        expect(await lab.engine.perform({ type: 'break', fault: { kind, node } })).toMatchObject({
          outcome: 'refused',
        });
      await lab.converged();
      await lab.heal();
      const told = lab.events.filter(({ id }) => id > fault).map(({ type }) => type);
      expect(told).not.toContain('session-changed');
      expect(told).not.toContain('bfd-went-down');
      expect(told).not.toContain('forwarding-changed');
    }
  }, 60_000);

  test('a frozen speaker that is gone is frozen no longer: its node is stopped, its pod deleted', async () => {
    await lab.break({ kind: 'speaker-frozen', node: 'SPINE-DC-2' });
    await lab.break({ kind: 'node-stopped', node: 'SPINE-DC-2' });
    const { faults } = await lab.engine.snapshot([]);
    expect(faults.map(({ fault }) => fault.kind)).toEqual(['node-stopped']);
    await lab.heal();
    await lab.break({ kind: 'speaker-frozen', node: 'datacenter-worker' });
    const pods = (await lab.engine.snapshot([])).clusters.flatMap(each => each.pods);
    const speaker = pods.find(
      ({ namespace, node, name }) =>
        namespace === 'metallb-system' && node === 'datacenter-worker' && name.startsWith('frr-k8s-daemon'),
    );
    await lab.type(`kubectl -n metallb-system delete pod ${speaker?.name}`);
    await lab.until(snapshot => snapshot.faults.length === 0);
    await lab.converged(40_000);
  }, 90_000);

  test('a frozen BGP process hears only afterwards that BFD was down', async () => {
    const fault = await lab.break({ kind: 'speaker-frozen', node: 'SPINE-DC-1' });
    await lab.break({ kind: 'silent-loss', link: spineLink, direction: 'both' });
    const isOfSpine = (event: LabEvent) => 'node' in event && event.node === 'SPINE-DC-1';
    await lab.eventAfter(fault, event => event.type === 'bfd-went-down' && isOfSpine(event));
    await lab.engine.perform({ type: 'heal', fault: `silent-loss ${spineLink} both` });
    await lab.eventAfter(fault, event => event.type === 'bfd-came-up' && isOfSpine(event));
    const sessions = () =>
      lab.events.filter(event => event.id > fault && event.type === 'session-changed' && isOfSpine(event));
    expect(sessions()).toEqual([]);
    await lab.heal();
    expect(sessions()[0]).toMatchObject({ peer: '10.1.10.1', from: 'established' });
  }, 60_000);

  test('a leaf that was off learns its hosts anew, and tells of them, whenever they speak', async () => {
    const own = async () =>
      (await lab.rows({ name: 'evpn', node: 'LEAF-DC-1' })).some(
        row => row.address === '192.168.101.101' && row.routeDistinguisher === '1.1.1.1:1',
      );
    for (let round = 0; round < 3; round++) {
      const stopped = await lab.break({ kind: 'node-stopped', node: 'LEAF-DC-1' });
      await lab.eventAfter(stopped, changed('BORDER-DC', VIP));
      await lab.heal();
      await expect.poll(own, { timeout: 5_000 }).toBe(true);
    }
  }, 120_000);

  test('requests to a stopped worker are lost until it is started again', async () => {
    const fault = await lab.break({ kind: 'node-stopped', node: 'datacenter-worker2' });
    await lab.eventAfter(fault, ({ type }) => type === 'request-lost');
    const { nodes } = await lab.engine.snapshot([]);
    expect(nodes.find(({ name }) => name === 'datacenter-worker2')?.state).toBe('stopped');
    const healed = await lab.engine.perform({ type: 'heal', fault: 'all' });
    await lab.converged(60_000);
    // The containers of its pods start again one after the other.
    await lab.until(({ traffic }) => traffic.byNode.length === 2, [], 60_000);
    const recovered = await lab.eventAfter(
      (healed.outcome === 'done' ? healed.event : undefined) ?? 0,
      ({ type }) => type === 'requests-recovered',
    );
    expect(recovered).toMatchObject({ lost: expect.any(Number) });
  }, 150_000);

  test('two faults at once are healed one by one', async () => {
    await lab.break({ kind: 'link-cut', link: spineLink });
    const silent = { kind: 'silent-loss', link: spineLink, direction: 'both' } as const;
    await lab.break(silent);
    await lab.engine.perform({ type: 'heal', fault: `link-cut ${spineLink}` });
    const { faults, links } = await lab.engine.snapshot([]);
    expect(faults.map(each => each.fault)).toEqual([silent]);
    expect(links.find(({ id }) => id === spineLink)?.state).toBe('silent');
  }, 40_000);
});
