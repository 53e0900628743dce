import { kubectl as typed } from '../../kubectl/kubectl.ts';
import type { OutputChunk } from '../../lab/engine.ts';
import type { Lab } from '../../lab/lab.ts';
import { rowsOf, type SessionRow, type Snapshot, type TableRef } from '../../lab/snapshot.ts';
import type { TrafficState } from '../../lab/traffic-state.ts';
import type { KubeCluster } from './kube-cluster.ts';
import type { LabTime } from './lab-time.ts';
import { pause } from './pause.ts';
import type { Client } from './traffic.ts';
import { printerOf } from './typed-line.ts';

const SESSIONS = { name: 'sessions' } as const;

/** Where kubectl is typed, when real machines play the nodes of modelled clusters. */
export type ModelledKubectl = {
  readonly lab: Lab;
  readonly clusters: ReadonlyMap<string, KubeCluster>;
  readonly clients: readonly Client[];
  readonly time: LabTime;
  readonly cluster: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly print: (chunk: OutputChunk) => void;
  readonly requests: () => TrafficState['recent'];
  /** What the lab’s routers say now; missing where no router can be asked. */
  readonly look?: (wanted: readonly TableRef[]) => Promise<Snapshot>;
  /** A command on a node, or from a client's address; resolves with its exit code. */
  readonly onHost: (host: string, words: readonly string[]) => Promise<number>;
};

/** kubectl against those clusters; resolves with the exit code. */
export async function kubectl(words: readonly string[], context: ModelledKubectl): Promise<number> {
  const { lab, clusters, clients, time, cluster, signal, requests, onHost } = context;
  // The speakers' FRR is asked by a question that takes its time, and only where it is wanted.
  const look = words.some(word => /^bgpsessionstates?\b/i.test(word)) ? context.look : undefined;
  let sessions: readonly SessionRow[] = [];
  const askSpeakers = async () => {
    if (look !== undefined) sessions = rowsOf(await look([SESSIONS]), SESSIONS) ?? [];
  };
  await askSpeakers();
  const { out, err } = printerOf(context);
  return typed(words, {
    ...{ lab, clusters, cluster, requests, out, err },
    ...(context.look && { sessions: () => sessions }),
    attended: signal !== undefined,
    now: () => time.now(),
    date: at => `${new Date(time.wallOf(at)).toISOString().slice(0, 19)}Z`,
    async wait(milliseconds) {
      const goesOn = await pause(milliseconds, signal);
      if (goesOn) await askSpeakers();
      return goesOn;
    },
    exec({ metadata, spec }, command) {
      const client = clients.find(({ name }) => name === metadata.name);
      if (client !== undefined) return onHost(client.name, command);
      // A pod on its node's network sees what the node sees.
      if (spec.hostNetwork === true && spec.nodeName !== undefined) return onHost(spec.nodeName, command);
      err(
        `only the clients’ pods and those on their node’s network can be looked into in this lab; ${metadata.name} is neither`,
      );
      return 1;
    },
  });
}
