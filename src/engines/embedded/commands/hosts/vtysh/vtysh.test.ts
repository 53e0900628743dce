import { beforeAll, describe, expect, it } from 'vitest';
import { stateWord } from '../../../../../lab/state-word.ts';
import { DrivenLab } from '../../../../../test-support/driven-lab.ts';
import { talkLab } from '../../../../../test-support/talk-lab.ts';
import { typed } from '../../../../../test-support/typed.ts';
import { matched } from './words.ts';

describe('vtysh in MetalLB’s FRR', () => {
  let lab: DrivenLab;

  const ask = (line: string, node = 'datacenter-worker') =>
    typed(lab, `docker exec ${node} vtysh -c "${line}"`);

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('service');
    lab.settle();
  });

  it('show bgp summary has FRR’s columns', async () => {
    const { lines } = await ask('show bgp summary');
    expect(
      lines
        .slice(0, 9)
        .map(line => line.replace(/\d\d:\d\d:\d\d/, 'hh:mm:ss').replace(/ +\d+ +\d+ +1 {4}0/, ' R S 1 0')),
    ).toEqual([
      '',
      'IPv4 Unicast Summary:',
      'BGP router identifier 6.5.2.3, local AS number 65201 VRF default vrf-id 0',
      'BGP table version 1',
      'RIB entries 1, using 128 bytes of memory',
      'Peers 1, using 23 KiB of memory',
      '',
      'Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc',
      '1.1.1.201       4      65301 R S 1 0    0 hh:mm:ss            0        1 N/A',
    ]);
  });

  it('show ip bgp breaks the line behind a long prefix, as FRR does', async () => {
    const { lines } = await ask('show ip bgp');
    expect(lines.slice(8)).toEqual([
      '     Network          Next Hop            Metric LocPrf Weight Path',
      ' *>  10.254.254.240/32',
      '                    0.0.0.0                  0         32768 i',
      '',
      'Displayed 1 routes and 1 total paths',
      '',
    ]);
    expect((await ask('show bgp ipv4 unicast 10.254.254.240/32')).lines.slice(0, 7)).toEqual([
      'BGP routing table entry for 10.254.254.240/32, version 1',
      'Paths: (1 available, best #1, table default)',
      '  Advertised to non peer-group peers:',
      '  1.1.1.201',
      '  Local',
      '    0.0.0.0 from 0.0.0.0 (6.5.2.3)',
      '      Origin IGP, metric 0, weight 32768, valid, sourced, local, best (First path received)',
    ]);
    expect((await ask('show bgp ipv4 unicast neighbors 1.1.1.201 advertised-routes')).lines).toContain(
      'Total number of prefixes 1',
    );
  });

  it('show bgp neighbors counts messages, and sessions that dropped', async () => {
    const before = await ask('show bgp neighbors 1.1.1.201');
    expect(before.text).toMatch(/\n {4}Opens: {18}1 {10}1\n/);
    expect(before.lines).toContain('  Last reset never');
    await typed(
      lab,
      'docker exec clab-dc-k8s-LEAF-DC-1 sr_cli "tools network-instance kube-ipvrf protocols bgp neighbor 192.168.101.101 reset-peer"',
    );
    lab.settle();
    const after = await ask('show bgp neighbors 1.1.1.201');
    expect(after.text).toMatch(
      /Connections established 2; dropped 1\n {2}Last reset \d\d:\d\d:\d\d, {2}peer sent Cease \/ Administrative Reset\n/,
    );
  });

  it('show ip route, running-config and interfaces are the node’s', async () => {
    expect((await ask('show ip route')).text).toMatch(
      /\nK>\* 1\.1\.1\.192\/27 \[0\/0\] via 192\.168\.101\.1, e1-1, weight 1, \d\d:\d\d:\d\d\n/,
    );
    expect((await ask('show ip route 1.1.1.201')).lines.slice(0, 2)).toEqual([
      'Routing entry for 1.1.1.192/27',
      '  Known via "kernel", distance 0, metric 0, best',
    ]);
    expect((await ask('show running-config')).lines).toContain(' neighbor 1.1.1.201 ebgp-multihop');
    expect((await ask('show interface brief')).lines).toContain(
      'e1-1            up      default         192.168.101.101/24',
    );
  });

  it('takes shortened words and several lines, and refuses what it does not answer', async () => {
    expect((await ask('sh ip bg su')).lines[1]).toBe('IPv4 Unicast Summary:');
    const two = await typed(
      lab,
      'docker exec datacenter-worker vtysh -c "show version" -c "show bfd peers brief"',
    );
    expect(two.lines.slice(0, 2)).toEqual([
      'FRRouting 10.4.3 (datacenter-worker) (modelled by the embedded lab).',
      'Session count: 0',
    ]);
    expect((await ask('show bogus')).lines[0]).toBe('% Unknown command: show bogus');
    expect((await ask('clear bgp *')).text).toContain("MetalLB writes this FRR's configuration");
    expect((await typed(lab, 'docker exec datacenter-worker vtysh')).code).toBe(0);
  });

  it('is reached by kubectl in the container that has it, and only there', async () => {
    const exec = 'kubectl -n metallb-system exec ds/frr-k8s-daemon';
    expect((await typed(lab, `${exec} -c frr -- vtysh -c "show bgp summary"`)).text).toBe(
      '% BGP instance not found\n',
    );
    expect((await typed(lab, `${exec} -c nope -- vtysh -c "show version"`)).text).toContain(
      'container nope is not valid for pod frr-k8s-daemon-',
    );
    const defaulted = await typed(lab, `${exec} -- vtysh -c "show version"`);
    expect(defaulted.code).toBe(127);
    expect(defaulted.text).toContain('Defaulted container "controller" out of: controller, frr');
    expect(defaulted.text).toContain('exec: "vtysh": executable file not found in $PATH');
    const pods = await typed(
      lab,
      'kubectl -n metallb-system get pods -o jsonpath=\'{range .items[*]}{.metadata.name} {.spec.nodeName}{"\\n"}{end}\'',
    );
    const pod = pods.lines.find(line => /^frr-k8s-daemon-\S+ datacenter-worker$/.test(line))?.split(' ')[0];
    expect(
      (await typed(lab, `kubectl -n metallb-system exec ${pod} -c frr -- vtysh -c "show bgp summary"`)).text,
    ).toContain('local AS number 65201');
  });
});

it.each([
  ['idle', 'Idle'],
  ['opensent', 'OpenSent'],
  ['openconfirm', 'OpenConfirm'],
  ['established', 'Established'],
] as const)('FRR spells the state %s as %s', (state, word) => {
  expect(stateWord(state)).toBe(word);
});

describe('a line of vtysh', () => {
  it('may be shortened, and leave out what is optional', () => {
    expect(matched('show [ip] bgp [ipv4] neighbors <peer>', 'sh bg nei 1.1.1.1')).toMatchObject({
      peer: '1.1.1.1',
    });
    expect(matched('show [ip] bgp', 'show ip bgp summary')).toBeUndefined();
    expect(matched('show ip route bgp|kernel', 'sh ip ro k')).toMatchObject({ kernel: 'kernel' });
  });
});
