import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ForwardingRow, TableRef } from '../../lab/snapshot.ts';
import { rowsOf } from '../../lab/snapshot.ts';
import { findFrr } from '../../programs/frr.ts';
import { LiveLab, VIP } from '../../test-support/live-lab.ts';

const found = await findFrr();
const machine = found.outcome === 'found' ? describe : describe.skip;

machine('What is committed in sr_cli, on real FRR', () => {
  if (found.outcome !== 'found') return;
  const lab = new LiveLab(found.frr);
  const commit = (node: string, ...lines: string[]) =>
    lab.type(`docker exec clab-dc-k8s-${node} sr_cli -ec ${lines.map(line => `"${line}"`).join(' ')}`);
  const vtysh = (node: string, question: string) =>
    lab.type(`docker exec clab-dc-k8s-${node} vtysh -c "${question}"`);
  const flows = {
    name: 'flows',
    client: '10.1.4.20',
    destination: '10.254.254.240',
    port: 8080,
    firstPort: 20_000,
    count: 400,
  } as const;

  /** How many of the flows take each member at the border. */
  async function spread(): Promise<number[]> {
    const counts = new Map<string, number>();
    for (const { hops } of await lab.rows(flows)) {
      const member = hops[0]?.member ?? '';
      counts.set(member, (counts.get(member) ?? 0) + 1);
    }
    return [...counts.values()];
  }

  async function forwarding(node: string, prefix: string): Promise<ForwardingRow | undefined> {
    const rows = await lab.rows({ name: 'forwarding', node, instance: 'kube-ipvrf' });
    return rows.find(row => row.prefix === prefix);
  }

  beforeAll(async () => {
    await lab.build();
    await lab.converged();
  }, 60_000);

  afterAll(() => lab.engine.stop());

  test('other BFD timers are those of the sessions that run, and no session goes down for it', async () => {
    const before = lab.events.length;
    for (const node of ['LEAF-DC-1', 'SPINE-DC-1'])
      await commit(
        node,
        'set / bfd subinterface ethernet-1/1.0 desired-minimum-transmit-interval 100000 required-minimum-receive 100000',
      );
    const timers = async () =>
      /peer 10\.1\.1\.0[\s\S]*?Remote timers[\s\S]*?interval: (\d+)ms/.exec(
        await vtysh('LEAF-DC-1', 'show bfd peers'),
      )?.[1];
    await expect.poll(timers, { timeout: 10_000 }).toBe('100');
    expect(lab.events.slice(before).filter(({ type }) => type === 'bfd-went-down')).toEqual([]);
    const gap = await lab.timeTo(
      { kind: 'silent-loss', link: 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1', direction: 'both' },
      ({ type }) => type === 'bfd-went-down',
    );
    expect(gap).toBeLessThan(500);
    await lab.heal();
  }, 60_000);

  test('BFD is taken away and given back without a session going down for it', async () => {
    const before = lab.events.length;
    const bfdOf = async (node: string) =>
      (await lab.rows({ name: 'bfd', node })).filter(({ instance }) => instance === 'default').length;
    const group = 'set / network-instance default protocols bgp group underlay failure-detection enable-bfd';
    await commit('LEAF-DC-1', `${group} false`);
    expect(await bfdOf('LEAF-DC-1')).toBe(0);
    expect(await bfdOf('SPINE-DC-1')).toBe(2);
    await commit('LEAF-DC-1', `${group} true`);
    await lab.converged();
    expect(
      lab.events
        .slice(before)
        .filter(event => event.type === 'session-changed' && event.from === 'established'),
    ).toEqual([]);
  }, 30_000);

  test('a session that waits for BFD comes up when BFD is taken away', async () => {
    const group = 'set / network-instance default protocols bgp group underlay failure-detection enable-bfd';
    const link = 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1';
    await lab.timeTo(
      { kind: 'silent-loss', link, direction: 'both' },
      event => event.type === 'session-changed' && event.node === 'SPINE-DC-1' && event.to === 'idle',
    );
    await lab.engine.perform({ type: 'heal', fault: 'all' });
    await commit('LEAF-DC-1', `${group} false`);
    await lab.until(({ nodes }) =>
      nodes.every(({ sessions }) => sessions === undefined || sessions.established === sessions.configured),
    );
    await commit('LEAF-DC-1', `${group} true`);
    await lab.converged();
  }, 60_000);

  test('a neighbour whose AS is no longer allowed is shut out, with the notification that RFC 4271 wants', async () => {
    const list =
      'network-instance kube-ipvrf protocols bgp dynamic-neighbors accept match 192.168.101.0/24 allowed-peer-as';
    const before = lab.events.at(-1)?.id ?? 0;
    await commit('LEAF-DC-1', `delete / ${list} 65201`);
    const told = await lab.eventAfter(
      before,
      event =>
        event.type === 'notification-received' && event.node === 'datacenter-worker' && event.code === 2,
    );
    expect(told).toMatchObject({ subcode: 2, text: 'OPEN Message Error/Bad Peer AS' });
    expect((await forwarding('BORDER-DC', VIP))?.members.map(({ node }) => node)).toEqual(['LEAF-DC-2']);
    await commit('LEAF-DC-1', `set / ${list} [ 65201 65202 ]`);
    await lab.converged();
  }, 60_000);

  test('without its import policy a session is up and brings nothing', async () => {
    const group = 'network-instance kube-ipvrf protocols bgp group metallb';
    await commit('LEAF-DC-1', `delete / ${group} import-policy`);
    await expect
      .poll(async () => (await forwarding('BORDER-DC', VIP))?.members.length, { timeout: 10_000 })
      .toBe(1);
    const sessions = await lab.rows({ name: 'sessions', node: 'LEAF-DC-1' });
    expect(sessions.find(({ instance }) => instance === 'kube-ipvrf')?.state).toBe('established');
    await commit('LEAF-DC-1', `set / ${group} import-policy [ import-metallb ]`);
    await lab.converged();
  }, 60_000);

  test('hashed without ports, all flows of a client take one way', async () => {
    expect(await spread()).toHaveLength(2);
    const options = 'set / system load-balancing hash-options';
    await commit('BORDER-DC', `${options} source-port false destination-port false`);
    expect(await spread()).toEqual([400]);
    await commit('BORDER-DC', `${options} source-port true destination-port true`);
    const [a = 0, b = 0] = await spread();
    expect(a + b).toBe(400);
    expect(Math.min(a, b)).toBeGreaterThan(150);
  });

  test('a prefix hashed resiliently goes to a group of buckets in the kernel, and back', async () => {
    const prefix = `network-instance kube-ipvrf ip-load-balancing resilient-hash-prefix ${VIP}`;
    await commit('BORDER-DC', `set / ${prefix} hash-buckets-per-path 4 max-paths 6`);
    expect((await forwarding('BORDER-DC', VIP))?.algorithm).toBe('resilient');
    const used = await lab.type('docker exec clab-dc-k8s-BORDER-DC ip nexthop show vrf kube-ipvrf');
    expect(used).toContain('type resilient buckets 24');
    expect(await spread()).toHaveLength(2);
    await commit('BORDER-DC', `delete / ${prefix}`);
    expect((await forwarding('BORDER-DC', VIP))?.algorithm).toBe('hash-threshold');
  });

  test('a disabled port takes the light off the wire', async () => {
    await commit('LEAF-DC-1', 'set / interface ethernet-1/2 admin-state disable');
    const { links } = await lab.engine.snapshot([]);
    expect(links.find(({ id }) => id === 'LEAF-DC-1:e1-2 SPINE-DC-2:e1-1')?.state).toBe('down');
    await commit('LEAF-DC-1', 'set / interface ethernet-1/2 admin-state enable');
    await lab.converged();
  }, 60_000);

  test('what was committed is still there when the switch was off', async () => {
    await commit(
      'LEAF-DC-1',
      'set / network-instance default protocols bgp group underlay timers hold-time 12 keepalive-interval 4',
    );
    await lab.engine.perform({ type: 'break', fault: { kind: 'node-stopped', node: 'LEAF-DC-1' } });
    await lab.heal();
    expect(await vtysh('LEAF-DC-1', 'show running-config')).toContain('neighbor 10.1.1.0 timers 4 12');
    const shown = await lab.type(
      'docker exec clab-dc-k8s-LEAF-DC-1 sr_cli "info flat network-instance default protocols bgp group underlay timers"',
    );
    expect(shown).toContain('hold-time 12');
  }, 60_000);

  test('what cannot be changed while the switch runs is refused, and nothing is changed', async () => {
    const before = await vtysh('LEAF-DC-1', 'show running-config');
    const refused = await lab.engine.run(
      'docker exec clab-dc-k8s-LEAF-DC-1 sr_cli -ec "set / interface ethernet-1/2 subinterface 0 ipv4 address 10.9.9.9/31"',
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.output.map(({ text }) => text).join('')).toContain('build anew');
    expect(await vtysh('LEAF-DC-1', 'show running-config')).toBe(before);
  });

  test('a thousand flows, opened: pods by chance, both spines, and as many as were asked for', async () => {
    const wanted: TableRef & { readonly name: 'flows' } = { ...flows, count: 1_000, over: 'pod' };
    const rows = rowsOf(await lab.engine.snapshot([wanted]), wanted) ?? [];
    const share = (of: (row: (typeof rows)[number]) => string | undefined) => {
      const counts = new Map<string | undefined, number>();
      for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1);
      return [...counts].filter(([name]) => name !== undefined).map(([, count]) => count);
    };
    const pods = share(({ pod }) => pod);
    const spines = share(({ hops }) => hops.find(({ instance }) => instance === 'default')?.outPort);
    expect(pods).toHaveLength(4);
    expect(Math.min(...pods)).toBeGreaterThan(180);
    expect(spines).toHaveLength(2);
    expect(Math.min(...spines)).toBeGreaterThan(350);
    // A request of the traffic may have one of the ports just then.
    expect(pods.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(990);
  }, 20_000);
});
