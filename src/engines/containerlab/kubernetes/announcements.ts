import { addressOfService } from '../../../kube/metallb/allocator.ts';
import type { Announcement } from '../../../kube/metallb/announce.ts';
import type { KubeObject, Service } from '../../../kube/objects.ts';
import { type ClusterView, serviceText } from '../../../lab/cluster-state.ts';
import type { Fact } from '../../../lab/event.ts';
import { hostPrefix } from '../../../net/prefix.ts';

type Decided = { readonly service: Service; readonly node: string; readonly decision: Announcement };
type Row = ClusterView['announcements'][number];

/** MetalLB's objects come one by one: what it has not said of a node yet is taken from the model that long. Milliseconds. */
const PATIENCE = 5_000;

/**
 * Which node announces which service. MetalLB says so in its ServiceBGPStatus objects (0.15 and newer): what it tells its peers of, not
 * whether a session is up. It gives no reasons: those are what our model of it decides from the same objects. Where MetalLB has no such
 * object at all, everything is the model's.
 */
export class AnnouncementBook {
  /** Announced by the model's decision and not said by MetalLB so far, since when. */
  private readonly unheard = new Map<string, number>();
  private readonly heard = new Set<string>();

  rows(
    decided: readonly Decided[],
    statuses: readonly KubeObject[],
    now: number,
  ): { readonly rows: readonly Row[]; readonly saidBy: 'metallb' | 'model' } {
    const told = new Set(statuses.flatMap(statusKey));
    if (told.size === 0 && this.heard.size === 0) return { rows: decided, saidBy: 'model' };
    const rows = decided.map(({ service, node, decision }): Row => {
      const { namespace = 'default', name } = service.metadata;
      const key = `${node} ${namespace}/${name}`;
      if (told.has(key)) {
        this.heard.add(key);
        this.unheard.delete(key);
        return { service, node, decision: { announced: true } };
      }
      if (!decision.announced) {
        this.unheard.delete(key);
        return { service, node, decision };
      }
      const since = this.unheard.get(key) ?? now;
      this.unheard.set(key, since);
      const waiting = !this.heard.has(key) && now - since < PATIENCE;
      return { service, node, decision: waiting ? decision : { announced: false } };
    });
    if (told.size === 0 && decided.every(({ decision }) => !decision.announced)) this.forget();
    return { rows, saidBy: 'metallb' };
  }

  /** Nothing is to be announced and nothing is said: whether this MetalLB says anything has to be seen again. */
  private forget(): void {
    this.heard.clear();
    this.unheard.clear();
  }
}

function statusKey(object: KubeObject): string[] {
  const { node, serviceName, serviceNamespace, peers } = (object['status'] ?? {}) as {
    readonly node?: string;
    readonly serviceName?: string;
    readonly serviceNamespace?: string;
    readonly peers?: readonly string[];
  };
  return node === undefined || serviceName === undefined || (peers ?? []).length === 0
    ? []
    : [`${node} ${serviceNamespace ?? 'default'}/${serviceName}`];
}

/** Announcements by their names, to compare. */
export function announcedNow(rows: readonly Row[], speakerRuns: (node: string) => boolean): Announced {
  const announced = new Map<string, { node: string; service: string; prefix: string }>();
  for (const { service, node, decision } of rows) {
    const address = addressOfService(service);
    if (address === undefined || !decision.announced || !speakerRuns(node)) continue;
    const name = serviceText(service);
    announced.set(`${node} ${name}`, { node, service: name, prefix: hostPrefix(address) });
  }
  return announced;
}

export type Announced = ReadonlyMap<
  string,
  { readonly node: string; readonly service: string; readonly prefix: string }
>;

/** What started and stopped between two such sets. */
export function announcementFacts(
  before: Announced,
  after: Announced,
  rows: readonly Row[],
  speakerRuns: (node: string) => boolean,
): Fact[] {
  const facts: Fact[] = [];
  for (const [key, each] of after) {
    if (before.get(key)?.prefix !== each.prefix) facts.push({ type: 'announcement-started', ...each });
  }
  for (const [key, each] of before) {
    if (after.has(key)) continue;
    const row = rows.find(({ service, node }) => `${node} ${serviceText(service)}` === key);
    facts.push({ type: 'announcement-stopped', ...each, reason: reasonOf(row, speakerRuns(each.node)) });
  }
  return facts;
}

type StopReason = Extract<Fact, { readonly type: 'announcement-stopped' }>['reason'];

function reasonOf(row: Row | undefined, speaks: boolean): StopReason {
  if (!speaks) return 'speakerGone';
  if (row === undefined) return 'serviceGone';
  if (addressOfService(row.service) === undefined) return 'noIPAllocated';
  if (row.decision.announced) return 'noIPAllocated';
  // MetalLB withdrew it and the objects do not say why: its word for "nothing of mine" is notOwner.
  return row.decision.reason ?? 'notOwner';
}
