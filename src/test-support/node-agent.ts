import type { ApiObject, KubernetesApi } from '../programs/kubernetes-api.ts';

type NodeSpec = {
  readonly name: string;
  readonly address: string;
  readonly labels?: Readonly<Record<string, string>>;
};

/**
 * Stands in for the kubelets of a cluster in which nothing runs: makes nodes that are ready, says of every pod that was given one of
 * them that it runs, and takes away those that were deleted. Scheduling and everything else is Kubernetes' own.
 */
export class NodeAgent {
  private readonly api: KubernetesApi;
  private readonly stopping = new AbortController();
  private readonly told = new Set<string>();
  private addresses = 10;

  constructor(api: KubernetesApi) {
    this.api = api;
  }

  async start(nodes: readonly NodeSpec[]): Promise<void> {
    for (const { name, address, labels } of nodes) {
      await this.api.create('/api/v1/nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
      });
      await this.setReady(name, true, address);
      // The taint that a new node is created with; the controller that takes it away watches kubelets.
      await this.api.merge(`/api/v1/nodes/${name}`, { spec: { taints: null } });
    }
    void this.follow();
  }

  async setReady(node: string, ready: boolean, address?: string): Promise<void> {
    const condition = (type: string, status: string) => ({
      type,
      status,
      reason: 'Agent',
      lastHeartbeatTime: now(),
      lastTransitionTime: now(),
    });
    await this.api.merge(`/api/v1/nodes/${node}/status`, {
      status: {
        conditions: [condition('Ready', ready ? 'True' : 'False')],
        allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
        capacity: { cpu: '4', memory: '8Gi', pods: '110' },
        ...(address === undefined ? {} : { addresses: [{ type: 'InternalIP', address }] }),
      },
    });
  }

  stop(): void {
    this.stopping.abort();
  }

  private async follow(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const list = await this.api.list('/api/v1/pods', signal);
      if (list.outcome === 'failed' || list.value === undefined) {
        await new Promise(resolve => setTimeout(resolve, 200));
        continue;
      }
      for (const pod of list.value.items) this.attend(pod);
      await this.api.watch(
        '/api/v1/pods',
        list.value.resourceVersion,
        ({ type, object }) => type !== 'DELETED' && this.attend(object),
        signal,
      );
    }
  }

  private attend(pod: ApiObject): void {
    const {
      name,
      namespace = 'default',
      deletionTimestamp,
      uid,
    } = pod.metadata as ApiObject['metadata'] & {
      readonly deletionTimestamp?: string;
      readonly uid: string;
    };
    const { nodeName, containers } = pod['spec'] as {
      readonly nodeName?: string;
      readonly containers: readonly { readonly name: string; readonly image: string }[];
    };
    if (nodeName === undefined) return;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    if (deletionTimestamp !== undefined) {
      void this.api.delete(path, 0);
      return;
    }
    if (this.told.has(uid)) return;
    this.told.add(uid);
    const podIP = `10.244.1.${this.addresses++}`;
    void this.api.merge(`${path}/status`, {
      status: {
        phase: 'Running',
        podIP,
        podIPs: [{ ip: podIP }],
        startTime: now(),
        conditions: ['Initialized', 'ContainersReady', 'Ready', 'PodScheduled'].map(type => ({
          type,
          status: 'True',
          lastTransitionTime: now(),
        })),
        containerStatuses: containers.map(container => ({
          name: container.name,
          image: container.image,
          imageID: '',
          ready: true,
          restartCount: 0,
          state: { running: { startedAt: now() } },
        })),
      },
    });
  }
}

function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
