import type { DaemonSet, Node, Pod, Service } from '../objects.ts';
import { isReady } from '../pod.ts';
import type { ObjectStore } from '../store.ts';
import { addressOfService } from './allocator.ts';
import { type Announcement, announcementFrom } from './announce.ts';
import { configFromResources, emptyConfig, type MetallbConfig } from './config.ts';
import { configFromConfigMap } from './config-map.ts';
import { type BgpMode, type SessionParameters, sessionsOf } from './sessions.ts';

/** MetalLB as it is installed in a cluster: where it runs, its present configuration, its decisions. */
export class MetallbState {
  private readonly store: ObjectStore;
  private readonly readYaml: (text: string) => unknown;
  private readAt = -1;
  private current: MetallbConfig = emptyConfig;
  private rejected: string | undefined;

  constructor(store: ObjectStore, readYaml: (text: string) => unknown) {
    this.store = store;
    this.readYaml = readYaml;
  }

  /** The namespace of the speaker DaemonSet; undefined when MetalLB is not installed. */
  namespace(): string | undefined {
    return this.speakers()?.metadata.namespace;
  }

  /** The last configuration that MetalLB accepted. */
  config(): MetallbConfig {
    this.refresh();
    return this.current;
  }

  /** Why the present resources are refused as a whole; MetalLB then works on with what it had. */
  problem(): string | undefined {
    this.refresh();
    return this.rejected;
  }

  controllerRuns(): boolean {
    return this.store
      .list('Pod', this.namespace() ?? 'metallb-system')
      .some(pod => isReady(pod) && runsImage(pod, /metallb\/controller(:|@|$)/) !== undefined);
  }

  mode(): BgpMode {
    const speakers = this.speakers();
    const namespace = speakers?.metadata.namespace;
    if (speakers?.spec.template.spec.containers.some(container => container.name === 'frr') === true)
      return 'frr';
    return this.store.list('DaemonSet', namespace).some(isFrrK8s) ? 'frr-k8s' : 'native';
  }

  /** The pod and container on a node that speak BGP there: FRR's where it is used, else the speaker itself. */
  bgpContainer(node: string): { readonly pod: Pod; readonly container: string } | undefined {
    const mode = this.mode();
    const image = mode === 'native' ? /metallb\/speaker(:|@|$)/ : /frrouting\/frr(:|@|$)/;
    for (const pod of this.store.list('Pod', this.namespace())) {
      const container = pod.spec.nodeName === node ? runsImage(pod, image, mode) : undefined;
      if (container !== undefined) return { pod, container };
    }
    return undefined;
  }

  /** The speaker's own pod on a node. */
  speakerPod(node: string): Pod | undefined {
    return this.store
      .list('Pod', this.namespace() ?? 'metallb-system')
      .find(pod => pod.spec.nodeName === node && runsImage(pod, /metallb\/speaker(:|@|$)/) !== undefined);
  }

  /** The decision of every node with a speaker for every LoadBalancer service. */
  announcements(): { readonly service: Service; readonly node: string; readonly decision: Announcement }[] {
    const config = this.config();
    const services = this.store.list('Service').filter(each => each.spec.type === 'LoadBalancer');
    const nodes = this.store.list('Node').filter(node => this.speakerPod(node.metadata.name) !== undefined);
    return services.flatMap(service => {
      const slices = this.store
        .list('EndpointSlice', service.metadata.namespace)
        .filter(slice => slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name);
      return nodes.map(node => ({
        service,
        node: node.metadata.name,
        decision: announcementFrom(config, node, service, slices),
      }));
    });
  }

  /** The sessions of a node and what goes out on each. Services without an address announce nothing. */
  sessions(node: Node): SessionParameters[] {
    const advertisements = this.announcements()
      .filter(each => each.node === node.metadata.name && addressOfService(each.service) !== undefined)
      .flatMap(each => (each.decision.announced ? each.decision.advertisements : []));
    return sessionsOf(this.config(), this.mode(), node, advertisements);
  }

  private speakers(): DaemonSet | undefined {
    return this.store
      .list('DaemonSet')
      .find(set =>
        set.spec.template.spec.containers.some(container => /metallb\/speaker(:|@|$)/.test(container.image)),
      );
  }

  private refresh(): void {
    if (this.readAt === this.store.version) return;
    this.readAt = this.store.version;
    const namespace = this.namespace();
    if (namespace === undefined) {
      this.current = emptyConfig;
      this.rejected = undefined;
      return;
    }
    const map = this.usesConfigMap() ? this.store.get('ConfigMap', 'config', namespace) : undefined;
    const read =
      map === undefined
        ? configFromResources(this.store, namespace)
        : configFromConfigMap(this.readYaml(map.data?.['config'] ?? ''));
    if ('problem' in read) this.rejected = read.problem;
    else {
      this.rejected = undefined;
      this.current = read;
    }
  }

  /** Up to 0.12, MetalLB had no custom resources and read a ConfigMap. */
  private usesConfigMap(): boolean {
    return this.store.get('CustomResourceDefinition', 'ipaddresspools.metallb.io') === undefined;
  }
}

function isFrrK8s(set: DaemonSet): boolean {
  return set.spec.template.spec.containers.some(
    container => container.name === 'frr' && /frrouting\/frr(:|@|$)/.test(container.image),
  );
}

function runsImage(pod: Pod, image: RegExp, mode?: BgpMode): string | undefined {
  const candidates = pod.spec.containers.filter(container => image.test(container.image));
  // An frr-k8s pod runs FRR's image in several containers; the daemons are in the one called frr.
  const named =
    mode === 'native' || mode === undefined ? undefined : candidates.find(each => each.name === 'frr');
  return (named ?? candidates[0])?.name;
}
