import { MetallbState } from '../../../kube/metallb/metallb-state.ts';
import type { KubeObject, Node, Pod } from '../../../kube/objects.ts';
import { conditionOf } from '../../../kube/pod.ts';
import { ObjectStore } from '../../../kube/store.ts';
import {
  absentCluster,
  type ClusterState,
  type ClusterView,
  clusterState,
} from '../../../lab/cluster-state.ts';
import { readYaml } from '../../../lab/files/yaml-text.ts';
import { clusterNodesOf, type Lab } from '../../../lab/lab.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { addressOf } from '../../../net/prefix.ts';
import type { ApiObject } from '../../../programs/kubernetes-api.ts';
import type { EventLog } from '../../real/event-log.ts';
import type { LabTime } from '../../real/lab-time.ts';
import { type Announced, AnnouncementBook, announcedNow, announcementFacts } from './announcements.ts';
import { fromApi } from './from-api.ts';
import { factsOfChange } from './kube-facts.ts';

export type MirrorOptions = {
  readonly lab: Lab;
  /** The cluster's name. */
  readonly name: string;
  readonly time: LabTime;
  readonly events: EventLog;
  /** The fault or command that things may still follow from. */
  readonly cause?: () => number | undefined;
};

/** A cluster's objects as its API server told them last, and what their changes mean as events. */
export class KubeMirror {
  readonly store = new ObjectStore();
  readonly metallb: MetallbState;
  private readonly options: MirrorOptions;
  private readonly lastEvents = new Map<string, number>();
  private readonly book = new AnnouncementBook();
  private announced: Announced = new Map();
  private everReady = false;
  private complete = false;

  constructor(options: MirrorOptions) {
    this.options = options;
    this.metallb = new MetallbState(this.store, text => readYaml(text, 'config').documents[0]?.value);
  }

  /** Every kind was listed once: what is announced now was announced before anybody looked. */
  setComplete(): void {
    this.complete = true;
  }

  get announcementsSaidBy(): 'metallb' | 'model' {
    return this.announcementRows().saidBy;
  }

  state(): ClusterState {
    if (this.store.list('Node').length === 0) return absentCluster(this.options.name);
    return clusterState(this.view());
  }

  /** Everything of a kind that is there. `first`: it was there when we came; of it is told what happened since the lab began. */
  takeList(kind: string, objects: readonly ApiObject[], first: boolean): void {
    const there = new Set(objects.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`));
    for (const { metadata } of this.store.list(kind)) {
      if (there.has(`${metadata.namespace ?? ''}/${metadata.name}`)) continue;
      this.take({ kind, metadata }, true);
    }
    for (const object of objects) this.take({ ...object, kind }, false, first);
  }

  take(object: ApiObject, gone: boolean, first = false): void {
    const { time, name: cluster } = this.options;
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
      for (const fact of factsOfChange(cluster, before, after)) {
        const cause = this.options.cause?.() ?? this.lastEvents.get(`${kind} ${namespace}/${name}`);
        const id = this.options.events.add(fact, { at: changedAt, cause });
        this.lastEvents.set(`${kind} ${namespace}/${name}`, id);
      }
    this.noteNodes();
    this.noteAnnouncements();
  }

  private noteNodes(): void {
    const nodes = this.store.list('Node');
    const expected = clusterNodesOf(this.options.lab, this.options.name).length;
    const ready = nodes.filter(({ status }) => conditionOf(status.conditions, 'Ready')?.status === 'True');
    if (nodes.length >= expected && ready.length === nodes.length) this.everReady = true;
  }

  /** Also asked for when nothing changed: MetalLB's silence counts after a while. */
  noteAnnouncements(): void {
    const { rows } = this.announcementRows();
    const speaks = (node: string) => this.speakerRuns(node);
    const now = announcedNow(rows, speaks);
    const facts = announcementFacts(this.announced, now, rows, speaks);
    this.announced = now;
    if (!this.complete) return;
    for (const fact of facts) this.options.events.add(fact, { cause: this.options.cause?.() });
  }

  private view(): ClusterView {
    const joined = new Map(
      clusterNodesOf(this.options.lab, this.options.name).map(node => [
        node.name,
        node.attachments[0]?.address,
      ]),
    );
    return {
      name: this.options.name,
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
