import type { MetallbState } from '../../../kube/metallb/metallb-state.ts';
import type { Pod } from '../../../kube/objects.ts';
import { isDeleting } from '../../../kube/pod.ts';
import type { ObjectStore } from '../../../kube/store.ts';
import type { Answer } from '../../../programs/answer.ts';
import type { KubernetesApi } from '../../../programs/kubernetes-api.ts';
import type { ClusterDeeds } from './observed-cluster.ts';

/** A killed process gets that long to end by itself. Seconds. */
const AT_ONCE = 1;

/** What is done to a cluster. Every action answers with what went wrong, in words. */
export class ClusterActions implements ClusterDeeds {
  private readonly api: () => KubernetesApi | undefined;
  private readonly store: ObjectStore;
  private readonly metallb: MetallbState;

  constructor(api: () => KubernetesApi | undefined, store: ObjectStore, metallb: MetallbState) {
    this.api = api;
    this.store = store;
    this.metallb = metallb;
  }

  deletePod(namespace: string, pod: string): Promise<string | undefined> {
    return this.withApi(async api => {
      const answer = await api.delete(
        `/api/v1/namespaces/${segment(namespace)}/pods/${segment(pod)}`,
        AT_ONCE,
      );
      return answer.outcome === 'done' && !answer.value
        ? `there is no pod ${namespace}/${pod}`
        : problemOf(answer);
    });
  }

  /** Deletes the pod that speaks BGP on a node; its DaemonSet makes another. */
  killSpeaker(node: string): Promise<string | undefined> {
    const pod = this.metallb.bgpContainer(node)?.pod ?? this.metallb.speakerPod(node);
    if (pod === undefined) return Promise.resolve(`no speaker of MetalLB runs on ${node}`);
    return this.deletePod(pod.metadata.namespace ?? 'default', pod.metadata.name);
  }

  setSchedulable(node: string, schedulable: boolean): Promise<string | undefined> {
    return this.withApi(async api => {
      const patch = { spec: { unschedulable: schedulable ? null : true } };
      return found(await api.merge(`/api/v1/nodes/${segment(node)}`, patch), `there is no node ${node}`);
    });
  }

  scale(namespace: string, deployment: string, replicas: number): Promise<string | undefined> {
    const path = `/apis/apps/v1/namespaces/${segment(namespace)}/deployments/${segment(deployment)}/scale`;
    return this.withApi(async api =>
      found(
        await api.merge(path, { spec: { replicas } }),
        `there is no deployment ${namespace}/${deployment}`,
      ),
    );
  }

  /** Cordons a node and asks every pod to leave that is not a DaemonSet's or the kubelet's own, as `kubectl drain` does. */
  async drain(node: string): Promise<string | undefined> {
    const cordoned = await this.setSchedulable(node, false);
    if (cordoned !== undefined) return cordoned;
    const pods = this.store.list('Pod').filter(pod => pod.spec.nodeName === node && mustLeave(pod));
    const problems = await Promise.all(pods.map(pod => this.evict(pod)));
    return problems.find(problem => problem !== undefined);
  }

  private evict({ metadata: { namespace = 'default', name } }: Pod): Promise<string | undefined> {
    const path = `/api/v1/namespaces/${segment(namespace)}/pods/${segment(name)}/eviction`;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    return this.withApi(async api => problemOf(await api.create(path, eviction)));
  }

  private async withApi(
    act: (api: KubernetesApi) => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const api = this.api();
    return api === undefined ? 'the cluster is not there yet' : act(api);
  }
}

function mustLeave(pod: Pod): boolean {
  if (isDeleting(pod) || pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined)
    return false;
  return pod.metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet') !== true;
}

function found(answer: Answer<unknown>, missing: string): string | undefined {
  if (answer.outcome === 'failed') return answer.because;
  return answer.value === undefined ? missing : undefined;
}

function problemOf(answer: Answer<unknown>): string | undefined {
  return answer.outcome === 'failed' ? answer.because : undefined;
}

/** A name as one part of a path. */
function segment(name: string): string {
  return encodeURIComponent(name);
}
