import type { LinkState, NodeState, Snapshot } from '../lab/snapshot.ts';
import type { StageState } from '../lab/stage.ts';
import { noTraffic } from '../lab/traffic-state.ts';
import { labOfTheTalk } from './lab-of-the-talk.ts';
import { clusters } from './snapshot-clusters.ts';
import { tablesOfEverythingUp } from './snapshot-tables.ts';
import { traffic } from './snapshot-traffic.ts';

/*
 * Three moments of the talk's lab, written down by hand for whoever draws snapshots: nothing built, everything
 * built with clients asking, LEAF-DC-1 stopped. Numbers are plausible, not computed: no test of the network's
 * behaviour may stand on them.
 */

export const nothingBuilt: Snapshot = {
  at: 0,
  stages: stages(0),
  nodes: labOfTheTalk.nodes.map(node => ({ name: node.name, state: 'absent' })),
  links: labOfTheTalk.links.map(link => ({ id: link.id, state: 'absent', rateAToB: 0, rateBToA: 0 })),
  faults: [],
  clusters: labOfTheTalk.clusters.map(cluster => ({
    name: cluster.name,
    state: 'absent',
    nodes: [],
    pods: [],
    services: [],
    announcements: [],
  })),
  traffic: noTraffic,
  tables: new Map(),
};

export const everythingUp: Snapshot = {
  at: 192_400,
  stages: stages(9),
  nodes: nodeStates(),
  links: linkStates(),
  faults: [],
  clusters: clusters(true),
  traffic: traffic(),
  tables: tablesOfEverythingUp,
};

export const leafStopped: Snapshot = {
  ...everythingUp,
  at: 201_640,
  nodes: nodeStates('LEAF-DC-1'),
  links: linkStates('LEAF-DC-1'),
  clusters: clusters(false),
  faults: [
    {
      id: 'node-stopped LEAF-DC-1',
      fault: { kind: 'node-stopped', node: 'LEAF-DC-1' },
      since: 200_000,
      event: 1,
    },
  ],
  traffic: {
    ...traffic(),
    totals: { sent: 9_240, answered: 9_129, lost: 104, reset: 7 },
    byLeaf: [{ name: 'LEAF-DC-2', count: 1_000 }],
    byNode: [{ name: 'datacenter-worker2', count: 1_000 }],
  },
};

function stages(done: number): StageState[] {
  const real: Record<string, string> = { fabric: '2–5 min', clusters: '1–3 min', images: '1–10 min' };
  return labOfTheTalk.stages.map((plan, index) => {
    const progress = index < done ? 'done' : index === done && done > 0 ? 'running' : 'waiting';
    return {
      id: plan.id,
      title: plan.title,
      progress,
      tasks: tasksOf(plan.id, progress === 'done' ? 'done' : 'waiting'),
      ...(progress === 'done' ? { startedAt: index * 8_000, finishedAt: index * 8_000 + 6_500 } : {}),
      ...(progress === 'running' ? { startedAt: index * 8_000 } : {}),
      ...(real[plan.id] === undefined ? {} : { realDuration: real[plan.id] as string }),
    };
  });
}

function tasksOf(stage: string, progress: 'done' | 'waiting') {
  const commands: Record<string, string[]> = {
    network: ['docker network create kind --subnet 172.18.0.0/16'],
    fabric: ['containerlab deploy -t topo.yml'],
    clusters: [
      'kind create cluster --config kind/client.yml',
      'kind create cluster --config kind/datacenter.yml',
    ],
    links: ['containerlab tools veth create -a container:datacenter-worker:e1-1 -b LEAF-DC-1:e1-10'],
    metallb: ['kubectl apply -f metallb/native.yaml', 'kubectl apply -f metallb/config.yaml'],
  };
  return (commands[stage] ?? [`kubectl apply -f app/${stage}.yaml`]).map((commandLine, index) => ({
    id: `${stage}-${index}`,
    title: commandLine.split(' ').slice(0, 3).join(' '),
    commandLine,
    progress,
  }));
}

function nodeStates(stopped?: string): NodeState[] {
  const configured: Record<string, number> = {
    'LEAF-DC-1': 5,
    'LEAF-DC-2': 5,
    'SPINE-DC-1': 6,
    'SPINE-DC-2': 6,
    'BORDER-DC': 4,
  };
  return labOfTheTalk.nodes.map(node => {
    const state = node.name === stopped ? 'stopped' : 'running';
    const sessions = configured[node.name];
    if (sessions === undefined || state === 'stopped') return { name: node.name, state };
    const lost = stopped === undefined ? 0 : node.name.startsWith('SPINE') ? 2 : 0;
    return { name: node.name, state, sessions: { established: sessions - lost, configured: sessions } };
  });
}

function linkStates(stopped?: string): LinkState[] {
  const rates = [31, 22, 27, 29, 55, 50, 52, 48, 100];
  return labOfTheTalk.links.map((link, index): LinkState => {
    if (stopped !== undefined && (link.a.node === stopped || link.b.node === stopped))
      return { id: link.id, state: 'down', bgp: 'down', rateAToB: 0, rateBToA: 0 };
    const rate = rates[index] ?? 0;
    return { id: link.id, state: 'up', bgp: 'up', rateAToB: rate, rateBToA: rate };
  });
}
