import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LabEvent } from '../../lab/event.ts';
import type { Fault } from '../../lab/fault.ts';
import { faultId } from '../../lab/fault.ts';
import type { Snapshot } from '../../lab/snapshot.ts';
import { containerLab, engineOf, isContainerMachine, takeDown } from '../../test-support/container-lab.ts';
import { LiveLab, VIP } from '../../test-support/live-lab.ts';
import { failoverSummaries } from '../../tutor/failover.ts';

/** `npm run test:real` prepares Docker and containerlab, where they can be had. */
const machine = isContainerMachine ? describe : describe.skip;

const LINK = 'BORDER-DC:e1-1 SPINE-DC-1:e1-10';
const LONG = 90_000;

machine(
  'Faults and commits on the light lab by containerlab',
  () => {
    const folder = containerLab('srklab-hurt', { octet: 29 });
    let lab: LiveLab;

    beforeAll(async () => {
      lab = new LiveLab(await engineOf(folder));
      await lab.build();
      await lab.converged(LONG);
      expect(await lab.engine.perform({ type: 'traffic', on: true, ratePerClient: 10 })).toMatchObject({
        outcome: 'done',
      });
      await lab.until(({ traffic }) => traffic.byPod.length === 4 && traffic.byLeaf.length === 2, [], LONG);
    }, 240_000);

    // Whatever a story came to, the next one begins with a whole lab.
    afterEach(async () => {
      await lab.engine.perform({ type: 'heal', fault: 'all' });
      await lab.converged(LONG);
    }, LONG);

    afterAll(() => takeDown(folder, lab.engine), LONG);

    const changed = (node: string, prefix: string) => (event: LabEvent) =>
      event.type === 'forwarding-changed' && event.node === node && event.prefix === prefix;
    const stateOf = ({ links }: Snapshot) => links.find(({ id }) => id === LINK)?.state;

    test.each([
      ['a-to-b', 'SPINE-DC-1', 'BORDER-DC'],
      ['b-to-a', 'BORDER-DC', 'SPINE-DC-1'],
    ] as const)(
      'what is lost %s is missed by %s first, and the session ends at both',
      async (direction, deaf, other) => {
        const fault = await lab.break({ kind: 'silent-loss', link: LINK, direction });
        const ended = (node: string) =>
          lab.eventAfter(
            fault,
            event => event.type === 'session-changed' && event.node === node && event.from === 'established',
            LONG,
          );
        const [missed, told] = [await ended(deaf), await ended(other)];
        const at = lab.events.find(({ id }) => id === fault)?.at ?? Number.NaN;
        // BFD: 300 ms three times; then the other end is told, or finds out by itself.
        expect(missed.at - at).toBeLessThan(3_000);
        expect(told.at - missed.at).toBeGreaterThan(-200);
        const moved = await lab.eventAfter(fault, changed('BORDER-DC', '1.1.1.1/32'), LONG);
        expect(moved).toMatchObject({ members: ['ethernet-1/2'] });
        expect(stateOf(await lab.engine.snapshot([]))).toBe('silent');
        const healed = await lab.engine.perform({ type: 'heal', fault: 'all' });
        await lab.converged(LONG);
        expect(stateOf(await lab.engine.snapshot([]))).toBe('up');
        const [broken, mended] = failoverSummaries(lab.events).filter(
          ({ event }) => event === fault || (healed.outcome === 'done' && event === healed.event),
        );
        expect(broken).toMatchObject({ kind: 'break', fault: { kind: 'silent-loss', direction } });
        expect(broken?.detected?.afterMs).toBeLessThan(3_000);
        expect(broken?.sessionsLost.map(({ node }) => node)).toEqual(expect.arrayContaining([deaf, other]));
        expect(broken?.forwarding.some(({ prefix }) => prefix === '1.1.1.1/32')).toBe(true);
        expect(broken?.reconvergedAfterMs).toBeLessThan(10_000);
        expect(mended).toMatchObject({ kind: 'heal' });
      },
      LONG,
    );

    const flap = (times: number): Fault => ({
      kind: 'link-flap',
      link: LINK,
      downMs: 1_500,
      upMs: 1_500,
      times,
    });
    const ofLink = (after: number) =>
      lab.events
        .filter(event => event.id > after && 'link' in event && event.link === LINK)
        .map(({ type }) => type);

    test(
      'a flapping link goes down and comes up as often as it was told, and heals by itself',
      async () => {
        const fault = await lab.break(flap(2));
        await lab.eventAfter(fault, ({ type }) => type === 'fault-healed', LONG);
        await lab.until(() => ofLink(fault).length >= 4);
        const twice = ['link-went-down', 'link-came-up', 'link-went-down', 'link-came-up'];
        expect(ofLink(fault)).toEqual(twice);
        expect((await lab.engine.snapshot([])).faults).toEqual([]);
        await expect.poll(async () => (await folder.machine()).ledger.ledger.faults).toEqual([]);
      },
      LONG,
    );

    test(
      'a flapping link that is healed while it is down comes up and stays up',
      async () => {
        const fault = await lab.break(flap(20));
        await lab.eventAfter(fault, ({ type }) => type === 'link-went-down', LONG);
        expect((await folder.machine()).ledger.ledger.faults).toMatchObject([{ id: faultId(flap(20)) }]);
        await lab.engine.perform({ type: 'heal', fault: 'all' });
        await lab.converged(LONG);
        expect(ofLink(fault)).toEqual(['link-went-down', 'link-came-up']);
      },
      LONG,
    );

    test(
      'a killed pod is gone, and another one answers in its place; BGP hears nothing of it',
      async () => {
        const pods = ({ clusters }: Snapshot) =>
          clusters
            .find(({ name }) => name === 'datacenter')
            ?.pods.filter(({ name, ready }) => ready && name.startsWith('hello-'))
            .map(({ name }) => name) ?? [];
        const [victim = ''] = pods(await lab.engine.snapshot([]));
        const fault = await lab.break({
          kind: 'pod-killed',
          cluster: 'datacenter',
          namespace: 'default',
          pod: victim,
        });
        await lab.eventAfter(fault, event => event.type === 'pod-gone' && event.pod === victim, LONG);
        await lab.until(
          snapshot => {
            const names = pods(snapshot);
            const { byPod } = snapshot.traffic;
            return (
              names.length === 4 &&
              !names.includes(victim) &&
              byPod.length === 4 &&
              !byPod.some(({ name }) => name === victim)
            );
          },
          [],
          LONG,
        );
        expect(lab.events.filter(event => event.id > fault && changed('BORDER-DC', VIP)(event))).toEqual([]);
        // A ReplicaSet has mended it: there is nothing to heal.
        expect((await lab.engine.snapshot([])).faults).toEqual([]);
      },
      LONG,
    );

    test(
      'a switch that is started again while its link is cut finds it cut',
      async () => {
        await lab.break({ kind: 'node-stopped', node: 'BORDER-DC' });
        await lab.break({ kind: 'link-cut', link: LINK });
        await lab.engine.perform({ type: 'heal', fault: 'node-stopped BORDER-DC' });
        const underlay = ({ nodes }: Snapshot) => nodes.find(({ name }) => name === 'BORDER-DC')?.sessions;
        await lab.until(snapshot => (underlay(snapshot)?.established ?? 0) > 0, [], LONG);
        const { links } = await lab.engine.snapshot([]);
        expect(links.find(({ id }) => id === LINK)).toMatchObject({ state: 'down' });
        expect(links.find(({ id }) => id === 'BORDER-DC:e1-2 SPINE-DC-2:e1-10')?.state).toBe('up');
      },
      2 * LONG,
    );

    // what is committed

    const commit = (node: string, ...lines: string[]) =>
      lab.type(`docker exec clab-srklab-hurt-${node} sr_cli -ec ${lines.map(line => `"${line}"`).join(' ')}`);
    const vtysh = (node: string, question: string) =>
      lab.type(`docker exec clab-srklab-hurt-${node} vtysh -c "${question}"`);
    const GROUP = 'set / network-instance default protocols bgp group underlay';

    test(
      'BFD is taken away and given back without a session going down for it',
      async () => {
        const before = lab.events.length;
        const up = async () =>
          (await lab.rows({ name: 'bfd', node: 'LEAF-DC-1' })).filter(({ state }) => state === 'up').length;
        expect(await up()).toBe(2);
        await commit('LEAF-DC-1', `${GROUP} failure-detection enable-bfd false`);
        await expect.poll(up, { timeout: 10_000 }).toBe(0);
        await commit('LEAF-DC-1', `${GROUP} failure-detection enable-bfd true`);
        await lab.converged(LONG);
        expect(
          lab.events
            .slice(before)
            .filter(event => event.type === 'session-changed' && event.from === 'established'),
        ).toEqual([]);
      },
      LONG,
    );

    test(
      'the border hashes what it is told, and resiliently where it is told so',
      async () => {
        const algorithm = async () => {
          const rows = await lab.rows({ name: 'forwarding', node: 'BORDER-DC', instance: 'kube-ipvrf' });
          return rows.find(({ prefix }) => prefix === VIP)?.algorithm;
        };
        const balancing = 'network-instance kube-ipvrf ip-load-balancing resilient-hash-prefix';
        await commit(
          'BORDER-DC',
          `set / ${balancing} 10.254.254.240/32 hash-buckets-per-path 4 max-paths 6`,
          'set / system load-balancing hash-options source-port false destination-port false',
        );
        expect(await algorithm()).toBe('resilient');
        expect(
          await lab.type(
            'docker exec clab-srklab-hurt-BORDER-DC ip netns exec kube-ipvrf cat /proc/sys/net/ipv4/fib_multipath_hash_fields',
          ),
        ).toMatch(/^(0x000)?7$/m);
        await commit(
          'BORDER-DC',
          `delete / ${balancing} 10.254.254.240/32`,
          'set / system load-balancing hash-options source-port true destination-port true',
        );
        expect(await algorithm()).toBe('hash-threshold');
      },
      LONG,
    );

    test(
      'a thousand flows, opened, take both spines in about equal parts',
      async () => {
        const rows = await lab.rows({
          name: 'flows',
          client: '10.1.4.20',
          destination: '10.254.254.240',
          port: 8080,
          firstPort: 20_000,
          count: 1_000,
          over: 'pod',
        });
        const ports = rows.map(({ hops }) => hops.find(({ instance }) => instance === 'default')?.outPort);
        for (const port of ['ethernet-1/1', 'ethernet-1/2'])
          expect(ports.filter(each => each === port).length).toBeGreaterThan(350);
      },
      LONG,
    );

    test(
      'what was committed is still there when the switch was off, when BGP died, and for the next tutor; a restore takes it back',
      async () => {
        const timers = async () =>
          /neighbor 10\.2\.1\.1 timers (\d+ \d+)/.exec(
            await vtysh('SPINE-DC-2', 'show running-config bgpd'),
          )?.[1];
        const written = await timers();
        await commit('SPINE-DC-2', `${GROUP} timers hold-time 9 keepalive-interval 3`);
        expect(await timers()).toBe('3 9');
        await lab.break({ kind: 'node-stopped', node: 'SPINE-DC-2' });
        await lab.engine.perform({ type: 'heal', fault: 'all' });
        await lab.converged(LONG);
        expect(await timers()).toBe('3 9');
        await lab.break({ kind: 'speaker-killed', node: 'SPINE-DC-2' });
        await lab.until(({ nodes }) => nodes.some(({ sessions }) => sessions?.established === 0), [], LONG);
        await lab.converged(2 * LONG);
        expect(await timers()).toBe('3 9');
        const next = await engineOf(folder);
        const shown = await next.run(
          'docker exec clab-srklab-hurt-SPINE-DC-2 sr_cli "info flat network-instance default protocols bgp group underlay timers"',
        );
        expect(shown.output.map(({ text }) => text).join('')).toContain('hold-time 9');
        await next.stop();
        await lab.engine.perform({ type: 'restore', stage: 'fabric' });
        expect(await timers()).toBe(written);
        for (const { id } of lab.engine.lab.stages)
          expect(await lab.engine.build(id)).toEqual({ outcome: 'done' });
      },
      5 * LONG,
    );
  },
  LONG,
);
