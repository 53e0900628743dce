import { beforeAll, describe, expect, it } from 'vitest';
import { DrivenLab } from '../../../../../test-support/driven-lab.ts';
import { talkLab } from '../../../../../test-support/talk-lab.ts';
import { typed } from '../../../../../test-support/typed.ts';

describe('containerlab', () => {
  let lab: DrivenLab;

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
  });

  it('inspects in the table of containerlab 0.79', async () => {
    const { lines } = await typed(lab, 'containerlab inspect --name dc-k8s');
    expect(lines.slice(0, 6)).toEqual([
      '╭────────────────────────┬──────────────────────────────┬─────────┬────────────────╮',
      '│          Name          │          Kind/Image          │  State  │ IPv4/6 Address │',
      '├────────────────────────┼──────────────────────────────┼─────────┼────────────────┤',
      '│ clab-dc-k8s-BORDER-DC  │ nokia_srlinux                │ running │ 172.18.100.125 │',
      '│                        │ ghcr.io/nokia/srlinux:25.3.3 │         │ N/A            │',
      '├────────────────────────┼──────────────────────────────┼─────────┼────────────────┤',
    ]);
  });

  it('puts topology and lab in front with --all, once', async () => {
    const { lines } = await typed(lab, 'containerlab inspect --all');
    expect(lines[3]).toMatch(/^│ topo\.yml │ dc-k8s {3}│ clab-dc-k8s-BORDER-DC {2}│/);
    expect(lines[5]).toMatch(/^│ {10}│ {10}├─{24}┼/);
  });

  it('deploys nothing twice', async () => {
    const { lines } = await typed(lab, 'containerlab deploy -t topo.yml');
    expect(lines[2]).toMatch(/INFO Apply summary$/);
    expect(lines.slice(3, 8)).toEqual([
      '╭────────────┬─────────╮',
      '│   Action   │ Details │',
      '├────────────┼─────────┤',
      '│ no changes │ -       │',
      '╰────────────┴─────────╯',
    ]);
  });

  it.each([
    [
      'containerlab inspect',
      'provide either a lab name (--name) or a topology file path (--topo) or the --all flag',
    ],
    ['containerlab inspect --name nope', "Lab 'nope' not found"],
    ['containerlab inspect --all --format xml', 'output format "xml" is not supported'],
    ['containerlab deploy -t topo.yml --node-filter LEAF-DC-1', 'unknown flag: --node-filter'],
    ['containerlab deploy -t other.yml', "this lab's topology is topo.yml"],
    ['containerlab destroy', 'provide either a lab name (--name) or a topology file path (--topo)'],
    ['containerlab save -t topo.yml', 'writes no file'],
    ['containerlab graph -t topo.yml', 'the topology pane draws the lab'],
    ['containerlab frobnicate', 'unknown command "frobnicate" for "containerlab"'],
  ])('%s is refused usefully', async (line, because) => {
    const { code, text } = await typed(lab, line);
    expect(code).toBe(1);
    expect(text).toContain(because);
  });
});
