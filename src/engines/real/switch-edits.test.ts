import { beforeEach, describe, expect, test } from 'vitest';
import { type Commit, ConfigSession } from '../../lab/files/switch/config-session.ts';
import { type SwitchNode, switchesOf } from '../../lab/lab.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { EventLog } from './event-log.ts';
import { frrConfigOf } from './frr-config.ts';
import { ResilientRoutes } from './resilient-routes.ts';
import { type EditHands, SwitchEdits } from './switch-edits.ts';

const lab = talkLab();
const GROUP = 'set / network-instance default protocols bgp group underlay';

/** Switches that remember what they were told. */
class Told implements EditHands {
  readonly configs = new Map(switchesOf(lab).map(node => [node.name, frrConfigOf(node, lab)]));
  readonly texts = new Map<string, string>();
  readonly silent = new Set<string>();
  readonly ports: string[] = [];
  readonly hushed: (readonly [string, readonly string[]])[][] = [];

  async router(name: string) {
    if (this.silent.has(name)) return `${name} does not answer`;
    return {
      name,
      running: true,
      config: this.configs.get(name) ?? '',
      configure: async (config: string) => {
        this.configs.set(name, config);
        return [];
      },
      json: async () => undefined,
      ask: async () => undefined,
    };
  }

  async committed(name: string) {
    return this.texts.get(name);
  }

  async hush(peers: ReadonlyMap<string, readonly string[]>) {
    this.hushed.push([...peers]);
    return async () => {};
  }

  async keep({ name }: SwitchNode, running: { readonly text: string } | undefined) {
    if (running === undefined) this.texts.delete(name);
    else this.texts.set(name, running.text);
  }

  async setPort({ node, port }: { readonly node: string; readonly port: string }, up: boolean) {
    this.ports.push(`${node}:${port} ${up ? 'up' : 'down'}`);
  }
}

describe('What is committed on switches that run FRR', () => {
  let hands: Told;
  let edits: SwitchEdits;

  const nodeNamed = (name: string) => {
    const node = switchesOf(lab).find(each => each.name === name);
    if (node === undefined) throw new Error(`the lab has no ${name}`);
    return node;
  };

  /** Types lines as `sr_cli -ec` does; what the switch refused. */
  async function commit(name: string, ...lines: string[]): Promise<string | undefined> {
    const { tree } = await edits.running(nodeNamed(name));
    const session = new ConfigSession(name, () => tree, { out: () => {}, err: () => {} });
    let result: boolean | Commit = true;
    for (const line of ['enter candidate', ...lines, 'commit now']) result = session.type(line);
    if (typeof result === 'boolean') throw new Error('nothing to commit');
    return edits.commit(name, result);
  }

  beforeEach(() => {
    hands = new Told();
    edits = new SwitchEdits({
      lab,
      hands,
      events: new EventLog(() => 0),
      resilient: new ResilientRoutes({
        ip: () => 'ip',
        said: async () => [],
        run: async () => ({ exitCode: 0, output: '' }),
      }),
      begin: () => {},
    });
  });

  test('is told to FRR in its own words', async () => {
    expect(await commit('LEAF-DC-1', `${GROUP} timers hold-time 9 keepalive-interval 3`)).toBeUndefined();
    expect(hands.configs.get('LEAF-DC-1')).toContain(' neighbor 10.1.1.0 timers 3 9\n');
  });

  test('is the next commit’s beginning, also for whoever only has the lines that were kept', async () => {
    await commit(
      'LEAF-DC-1',
      'delete / network-instance kube-ipvrf protocols bgp group metallb import-policy',
    );
    await commit('LEAF-DC-1', `${GROUP} timers hold-time 9 keepalive-interval 3`);
    expect(hands.configs.get('LEAF-DC-1')).not.toContain('route-map import-metallb');
    await commit(
      'LEAF-DC-1',
      'set / network-instance kube-ipvrf protocols bgp group metallb import-policy [ import-metallb ]',
      'delete / network-instance default protocols bgp group underlay timers',
    );
    expect(hands.configs.get('LEAF-DC-1')).toBe(frrConfigOf(nodeNamed('LEAF-DC-1'), lab));
  });

  test('changes the switch at the other end, too, where BFD is turned off, and nobody hears the ends go one by one', async () => {
    await commit('LEAF-DC-1', `${GROUP} failure-detection enable-bfd false`);
    expect(hands.configs.get('SPINE-DC-1')).not.toContain('neighbor 10.1.1.1 bfd');
    expect(hands.hushed).toEqual([
      [
        ['LEAF-DC-1', ['10.1.1.0', '10.2.1.0']],
        ['SPINE-DC-1', ['10.1.1.1']],
        ['SPINE-DC-2', ['10.2.1.1']],
      ],
    ]);
  });

  test('is refused where the other end cannot be told, and nothing has changed', async () => {
    hands.silent.add('SPINE-DC-2');
    const before = new Map(hands.configs);
    expect(await commit('LEAF-DC-1', `${GROUP} failure-detection enable-bfd false`)).toBe(
      'SPINE-DC-2 does not answer',
    );
    expect(hands.configs).toEqual(before);
    expect(hands.texts.size).toBe(0);
  });

  test('is refused on a switch whose FRR file says something else than its SR Linux file', async () => {
    hands.configs.set('LEAF-DC-1', 'router bgp 65001\n');
    expect(await commit('LEAF-DC-1', `${GROUP} timers hold-time 9`)).toMatch(
      /^LEAF-DC-1 runs the fabric\/frr file that was written for it/,
    );
  });

  test('is refused where the switch would have to be built anew', async () => {
    expect(await commit('LEAF-DC-1', 'set / interface lo1 subinterface 0 ipv4 address 1.1.1.203/32')).toMatch(
      /are made when it is built/,
    );
  });

  test('disables a port', async () => {
    await commit('LEAF-DC-1', 'set / interface ethernet-1/1 admin-state disable');
    expect(hands.ports).toEqual(['LEAF-DC-1:ethernet-1/1 down']);
  });

  test('is gone after a reset, and the files’ configurations run', async () => {
    await commit('LEAF-DC-1', `${GROUP} failure-detection enable-bfd false`);
    await commit('SPINE-DC-1', 'set / interface ethernet-1/2 admin-state disable');
    expect(await edits.reset()).toBeUndefined();
    expect(hands.texts.size).toBe(0);
    for (const node of switchesOf(lab)) expect(hands.configs.get(node.name)).toBe(frrConfigOf(node, lab));
    expect(hands.ports.at(-1)).toBe('SPINE-DC-1:ethernet-1/2 up');
  });

  test('of a switch that does not answer cannot be taken back, and that is said', async () => {
    await commit('LEAF-DC-1', `${GROUP} timers hold-time 9`);
    hands.silent.add('LEAF-DC-1');
    expect(await edits.reset()).toBe('LEAF-DC-1: LEAF-DC-1 does not answer');
  });
});
