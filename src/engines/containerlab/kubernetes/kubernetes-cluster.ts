import type { ClusterState } from '../../../lab/cluster-state.ts';
import type { Lab, LabCluster } from '../../../lab/lab.ts';
import type { KubernetesApi } from '../../../programs/kubernetes-api.ts';
import { openKubernetes } from '../../../programs/kubernetes-api.ts';
import type { EventLog } from '../../real/event-log.ts';
import type { LabTime } from '../../real/lab-time.ts';
import type { Answering } from '../answering.ts';
import { ClusterActions } from './cluster-actions.ts';
import { watchKind } from './kind-watch.ts';
import { KubeMirror } from './kube-mirror.ts';
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
  private readonly mirror: KubeMirror;
  readonly actions: ClusterActions;
  private readonly unlisted = new Set(watchedKinds.map(({ kind }) => kind));
  /** Kinds whose watch was cut: what is known of them is old. */
  private readonly troubled = new Set<string>();
  private condition: Answering = { state: 'waiting', because: 'not asked yet' };
  private answeredAt = 0;
  /** One for each watch and one for the heartbeat: every request listens to its own. */
  private stoppers: AbortController[] = [];
  private api: KubernetesApi | undefined;
  private started = false;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(options: KubernetesOptions) {
    this.name = options.cluster.name;
    this.options = options;
    this.mirror = new KubeMirror({ ...options, name: options.cluster.name });
    this.actions = new ClusterActions(() => this.api, this.mirror.store, this.mirror.metallb);
  }

  get answering(): Answering {
    return this.condition;
  }

  /** Whose word the announcements are: MetalLB's own, or our model's of what it decides. */
  get announcementsSaidBy(): 'metallb' | 'model' {
    return this.mirror.announcementsSaidBy;
  }

  async start(): Promise<string | undefined> {
    if (this.started) return undefined;
    this.started = true;
    return this.open();
  }

  /** Until there is a kubeconfig that can be used, it is looked for again and again: kind writes it when a cluster is made. */
  private async open(): Promise<string | undefined> {
    const opened = await openKubernetes(this.options.kubeconfig);
    if (!this.started) return 'stopped';
    if (opened.outcome === 'failed') {
      this.condition = { state: 'waiting', because: opened.because };
      this.heartbeat = setTimeout(() => void this.open(), HEARTBEAT);
      this.heartbeat.unref();
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
    this.started = false;
    for (const stopper of this.stoppers.splice(0)) stopper.abort();
    clearTimeout(this.heartbeat);
  }

  state(): ClusterState {
    return this.mirror.state();
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
          this.mirror.takeList(watched.kind, objects, this.unlisted.delete(watched.kind));
          if (this.troubled.delete(watched.kind)) this.note(undefined);
          if (this.unlisted.size > 0) return;
          this.mirror.setComplete();
          whenAllListed();
        },
        onChange: (type, object) => this.mirror.take(object, type === 'DELETED'),
        onTrouble: because => {
          this.troubled.add(watched.kind);
          this.note(because);
        },
      },
      signal,
    );
  }

  // whether it is there

  private beat(api: KubernetesApi, signal: AbortSignal): void {
    this.heartbeat = setTimeout(async () => {
      const because = await api.alive(PATIENCE);
      if (signal.aborted) return;
      this.note(because);
      this.mirror.noteAnnouncements();
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
}
