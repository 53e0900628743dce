import { describe, expect, test } from 'vitest';
import { fakeContainer, fakeNetwork } from '../../../test-support/fake-machine.ts';
import { emptyLedger, type Ledger, type LedgerThing } from '../ledger.ts';
import { clearPlan, type Found } from './clear-plan.ts';

const lab = {
  name: 'dc-k8s',
  clusters: [{ name: 'datacenter', kubeconfig: '/lab/.kube/config-datacenter' }],
};
const topology = '/lab/topo.yml';
const leaf = fakeContainer('clab-dc-k8s-LEAF-DC-1', { containerlab: 'dc-k8s', 'clab-topo-file': topology });
const worker = fakeContainer('datacenter-worker', { 'io.x-k8s.kind.cluster': 'datacenter' });
const nothing: Found = { fabric: [], clusters: new Map(), network: undefined, namespaces: [] };
const all: Found = {
  ...nothing,
  fabric: [leaf],
  clusters: new Map([['datacenter', [worker]]]),
  network: fakeNetwork('kind', '172.18.0.0/16', { 'srklab-tutor.lab': 'dc-k8s' }, [leaf.name, worker.name]),
};
const made: LedgerThing[] = [
  { type: 'network', name: 'kind', own: 'made', id: 'id of kind' },
  { type: 'fabric', topology, own: 'made', containers: [{ name: leaf.name, id: leaf.id }] },
  { type: 'cluster', name: 'datacenter', kubeconfig: '/k', own: 'made', containers: [] },
];

describe('Clearing a lab', () => {
  test('removes what it made: switches, clusters, then the network they were in', () => {
    const { removals, left } = clearPlan(lab, topology, ledger(made), all);
    expect(removals.map(({ type }) => type)).toEqual(['fabric', 'cluster', 'network']);
    expect(left).toEqual([]);
  });

  test('leaves what was there before it, and says so', () => {
    const things = made.map(thing => ({ ...thing, own: 'adopted' as const }));
    const { removals, left } = clearPlan(lab, topology, ledger(things), all);
    expect(removals).toEqual([]);
    expect(left).toEqual([
      expect.stringMatching(/^the switches clab-dc-k8s-LEAF-DC-1: they ran before/),
      expect.stringMatching(/^the kind cluster datacenter: it was there before/),
      expect.stringMatching(/^the Docker network kind: it was there before/),
    ]);
  });

  test('removes that too when it is asked to', () => {
    const things = made.map(thing => ({ ...thing, own: 'adopted' as const }));
    const { removals } = clearPlan(lab, topology, ledger(things), all, true);
    expect(removals.map(({ type }) => type)).toEqual(['fabric', 'cluster', 'network']);
  });

  test('with its ledger lost knows its switches and its network by their labels; a cluster carries none, and stays', () => {
    const { removals, left } = clearPlan(lab, topology, ledger([]), all);
    expect(removals.map(({ type }) => type)).toEqual(['fabric']);
    expect(left).toEqual([
      expect.stringContaining('the kind cluster datacenter'),
      'the Docker network kind: datacenter-worker still uses it',
    ]);
  });

  test('keeps a network that somebody else uses', () => {
    const network = { ...fakeNetwork('kind', '172.18.0.0/16', {}, [leaf.name, 'foreign']), id: 'id of kind' };
    const { removals, left } = clearPlan(lab, topology, ledger(made), {
      ...nothing,
      fabric: [leaf],
      network,
    });
    expect(removals.map(({ type }) => type)).not.toContain('network');
    expect(left).toContain('the Docker network kind: foreign still uses it');
  });

  test('keeps a network of that name that somebody made after ours was gone', () => {
    const network = { ...fakeNetwork('kind', '172.18.0.0/16'), id: 'another' };
    const { removals, left } = clearPlan(lab, topology, ledger(made), { ...nothing, network });
    expect(removals.map(({ type }) => type)).not.toContain('network');
    expect(left).toEqual(['the Docker network kind: it was there before this lab']);
  });

  test('a lab of that name from another topology is not ours: ours go one by one', () => {
    const stranger = fakeContainer('clab-dc-k8s-X', {
      containerlab: 'dc-k8s',
      'clab-topo-file': '/other.yml',
    });
    const plan = clearPlan(lab, topology, ledger(made), { ...nothing, fabric: [leaf, stranger] });
    expect(plan.removals).toContainEqual({ type: 'container', name: leaf.name, id: leaf.id });
    expect(plan.removals.map(({ type }) => type)).not.toContain('fabric');
    expect(plan.left).toEqual([expect.stringContaining('the container clab-dc-k8s-X')]);
  });

  test('of a half-built lab removes the half, and what an interrupted run may have left without a container', () => {
    const begun: LedgerThing[] = [
      { type: 'fabric', topology, own: 'making', containers: [] },
      { type: 'cluster', name: 'datacenter', kubeconfig: '/k', own: 'making', containers: [] },
    ];
    const { removals } = clearPlan(lab, topology, ledger(begun), nothing);
    expect(removals).toEqual([
      { type: 'fabric', topology, containers: [] },
      { type: 'cluster', name: 'datacenter', kubeconfig: '/k', containers: [] },
    ]);
  });

  test('also removes a cluster that the lab’s files no longer name', () => {
    const { removals } = clearPlan({ ...lab, clusters: [] }, topology, ledger(made.slice(2)), nothing);
    expect(removals).toMatchObject([{ type: 'cluster', name: 'datacenter' }]);
  });

  test('takes away the namespace in which containerlab keeps a stopped switch’s cables, and no other', () => {
    const namespaces = ['clab-park-clab-dc-k8s-LEAF-DC-1', 'clab-park-clab-other-a', 'mine'];
    const { removals } = clearPlan(lab, topology, ledger(made), { ...nothing, fabric: [leaf], namespaces });
    expect(removals.filter(({ type }) => type === 'namespace')).toEqual([
      { type: 'namespace', name: 'clab-park-clab-dc-k8s-LEAF-DC-1' },
    ]);
  });

  test('says that pulled images stay', () => {
    const image: LedgerThing = { type: 'image', name: 'alpine:3.22', own: 'made' };
    expect(clearPlan(lab, topology, ledger([image]), nothing).left).toEqual([
      expect.stringContaining('an image that was pulled'),
    ]);
  });
});

function ledger(things: readonly LedgerThing[]): Ledger {
  return { ...emptyLedger('dc-k8s', '/lab/srklab.yml', 'unix:///x'), things };
}
