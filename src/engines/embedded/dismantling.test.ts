import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { differencesFrom, referenceTables } from '../../lab/reference-state.ts';
import type { Snapshot } from '../../lab/snapshot.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { typed } from '../../test-support/typed.ts';

const stages = ({ stages: all }: Snapshot) =>
  all.filter(({ progress }) => progress === 'done').map(({ id }) => id);

describe('what destroy and delete take away', () => {
  let lab: DrivenLab;
  let reference: Snapshot;
  let everything: readonly string[];

  const state = () => lab.snapshot(...referenceTables(lab.engine.lab));

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('clients');
    reference = await state();
    everything = stages(reference);
  });

  beforeEach(async () => {
    await lab.engine.perform({ type: 'restore', stage: 'clients' });
    lab.settle();
  });

  it('containerlab destroy leaves no switch and no cable: the stages fabric and links are to be built again', async () => {
    const { code, lines } = await typed(lab, 'containerlab destroy -t topo.yml --cleanup');
    expect(code).toBe(0);
    expect(lines.map(line => line.replace(/^\d\d:\d\d:\d\d /, '')).slice(0, 3)).toEqual([
      'INFO Parsing & checking topology file=topo.yml',
      'INFO Destroying lab name=dc-k8s',
      'INFO Removed container name=clab-dc-k8s-LEAF-DC-1',
    ]);
    const after = await lab.snapshot();
    expect(stages(after)).toEqual(everything.filter(id => id !== 'fabric' && id !== 'links'));
    expect(after.nodes.filter(({ state: one }) => one === 'absent').map(({ name }) => name)).toEqual([
      'LEAF-DC-1',
      'LEAF-DC-2',
      'SPINE-DC-1',
      'SPINE-DC-2',
      'BORDER-DC',
    ]);
    expect(after.links.every(({ state: one }) => one === 'absent')).toBe(true);
    expect((await typed(lab, 'docker exec datacenter-worker ip -br link')).text).not.toContain('e1-1');
    expect((await typed(lab, 'docker ps')).text).not.toContain('srlinux');
    lab.settle();
    lab.advance(10_000);
    expect((await lab.snapshot()).traffic.recent.at(-1)?.outcome).toBe('lost');
  });

  it('deploy and the cables afterwards lead back to where the lab was', async () => {
    await typed(lab, 'containerlab destroy --all');
    lab.settle();
    await typed(lab, 'containerlab deploy -t topo.yml');
    await typed(
      lab,
      'containerlab tools veth create -a datacenter-worker:e1-1 -b clab-dc-k8s-LEAF-DC-1:e1-10',
    );
    lab.settle();
    const after = await state();
    expect(stages(after)).toEqual(everything);
    expect(differencesFrom(reference, after)).toEqual([]);
  });

  it('a switch that is deployed anew has its startup configuration, not what was committed', async () => {
    const sr = 'docker exec clab-dc-k8s-LEAF-DC-1 sr_cli';
    await typed(lab, `${sr} -ec "set / interface ethernet-1/1 description changed"`);
    expect((await typed(lab, `${sr} "info flat interface ethernet-1/1"`)).text).toContain(
      'description changed',
    );
    await typed(lab, 'docker restart clab-dc-k8s-LEAF-DC-1');
    lab.settle();
    expect((await typed(lab, `${sr} "info flat interface ethernet-1/1"`)).text).toContain(
      'description changed',
    );
    await typed(lab, 'containerlab deploy -t topo.yml --reconfigure');
    lab.settle();
    expect((await typed(lab, `${sr} "info flat interface ethernet-1/1"`)).text).not.toContain(
      'description changed',
    );
    expect((await typed(lab, `${sr} "show interface brief"`)).text).toContain('to SPINE-DC-1');
  });

  it('what was destroyed comes back when time goes back, and goes again', async () => {
    const before = lab.events.at(-1)?.id ?? 0;
    lab.advance(1_000);
    await typed(lab, 'containerlab destroy -t topo.yml');
    lab.settle();
    const gone = stages(await lab.snapshot());
    const there = await lab.engine.timeTravel.to(before);
    expect(there.outcome).toBe('done');
    expect(stages(await lab.snapshot())).toEqual(everything);
    lab.advance(60_000);
    lab.settle();
    expect(stages(await lab.snapshot())).toEqual(gone);
  });

  it('forgets faults of what is gone', async () => {
    await lab.break({ kind: 'node-stopped', node: 'LEAF-DC-1' });
    await lab.break({
      kind: 'link-flap',
      link: 'LEAF-DC-2:e1-1 SPINE-DC-1:e1-2',
      downMs: 10,
      upMs: 10,
      times: 900,
    });
    await typed(lab, 'containerlab destroy -t topo.yml');
    expect((await lab.snapshot()).faults).toEqual([]);
    lab.settle();
  });

  it('kind delete cluster takes nodes, sessions and traffic, and kubectl finds no server', async () => {
    const { lines } = await typed(lab, 'kind delete cluster --name datacenter');
    expect(lines).toEqual([
      'Deleting cluster "datacenter" ...',
      'Deleted nodes: ["datacenter-control-plane" "datacenter-worker" "datacenter-worker2"]',
      '',
    ]);
    const refused = await typed(lab, 'kubectl get nodes');
    expect([refused.code, refused.lines[0]]).toEqual([
      1,
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
    ]);
    expect((await typed(lab, 'kind get clusters')).text).toBe('client\n');
    lab.settle();
    const after = await lab.snapshot();
    expect(stages(after)).toEqual(['network', 'fabric', 'clients']);
    const sessions = await lab.rows({ name: 'sessions', node: 'LEAF-DC-1' });
    expect(sessions.filter(({ instance }) => instance === 'kube-ipvrf')).toEqual([]);
  });

  it('the deleted cluster can be built again, to where the lab was', async () => {
    await typed(lab, 'kind delete clusters -A');
    lab.settle();
    await lab.buildUpTo('clients');
    lab.settle();
    const after = await state();
    expect(stages(after)).toEqual(everything);
    expect(differencesFrom(reference, after)).toEqual([]);
  });

  it('a docker network with containers on it stays, an empty one goes', async () => {
    expect((await typed(lab, 'docker network rm kind')).text).toBe(
      'Error response from daemon: error while removing network: network kind has active endpoints\n',
    );
    await typed(lab, 'kind delete clusters -A');
    await typed(lab, 'containerlab destroy -t topo.yml --keep-mgmt-net');
    expect((await typed(lab, 'docker network rm kind')).text).toBe('kind\n');
    expect(stages(await lab.snapshot())).toEqual([]);
  });

  it('refuses while a stage is being built', async () => {
    await lab.engine.perform({ type: 'restore', stage: 'network' });
    const building = lab.engine.build('fabric');
    lab.advance(100);
    expect((await typed(lab, 'kind delete cluster --name datacenter')).code).toBe(0);
    const refusal = await lab.engine.run('containerlab destroy -t topo.yml');
    expect(refusal.output.map(({ text }) => text).join('')).toContain('a stage is being built');
    lab.settle();
    expect((await building).outcome).toBe('done');
  });
});
