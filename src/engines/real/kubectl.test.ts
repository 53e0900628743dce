import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Snapshot } from '../../lab/snapshot.ts';
import { everythingUp } from '../../test-support/snapshots.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { EventLog } from './event-log.ts';
import { kubectl } from './kubectl.ts';
import { LabTime } from './lab-time.ts';
import { ModelClusters } from './model-clusters.ts';
import type { PodHost, PodHostSpec } from './pod-host.ts';

/** A machine that does all it is told, at once. */
function obedientHost(spec: PodHostSpec): PodHost {
  return {
    ...spec,
    running: true,
    speaks: true,
    speakerFrozen: false,
    create: async () => undefined,
    routeToPods: async () => undefined,
    settled: async () => undefined,
    setPods() {},
    setRules() {},
    setSpeaker() {},
    killSpeaker: async () => {},
    freezeSpeaker: async () => {},
    stop: async () => {},
    start() {},
    end() {},
  };
}

const lab = talkLab();
const time = new LabTime();
const clusters = new ModelClusters({
  lab,
  time,
  events: new EventLog(() => time.now()),
  cause: () => undefined,
  makeHost: obedientHost,
  isPlugged: () => true,
  addressOf: node => `172.18.0.${10 + lab.nodes.findIndex(({ name }) => name === node)}`,
  placePods: async () => {},
});

beforeAll(async () => {
  for (const { action } of lab.stages.flatMap(({ tasks }) => tasks)) {
    if (action.type === 'create-cluster') expect(await clusters.create(action.cluster)).toBeUndefined();
    if (action.type === 'load-image') clusters.loadImage(action.cluster, action.image);
    if (action.type === 'apply') expect(await clusters.apply(action.cluster, action.file)).toBeUndefined();
  }
});

afterAll(() => clusters.stop());

/** One worker’s session is up, with BFD; of the others nobody knows anything yet. */
const saidByRouters: Snapshot = {
  ...everythingUp,
  tables: new Map([
    [
      'sessions',
      [
        {
          ...{ node: 'datacenter-worker', instance: 'default', peer: '1.1.1.201' as const },
          ...{ localAs: 65201, peerAs: 65301, dynamic: false, since: 0, families: [] },
          ...{ state: 'established' as const, bfd: 'up' as const },
        },
      ],
    ],
  ]),
};

/** What is printed, errors too, and which programs ran where. */
async function typed(line: string, signal = new AbortController().signal) {
  const lines: string[] = [];
  const ran: string[] = [];
  const exitCode = await kubectl(line.split(' '), {
    ...{ lab, time, signal, cluster: undefined },
    clusters: clusters.clusters,
    clients: clusters.clients(),
    print: ({ text }) => lines.push(text),
    requests: () => [],
    look: async () => saidByRouters,
    async onHost(host, words) {
      ran.push(`${host}: ${words.join(' ')}`);
      return 0;
    },
  });
  return { exitCode, text: lines.join(''), ran };
}

const podNamed = (start: string) =>
  [...clusters.clusters.values()]
    .flatMap(({ cluster }) => cluster.store.list('Pod'))
    .find(({ metadata }) => metadata.name.startsWith(start));

test('knows what the embedded lab’s knows: descriptions, YAML, events', async () => {
  const described = await typed('describe service hello-lb');
  expect(described.exitCode).toBe(0);
  expect(described.text).toMatch(/LoadBalancer Ingress: +10\.254\.254\.240/);
  expect((await typed('get pods -o jsonpath={.items[*].status.phase}')).text).toMatch(/^Running/);
  expect((await typed('get events')).text).toContain('IPAllocated');
});

test('dates are today’s: real routers run in real time', async () => {
  const { text } = await typed('get service hello-lb -o yaml');
  expect(text).toContain(`creationTimestamp: "${new Date().toISOString().slice(0, 10)}T`);
});

test('a program in a client’s pod runs at the client, one in a pod on the node’s network on the node', async () => {
  const client = podNamed('clients-');
  expect((await typed('--context kind-client exec deploy/clients -- wget -qO- http://1.1.1.1/')).ran).toEqual(
    [`${client?.metadata.name}: wget -qO- http://1.1.1.1/`],
  );
  const speaker = podNamed('frr-k8s-daemon-');
  const { ran } = await typed(
    `-n metallb-system exec ${speaker?.metadata.name} -c frr -- vtysh -c show_bgp_summary`,
  );
  expect(ran).toEqual([`${speaker?.spec.nodeName}: vtysh -c show_bgp_summary`]);
});

test('a program in a pod that is only a server here is refused with the reason', async () => {
  const { exitCode, text, ran } = await typed('exec deploy/hello -- ip address');
  expect({ exitCode, ran }).toEqual({ exitCode: 1, ran: [] });
  expect(text).toMatch(/only the clients’ pods .* can be looked into in this lab; hello-\S+ is neither/);
});

test('what frr-k8s says of its sessions is asked of the real FRR', async () => {
  const { text } = await typed('get bgpsessionstates -A');
  expect(text.split('\n')[1]).toMatch(
    /datacenter-worker-leaf-dc-1 +datacenter-worker +1\.1\.1\.201 +Established +Up/,
  );
});

test('-w goes on until Ctrl-C', async () => {
  const cancel = new AbortController();
  const watching = typed('get pods -w', cancel.signal);
  setTimeout(() => cancel.abort(), 50);
  expect((await watching).exitCode).toBe(130);
});
