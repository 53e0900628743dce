import { MetallbState } from '../../../kube/metallb/metallb-state.ts';
import type { KubeObject, Node, Pod } from '../../../kube/objects.ts';
import { conditionOf } from '../../../kube/pod.ts';
import { ObjectStore } from '../../../kube/store.ts';
import { absentCluster, type ClusterView, clusterState } from '../../../lab/cluster-state.ts';
import { readYaml } from '../../../lab/files/yaml-text.ts';
import { clusterNodesOf, type Lab, type LabCluster } from '../../../lab/lab.ts';
import type { ClusterState } from '../../../lab/snapshot.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { addressOf } from '../../../net/prefix.ts';
import type { ApiObject, KubernetesApi } from '../../../programs/kubernetes-api.ts';
import { openKubernetes } from '../../../programs/kubernetes-api.ts';
import type { EventLog } from '../../real/event-log.ts';
import type { LabTime } from '../../real/lab-time.ts';
import type { Answering } from '../answering.ts';
import { type Announced, AnnouncementBook, announcedNow, announcementFacts } from './announcements.ts';
import { ClusterActions } from './cluster-actions.ts';
import { fromApi } from './from-api.ts';
import { watchKind } from './kind-watch.ts';
import { factsOfChange } from './kube-facts.ts';
import type { ObservedCluster } from './observed-cluster.ts';
import { type WatchedKind, watchedKinds } from './resources.ts';

export type KubernetesOptions = {
  readonly lab: Lab;
  readonly cluster: LabCluster;
  /** The file that `kind get kubeconfig` wrote for this lab. */
  readonly kubeconfig: string;
  readonly time: LabTime;
  readonly events: EventLog;
  /** The fault or command that things may still follow from. */
  readonly cause?: () => number | undefined;
};

/** The API server is asked whether it is there that often, and given that long. Milliseconds. */
const HEARTBEAT = 1_000;
const PATIENCE = 2_500;

/** A cluster of kind, mirrored through watches of its API. */
export class KubernetesCluster implements ObservedCluster {
  readonly name: string;
  private readonly options: KubernetesOptions;
  private readonly store = new ObjectStore();
  private readonly metallb: MetallbState;
  private readonly unlisted = new Set(watchedKinds.map(({ kind }) => kind));
  /** Kinds whose watch was cut: what is known of them is old. */
  private readonly troubled = new Set<string>();
  private readonly lastEvents = new Map<string, number>();
  private readonly book = new AnnouncementBook();
  private announced: Announced = new Map();
  private everReady = false;
  private condition: Answering = { state: 'waiting', because: 'not asked yet' };
  private answeredAt = 0;
  /** One for each watch and one for the heartbeat: every request listens to its own. */
  private stoppers: AbortController[] = [];
  private api: KubernetesApi | undefined;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(options: KubernetesOptions) {
    this.name = options.cluster.name;
    this.options = options;
    this.metallb = new MetallbState(this.store, text => readYaml(text, 'config').documents[0]?.value);
  }

  get answering(): Answering {
    return this.condition;
  }

  /** Whose word the announcements are: MetalLB's own, or our model's of what it decides. */
  get announcementsSaidBy(): 'metallb' | 'model' {
    return this.announcementRows().saidBy;
  }

  get actions(): ClusterActions {
    return new ClusterActions(() => this.api, this.store, this.metallb);
  }

  async start(): Promise<string | undefined> {
    if (this.stoppers.length > 0) return undefined;
    const opened = await openKubernetes(this.options.kubeconfig);
    if (opened.outcome === 'failed') {
      this.condition = { state: 'waiting', because: opened.because };
      return opened.because;
    }
    const api = opened.value;
    this.api = api;
    this.stoppers = [...watchedKinds, 'heartbeat'].map(() => new AbortController());
    const [heartbeat, ...watches] = this.stoppers.map(({ signal }) => signal);
    const because = await api.alive(PATIENCE);
    this.note(because);
    if (heartbeat !== undefined) this.beat(api, heartbeat);
    const allListed = new Promise<string | undefined>(resolve => {
      watches.forEach((signal, index) => {
        const kind = watchedKinds[index];
        if (kind !== undefined) void this.follow(api, kind, signal, () => resolve(undefined));
      });
      if (because !== undefined) resolve(because);
      heartbeat?.addEventListener('abort', () => resolve('stopped'), { once: true });
    });
    return allListed;
  }

  stop(): void {
    for (const stopper of this.stoppers.splice(0)) stopper.abort();
    clearTimeout(this.heartbeat);
  }

  state(): ClusterState {
    if (this.store.list('Node').length === 0) return absentCluster(this.name);
    return clusterState(this.view());
  }

  // following

  private follow(
    api: KubernetesApi,
    watched: WatchedKind,
    signal: AbortSignal,
    whenAllListed: () => void,
  ): Promise<void> {
    return watchKind(
      api,
      watched,
      {
        onList: objects => {
          this.takeList(watched.kind, objects);
          this.unlisted.delete(watched.kind);
          if (this.troubled.delete(watched.kind)) this.note(undefined);
          if (this.unlisted.size === 0) whenAllListed();
        },
        onChange: (type, object) => this.take(object, type === 'DELETED'),
        onTrouble: because => {
          this.troubled.add(watched.kind);
          this.note(because);
        },
      },
      signal,
    );
  }

  private takeList(kind: string, objects: readonly ApiObject[]): void {
    const there = new Set(objects.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`));
    for (const { metadata } of this.store.list(kind)) {
      if (there.has(`${metadata.namespace ?? ''}/${metadata.name}`)) continue;
      this.take({ kind, metadata }, true);
    }
    const first = this.unlisted.has(kind);
    for (const object of objects) this.take({ ...object, kind }, false, first);
  }

  /** `first`: it was there when we came. What is told of it then is what happened since the lab began. */
  private take(object: ApiObject, gone: boolean, first = false): void {
    const { time, cluster } = this.options;
    const kind = object.kind ?? '';
    const { name, namespace } = object.metadata;
    const before = this.store.get(kind, name, namespace);
    const after = gone ? undefined : fromApi(object, milliseconds => time.ofWall(milliseconds));
    if (gone) this.store.remove(kind, name, namespace);
    else if (after !== undefined && before === undefined)
      this.store.create(after, after.metadata.creationTimestamp ?? time.now());
    else if (after !== undefined) this.store.replace(after);
    const changedAt = first && after !== undefined ? lastChangeOf(after) : time.now();
    if (changedAt > 0)
      for (const fact of factsOfChange(cluster.name, before, after)) {
        const cause = this.options.cause?.() ?? this.lastEvents.get(`${kind} ${namespace}/${name}`);
        const id = this.options.events.add(fact, { at: changedAt, cause });
        this.lastEvents.set(`${kind} ${namespace}/${name}`, id);
      }
    this.noteNodes();
    this.noteAnnouncements();
  }

  private noteNodes(): void {
    const nodes = this.store.list('Node');
    const expected = clusterNodesOf(this.options.lab, this.name).length;
    const ready = nodes.filter(({ status }) => conditionOf(status.conditions, 'Ready')?.status === 'True');
    if (nodes.length >= expected && ready.length === nodes.length) this.everReady = true;
  }

  private noteAnnouncements(): void {
    const { rows } = this.announcementRows();
    const speaks = (node: string) => this.speakerRuns(node);
    const now = announcedNow(rows, speaks);
    const facts = announcementFacts(this.announced, now, rows, speaks);
    this.announced = now;
    for (const fact of facts) this.options.events.add(fact, { cause: this.options.cause?.() });
  }

  // whether it is there

  private beat(api: KubernetesApi, signal: AbortSignal): void {
    this.heartbeat = setTimeout(async () => {
      const because = await api.alive(PATIENCE);
      if (signal.aborted) return;
      this.note(because);
      this.noteAnnouncements();
      this.beat(api, signal);
    }, HEARTBEAT);
    this.heartbeat.unref();
  }

  private note(because: string | undefined): void {
    const { time } = this.options;
    if (because === undefined && this.troubled.size > 0 && this.condition.state !== 'waiting') return;
    if (because === undefined) {
      this.answeredAt = time.now();
      this.condition = { state: 'answering' };
    } else if (this.condition.state === 'waiting') this.condition = { state: 'waiting', because };
    else if (this.condition.state === 'unknown') this.condition = { ...this.condition, because };
    else this.condition = { state: 'unknown', since: this.answeredAt, because };
  }

  // views

  private view(): ClusterView {
    const joined = new Map(
      clusterNodesOf(this.options.lab, this.name).map(node => [node.name, node.attachments[0]?.address]),
    );
    return {
      name: this.name,
      everReady: this.everReady,
      nodes: this.store.list('Node'),
      pods: this.store.list('Pod'),
      services: this.store.list('Service'),
      endpointSlices: service =>
        this.store
          .list('EndpointSlice', service.metadata.namespace)
          .filter(
            ({ addressType, metadata }) =>
              addressType === 'IPv4' &&
              metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name,
          ),
      dockerAddress: node => internalAddressOf(this.store.get('Node', node)),
      fabricAddress: node => {
        const address = joined.get(node);
        return address === undefined ? undefined : addressOf(address);
      },
      secondAddress: secondAddressOf,
      announcements: this.announcementRows().rows,
      speakerRuns: node => this.speakerRuns(node),
    };
  }

  private announcementRows() {
    const statuses = this.store.list('ServiceBGPStatus');
    return this.book.rows(this.metallb.announcements(), statuses, this.options.time.now());
  }

  private speakerRuns(node: string): boolean {
    const speaker = this.metallb.speakerPod(node);
    return speaker !== undefined && conditionOf(speaker.status.conditions, 'Ready')?.status === 'True';
  }
}

function internalAddressOf(node: Node | undefined): Ipv4 | undefined {
  return node?.status.addresses.find(({ type, address }) => type === 'InternalIP' && !address.includes(':'))
    ?.address;
}

/** Of the interface that Multus added: its report is JSON in an annotation, the pod network's entry marked as default. */
function secondAddressOf(pod: Pod): Ipv4 | undefined {
  const text = pod.metadata.annotations?.['k8s.v1.cni.cncf.io/network-status'];
  if (text === undefined) return undefined;
  try {
    const networks = JSON.parse(text) as readonly {
      readonly default?: boolean;
      readonly ips?: readonly string[];
    }[];
    return networks.find(network => network.default !== true && (network.ips?.length ?? 0) > 0)?.ips?.[0];
  } catch {
    return undefined;
  }
}

/** When something last happened to an object, as far as it says. Lab milliseconds, 0 for before the lab began. */
function lastChangeOf(object: KubeObject): number {
  const { creationTimestamp = 0, deletionTimestamp = 0 } = object.metadata;
  const { conditions = [] } = (object['status'] ?? {}) as {
    readonly conditions?: readonly { readonly lastTransitionTime?: number }[];
  };
  return Math.max(
    creationTimestamp,
    deletionTimestamp,
    ...conditions.map(({ lastTransitionTime }) => lastTransitionTime ?? 0),
  );
}
