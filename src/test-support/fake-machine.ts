import { emptyLedger, type Ledger } from '../engines/containerlab/ledger.ts';
import type { LedgerFile } from '../engines/containerlab/ledger-file.ts';
import type { Machine } from '../engines/containerlab/machine.ts';
import type { Lab } from '../lab/lab.ts';
import { done } from '../programs/answer.ts';
import type { Docker, DockerContainer, DockerNetwork } from '../programs/docker.ts';
import type { ProgramResult } from '../programs/run-program.ts';
import { commandText } from '../programs/shell-text.ts';

/** A machine that is a list of containers and networks: what is run on it is written down, and `onRun` says what it does. */
export type FakeMachine = Machine & {
  readonly containers: DockerContainer[];
  readonly networks: DockerNetwork[];
  /** Command lines, and Docker's deeds as "docker …". */
  readonly ran: string[];
  onRun: (line: string) => Partial<ProgramResult> | undefined;
};

export function fakeMachine(lab: Lab, folder = '/lab', ledger?: Partial<Ledger>): FakeMachine {
  const containers: DockerContainer[] = [];
  const networks: DockerNetwork[] = [];
  const ran: string[] = [];
  const run = async (argv: readonly string[]): Promise<ProgramResult> => {
    const line = commandText(argv);
    ran.push(line);
    const result = machine.onRun(line) ?? {};
    return { argv, exitCode: 0, stdout: '', stderr: '', milliseconds: 1, ...result };
  };
  const did = async (line: string) => {
    ran.push(line);
    return done(undefined);
  };
  const docker: Docker = {
    endpoint: 'unix:///fake.sock',
    version: async () => ({ outcome: 'failed', because: 'not asked in this story' }),
    networks: async () => done(networks),
    network: async name => done(networks.find(one => one.name === name || one.id === name)),
    createNetwork: async ({ name, prefix, labels }) => {
      ran.push(`docker network create ${name}`);
      networks.push(fakeNetwork(name, prefix, labels));
      return done(`id of ${name}`);
    },
    removeNetwork: async id => {
      networks.splice(
        networks.findIndex(one => one.id === id),
        1,
      );
      return did(`docker network rm ${id}`);
    },
    containers: async ({ label } = {}) =>
      done(
        containers.filter(({ labels }) =>
          Object.entries(labels).some(([key, value]) => `${key}=${value}` === label),
        ),
      ),
    container: async name => done(containers.find(one => one.name === name || one.id === name)),
    start: name => did(`docker start ${name}`),
    stop: name => did(`docker stop ${name}`),
    kill: name => did(`docker kill ${name}`),
    pause: name => did(`docker pause ${name}`),
    converse: () => {
      throw new Error('no story here speaks with a program that goes on running');
    },
    unpause: name => did(`docker unpause ${name}`),
    remove: name => did(`docker rm ${name}`),
    logs: async () => done(''),
    images: async () => done([]),
    image: async () => done(undefined),
    pull: image => did(`docker pull ${image}`),
    exec: (container, argv) => run(['docker', 'exec', container, ...argv]),
    events: async () => undefined,
  };
  const machine: FakeMachine = {
    ...{ lab, folder, privilege: 'root', docker, run, containers, networks, ran },
    ledger: memoryLedger({ ...emptyLedger(lab.name, `${folder}/srklab.yml`, docker.endpoint), ...ledger }),
    onRun: () => undefined,
  };
  return machine;
}

export function fakeNetwork(
  name: string,
  prefix: string,
  labels: Readonly<Record<string, string>> = {},
  containers: readonly string[] = [],
): DockerNetwork {
  return { id: `id of ${name}`, name, driver: 'bridge', subnets: [prefix], gateways: [], labels, containers };
}

export function fakeContainer(name: string, labels: Readonly<Record<string, string>>): DockerContainer {
  return { id: `id of ${name}`, name, image: 'x', state: 'running', status: '', labels, addresses: {} };
}

function memoryLedger(ledger: Ledger): LedgerFile {
  return {
    path: '/state/lab.json',
    get ledger() {
      return ledger;
    },
    async change(to) {
      ledger = to(ledger);
      return undefined;
    },
    async reload() {},
    async forget() {
      ledger = { ...ledger, things: [], faults: [] };
    },
  };
}
