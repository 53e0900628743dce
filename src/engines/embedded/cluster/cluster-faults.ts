import { type CommandResult, refused } from '../../../lab/command.ts';
import type { Fault } from '../../../lab/fault.ts';
import type { World } from '../world.ts';
import { type ClusterRun, runOfNode } from './cluster-run.ts';

/** Breaks and heals what stands in clusters: nodes, BGP speakers, pods. */
export class ClusterFaults {
  private readonly world: World;
  private readonly runs: ReadonlyMap<string, ClusterRun>;

  constructor(world: World, runs: ReadonlyMap<string, ClusterRun>) {
    this.world = world;
    this.runs = runs;
  }

  canBreak(fault: Fault): CommandResult {
    switch (fault.kind) {
      case 'node-stopped': {
        const run = runOfNode(this.runs, fault.node);
        if (run === undefined)
          return refused(`${fault.node} is not there yet`, 'Build the stage clusters first.');
        if (run.isOff(fault.node)) return refused(`${fault.node} is stopped already`, 'Start it first.');
        return { outcome: 'done' };
      }
      case 'speaker-killed':
      case 'speaker-terminated':
      case 'speaker-frozen': {
        const run = runOfNode(this.runs, fault.node);
        const device = run?.nodes.get(fault.node);
        if (run === undefined || device === undefined)
          return refused(`${fault.node} is not there yet`, 'Build the stage clusters first.');
        if (run.speakers.frozen(fault.node))
          return refused(`the BGP speaker of ${fault.node} is frozen`, 'Heal that first.');
        return run.speakers.daemonRuns(device)
          ? { outcome: 'done' }
          : refused(
              `no BGP speaker runs on ${fault.node}`,
              'Build the stage metallb first, or wait until the speaker is back.',
            );
      }
      case 'pod-killed': {
        const pod = this.runs.get(fault.cluster)?.cluster.store.get('Pod', fault.pod, fault.namespace);
        return pod === undefined
          ? refused(
              `there is no pod ${fault.namespace}/${fault.pod} in cluster ${fault.cluster}`,
              `kubectl get pods -n ${fault.namespace} tells the names.`,
            )
          : { outcome: 'done' };
      }
      default:
        return refused(`${fault.kind} does not concern a cluster`, 'Break a link or a node.');
    }
  }

  break(fault: Fault): void {
    const now = this.world.now();
    switch (fault.kind) {
      case 'node-stopped':
        runOfNode(this.runs, fault.node)?.stopNode(fault.node);
        return;
      case 'speaker-killed':
      case 'speaker-terminated': {
        const run = runOfNode(this.runs, fault.node);
        const found = run?.cluster.metallb.bgpContainer(fault.node);
        if (run === undefined || found === undefined) return;
        const inOrder = fault.kind === 'speaker-terminated';
        if (inOrder) run.speakers.terminate(fault.node);
        run.cluster.killContainer(found.pod, found.container, now, inOrder ? 0 : 137);
        run.reconcile();
        return;
      }
      case 'speaker-frozen':
        runOfNode(this.runs, fault.node)?.speakers.freeze(fault.node);
        return;
      case 'pod-killed': {
        const run = this.runs.get(fault.cluster);
        run?.cluster.killPod(fault.namespace, fault.pod, now);
        run?.reconcile();
        return;
      }
      default:
    }
  }

  heal(fault: Fault): void {
    if (fault.kind === 'node-stopped') runOfNode(this.runs, fault.node)?.startNode(fault.node);
    else if (fault.kind === 'speaker-frozen') runOfNode(this.runs, fault.node)?.speakers.thaw(fault.node);
  }
}
