import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metallbConfig } from '../../engines/real/metallb-config.ts';
import type { SessionParameters } from '../../kube/metallb/sessions.ts';
import { lastLines, type ProgramOptions, runProgram } from '../../programs/run-program.ts';
import { beside } from '../../test-support/leftovers.ts';
import { liteLabFolder } from '../../test-support/lite-lab.ts';

const containerlab = process.env['SRKLAB_CONTAINERLAB'] ?? '';
/** `npm run test:real` prepares both, where they can be had. */
const machine = process.env['DOCKER_HOST'] !== undefined && containerlab !== '' ? describe : describe.skip;

const NAME = 'srklab-real';
const VIP = '10.254.254.240';

async function run(argv: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const result = await runProgram(argv, { timeout: 120_000, ...options });
  if (result.exitCode !== 0)
    throw new Error(`${argv.join(' ')}: ${result.problem ?? ''} ${lastLines(result, 8)}`);
  return result.stdout;
}

const containerOf = (node: string) => `clab-${NAME}-${node}`;
const docker = (...words: readonly string[]) => run(['docker', ...words]);
const inNode = (node: string, ...words: readonly string[]) => docker('exec', containerOf(node), ...words);

/** An answer of FRR as it stands, parsed. */
async function vtysh(node: string, question: string): Promise<unknown> {
  return JSON.parse(await inNode(node, 'vtysh', '-c', `${question} json`));
}

/** Asks until it holds; after a minute the last answer is the failure. */
async function until<Answer>(
  ask: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
): Promise<Answer> {
  const limit = performance.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    const shown = answer instanceof Map ? [...answer] : answer;
    if (performance.now() > limit) throw new Error(`not within a minute: ${JSON.stringify(shown)}`);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

type Peers = { readonly peers?: Readonly<Record<string, { readonly state: string }>> };

/** "peer state" of every session of a switch, one for each address family; nothing while FRR starts. */
async function sessions(node: string): Promise<string[]> {
  const asked = await runProgram([
    'docker',
    'exec',
    containerOf(node),
    ...['vtysh', '-c', 'show bgp vrf all summary json'],
  ]);
  if (asked.exitCode !== 0 || !asked.stdout.trimStart().startsWith('{')) return [];
  const vrfs = JSON.parse(asked.stdout) as Record<string, Record<string, Peers | null>>;
  return Object.values(vrfs)
    .flatMap(families => Object.values(families))
    .flatMap(family => Object.entries(family?.peers ?? {}))
    .map(([peer, { state }]) => `${peer} ${state}`)
    .sort();
}

const established = (wanted: number) => (all: readonly string[]) =>
  all.filter(line => line.endsWith(' Established')).length === wanted;

/** Where the border's kernel sends packets for the VIP. */
async function nextHopsOfVip(): Promise<string[]> {
  const said = await inNode('BORDER-DC', 'ip', '-j', '-n', 'kube-ipvrf', 'route', 'show', VIP);
  const routes = JSON.parse(said) as { gateway?: string; nexthops?: { gateway: string }[] }[];
  return routes
    .flatMap(({ gateway, nexthops }) => [gateway, ...(nexthops ?? []).map(hop => hop.gateway)])
    .filter(address => address !== undefined)
    .sort();
}

/** Who answered: requests by curl, each a new connection, from ten addresses in turn. */
async function answers(requests: number): Promise<Map<string, number>> {
  const ask = `curl -s -m 2 --interface 10.1.4.$((20 + i % 10)) http://${VIP}:8080/ || echo nobody`;
  const loop = `for i in $(seq ${requests}); do ${ask}; done`;
  const counts = new Map<string, number>();
  for (const who of (await inNode('client-control-plane', 'sh', '-c', loop)).trim().split('\n'))
    counts.set(who, (counts.get(who) ?? 0) + 1);
  return counts;
}

/** Packets that a spine took from the border. */
async function carried(spine: string): Promise<number> {
  const said = await inNode(spine, 'ip', '-j', '-s', 'link', 'show', 'e1-10');
  const [link] = JSON.parse(said) as { stats64: { rx: { packets: number } } }[];
  return link?.stats64.rx.packets ?? 0;
}

/** What containerlab and Docker could leave behind on this machine, or take away. */
async function machineState() {
  const lines = async (...argv: string[]) =>
    (await run(argv)).split('\n').filter(line => line.includes(NAME) || line.includes('foreign-'));
  return {
    containers: await lines('docker', 'ps', '-a', '--no-trunc', '--format', '{{.ID}} {{.Names}} {{.State}}'),
    networks: await lines('docker', 'network', 'ls', '--no-trunc', '--format', '{{.ID}} {{.Name}}'),
    namespaces: await lines('ip', 'netns', 'list'),
    hosts: readFileSync('/etc/hosts', 'utf8').includes(NAME),
  };
}

const links = async () =>
  (JSON.parse(await run(['ip', '-j', 'link'])) as { ifname: string; master?: string }[]).map(
    ({ ifname, master }) => `${ifname} ${master ?? ''}`,
  );

function session(peer: string, peerAddress: string, peerAsn: number): SessionParameters {
  return {
    peer,
    peerAddress,
    peerAsn,
    peerPort: 179,
    sourceAddress: undefined,
    localAsn: 65201,
    routerId: undefined,
    holdTime: 9_000,
    keepaliveTime: 3_000,
    connectRetry: 1_000,
    ttl: 2,
    bfd: undefined,
    advertisements: [{ prefix: `${VIP}/32`, localPref: undefined, communities: [], peers: [] }],
  };
}

machine('The light fabric, deployed by containerlab', () => {
  const { folder, lab } = liteLabFolder(NAME, '172.25.');
  const topology = join(folder, 'topo.frr.yml');
  let before: Awaited<ReturnType<typeof machineState>>;
  let bridge = '';

  beforeAll(async () => {
    await docker(...beside.network('foreign-net', '172.30.77.0/24'));
    const image = lab.nodes.find(node => node.kind === 'switch')?.image ?? '';
    await docker(...beside.container('foreign-container', 'foreign-net', image));
    before = await machineState();
    await run([containerlab, 'deploy', '-t', topology, '-f', 'json']);
    bridge = `br-${(await docker('network', 'inspect', NAME, '-f', '{{.Id}}')).slice(0, 12)}`;
  }, 120_000);

  afterAll(async () => {
    await runProgram([containerlab, 'destroy', '-t', topology, '--cleanup'], { timeout: 60_000 });
    await runProgram(['docker', 'rm', '-f', 'foreign-container']);
    await runProgram(['docker', 'network', 'rm', 'foreign-net']);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('the underlay comes up with BFD, and the overlay by way of both reflectors', async () => {
    for (const spine of ['SPINE-DC-1', 'SPINE-DC-2']) await until(() => sessions(spine), established(6));
    for (const leaf of ['LEAF-DC-1', 'LEAF-DC-2', 'BORDER-DC'])
      await until(() => sessions(leaf), established(4));
    const bfd = async () =>
      (await vtysh('BORDER-DC', 'show bfd peers')) as { peer: string; status: string }[];
    const states = await until(bfd, peers => peers.every(({ status }) => status === 'up'));
    expect(states.map(({ peer }) => peer).sort()).toEqual(['10.1.10.0', '10.2.10.0']);
  }, 90_000);

  test('the plan’s own commands plug the nodes in', async () => {
    const joins = lab.stages.find(({ id }) => id === 'links')?.tasks ?? [];
    expect(joins).toHaveLength(3);
    for (const { commandLine } of joins) {
      for (const command of commandLine.split(' && ')) {
        // The clients are untagged on this fabric, and not every kernel has VLAN devices.
        if (command.includes('VLAN-')) continue;
        const [program = '', ...words] = command.split(' ');
        await run([program === 'containerlab' ? containerlab : program, ...words]);
      }
    }
    for (const worker of ['datacenter-worker', 'datacenter-worker2'])
      await inNode(worker, 'ping', '-c', '1', '-w', '10', '192.168.101.1');
  }, 90_000);

  test('the leaves accept the workers’ sessions, and the border has the VIP by both leaves', async () => {
    const workers = [
      ['datacenter-worker', session('leaf-dc-1', '1.1.1.201', 65301)],
      ['datacenter-worker2', session('leaf-dc-2', '1.1.1.202', 65302)],
    ] as const;
    for (const [node, peer] of workers) {
      const container = containerOf(node);
      const store = ['docker', 'exec', '-i', container, 'sh', '-c', 'cat >/etc/frr/frr.conf'];
      await run(store, { input: metallbConfig(node, [peer]) });
      await inNode(node, 'sed', '-i', 's/^bgpd=no/bgpd=yes/; s/^bfdd=no/bfdd=yes/', '/etc/frr/daemons');
      // Its daemons would keep the pipe of an ordinary exec open.
      await docker('exec', '-d', container, '/usr/lib/frr/frrinit.sh', 'start');
      await inNode(node, 'ip', 'address', 'replace', `${VIP}/32`, 'dev', 'lo');
      const server = 'require("http").createServer((_, to) => to.end(process.argv[1] + "\\n")).listen(8080)';
      await docker('exec', '-d', container, 'node', '-e', server, node);
    }
    const found = await until(nextHopsOfVip, hops => hops.length === 2);
    expect(found).toEqual(['1.1.1.1', '1.1.1.2']);
    expect(await sessions('LEAF-DC-1')).toContain('192.168.101.101 Established');
    expect(await sessions('LEAF-DC-2')).toContain('192.168.101.102 Established');
  }, 90_000);

  test('the service answers through the fabric, from both workers, over both spines', async () => {
    for (let host = 20; host < 30; host++)
      await inNode('client-control-plane', 'ip', 'address', 'replace', `10.1.4.${host}/24`, 'dev', 'e1-1');
    await inNode('client-control-plane', 'ip', 'route', 'replace', `${VIP}/32`, 'via', '10.1.4.1');
    await until(
      () => answers(1),
      counts => !counts.has('nobody'),
    );
    const spines = ['SPINE-DC-1', 'SPINE-DC-2'];
    const atFirst = await Promise.all(spines.map(carried));
    const counts = await answers(100);
    const then = await Promise.all(spines.map(carried));
    expect([...counts.keys()].sort()).toEqual(['datacenter-worker', 'datacenter-worker2']);
    expect(Math.min(...counts.values())).toBeGreaterThan(25);
    // Five packets and more for each request: BGP and BFD alone are a handful in this time.
    for (const [index, packets] of then.entries())
      expect(packets - (atFirst[index] ?? 0)).toBeGreaterThan(100);
  }, 90_000);

  test('a stopped leaf takes its half with it and keeps its cables: started again, both halves are back', async () => {
    await run([containerlab, 'stop', '-t', topology, '--node', 'LEAF-DC-1']);
    expect(await until(nextHopsOfVip, hops => hops.length === 1)).toEqual(['1.1.1.2']);
    const alone = await until(
      () => answers(10),
      counts => !counts.has('nobody'),
    );
    expect([...alone.keys()]).toEqual(['datacenter-worker2']);
    await run([containerlab, 'start', '-t', topology, '--node', 'LEAF-DC-1']);
    await until(nextHopsOfVip, hops => hops.length === 2);
    await until(
      () => answers(40),
      counts => counts.size === 2 && !counts.has('nobody'),
    );
  }, 150_000);

  test('a cut link leaves the service answering, and heals', async () => {
    await inNode('BORDER-DC', 'ip', 'link', 'set', 'e1-1', 'down');
    await until(
      () => sessions('BORDER-DC'),
      all => all.length > 0 && !all.includes('10.1.10.0 Established'),
    );
    expect((await answers(30)).get('nobody')).toBeUndefined();
    await inNode('BORDER-DC', 'ip', 'link', 'set', 'e1-1', 'up');
    await until(() => sessions('BORDER-DC'), established(4));
  }, 90_000);

  test('a bridged port loses its carrier with its cable, and the leaf withdraws who was behind it', async () => {
    const known = async () => {
      const routes = await vtysh('BORDER-DC', 'show bgp l2vpn evpn route type macip');
      return JSON.stringify(routes).includes('[192.168.101.101]');
    };
    await inNode('datacenter-worker', 'ping', '-c', '1', '192.168.101.1');
    await until(known, is => is);
    await inNode('LEAF-DC-1', 'ip', 'link', 'set', 'e1-10', 'down');
    await until(known, is => !is);
    await inNode('LEAF-DC-1', 'ip', 'link', 'set', 'e1-10', 'up');
    await until(
      () =>
        runProgram(['docker', 'exec', containerOf('datacenter-worker'), 'ping', '-c', '1', '192.168.101.1']),
      ({ exitCode }) => exitCode === 0,
    );
    await until(known, is => is);
  }, 120_000);

  test('a container that was killed starts FRR at once, whosever the numbers of its last daemons are now', async () => {
    const { stderr = '', stdout = '' } = await runProgram(['docker', 'logs', containerOf('SPINE-DC-2')]);
    // The number of the script that starts the daemons comes again: the same processes are started before it.
    const [, script = ''] = /Forked background command \[pid (\d+)\]/.exec(`${stdout}${stderr}`) ?? [];
    const near = Number(script);
    expect(near).toBeGreaterThan(1);
    await inNode(
      'SPINE-DC-2',
      'sh',
      '-c',
      `echo ${near} >/run/frr/zebra.pid; echo ${near + 1} >/run/frr/bgpd.pid`,
    );
    await docker('kill', containerOf('SPINE-DC-2'));
    const startedAt = performance.now();
    await docker('start', containerOf('SPINE-DC-2'));
    await until(
      () => runProgram(['docker', 'exec', containerOf('SPINE-DC-2'), 'vtysh', '-c', 'show daemons']),
      ({ stdout: said }) => ['zebra', 'bgpd', 'bfdd'].every(daemon => said.includes(daemon)),
    );
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  }, 120_000);

  test('after destroy nothing of it is left, and what was there before is untouched', async () => {
    expect((await machineState()).containers).toHaveLength(lab.nodes.length + 1);
    expect((await links()).some(line => line.includes(bridge))).toBe(true);
    await run([containerlab, 'destroy', '-t', topology, '--cleanup']);
    expect(await machineState()).toEqual(before);
    expect(before.containers).toHaveLength(1);
    expect((await links()).filter(line => line.includes(bridge))).toEqual([]);
  }, 60_000);
});
