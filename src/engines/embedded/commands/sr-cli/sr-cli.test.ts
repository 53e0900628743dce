import { beforeAll, describe, expect, it } from 'vitest';
import { DrivenLab } from '../../../../test-support/driven-lab.ts';
import { talkLab } from '../../../../test-support/talk-lab.ts';
import { typed } from '../../../../test-support/typed.ts';

describe('what a switch is asked at its prompt', () => {
  let lab: DrivenLab;

  const ask = (line: string, node = 'LEAF-DC-1') =>
    typed(lab, `docker exec clab-dc-k8s-${node} sr_cli "${line}"`);

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('service');
    lab.settle();
  });

  it('show interface brief lists ports, with nothing around the table', async () => {
    expect((await ask('show interface brief')).lines).toEqual([
      '+---------------+-------------+------------+-------+------+-------------------+',
      '|     Port      | Admin State | Oper State | Speed | Type |    Description    |',
      '+===============+=============+============+=======+======+===================+',
      '| ethernet-1/1  | enable      | up         | 100G  |      | to SPINE-DC-1     |',
      '| ethernet-1/2  | enable      | up         | 100G  |      | to SPINE-DC-2     |',
      '| system0       | enable      | up         |       |      |                   |',
      '| ethernet-1/10 | enable      | up         | 100G  |      | Kubernetes worker |',
      '| ethernet-1/11 | enable      | down       | 100G  |      | Kubernetes worker |',
      '| irb0          | enable      | up         |       |      |                   |',
      '| lo1           | enable      | up         |       |      |                   |',
      '+---------------+-------------+------------+-------+------+-------------------+',
      '',
    ]);
  });

  it('show interface <name> is SR Linux’s block, with patterns for several', async () => {
    expect((await ask('show interface ethernet-1/1')).lines).toEqual([
      '='.repeat(72),
      'ethernet-1/1 is up, speed 100G, type None',
      '  ethernet-1/1.0 is up',
      '    Network-instances:',
      '      * Name: default (default)',
      '    Encapsulation   : null',
      '    Type            : routed',
      '    IPv4 addr    : 10.1.1.1/31 (static, preferred, primary)',
      '-'.repeat(72),
      '='.repeat(72),
      'Summary',
      '  0 loopback interfaces configured',
      '  1 ethernet interfaces are up',
      '  0 management interfaces are up',
      '  1 subinterfaces are up',
      '='.repeat(72),
      '',
    ]);
    expect((await ask('show interface ethernet-1/*')).text).toContain(
      'ethernet-1/11 is down, reason lower-layer-down, speed 100G, type None\n',
    );
  });

  it('advertised routes are what the neighbor holds, as it was sent', async () => {
    const { lines } = await ask(
      'show network-instance default protocols bgp neighbor 10.1.1.0 advertised-routes ipv4',
    );
    expect(lines.slice(1, 5)).toEqual([
      'Peer        : 10.1.1.0, remote AS: 64999, local AS: 65001',
      'Type        : static',
      'Description : None',
      'Group       : underlay',
    ]);
    expect(lines).toContain(
      '| 1.1.1.1/32      0          10.1.1.1    -      -          [65001]           i      |',
    );
    const there = await ask(
      'show network-instance default protocols bgp neighbor 10.1.1.1 received-routes ipv4',
      'SPINE-DC-1',
    );
    const routes = (text: string) =>
      [...text.matchAll(/\| (?:\S* +)?(\d+\.\d+\.\d+\.\d+\/\d+) /g)].map(([, one]) => one).sort();
    expect(routes(there.text)).toEqual(routes(lines.join('\n')));
    expect(there.text).toMatch(/\n6 received BGP routes : \d used \d valid\n/);
  });

  it('EVPN routes are told apart by neighbor, sent and received', async () => {
    const sent = await ask(
      'show network-instance default protocols bgp neighbor 1.1.1.11 advertised-routes evpn',
    );
    expect(sent.lines).toContain(
      '| 5    | 1.1.1.1:4           | 10.254.254.240/32                 |   4 | target:65123:4 | 1.1.1.1  | -   | 300     | [65201] | i      |',
    );
    const received = await ask(
      'show network-instance default protocols bgp neighbor 1.1.1.11 received-routes evpn',
    );
    expect(received.text).toMatch(/\n\d+ received BGP routes : \d+ used \d+ valid\n/);
  });

  it('tunnels are the VTEPs that EVPN taught', async () => {
    expect((await ask('show tunnel vxlan-tunnel all')).lines).toContain(
      '2 VXLAN tunnels, 2 active, 0 inactive',
    );
    expect((await ask('show tunnel vxlan-tunnel vtep 1.1.1.2')).lines).toContain(
      '2 bridged destinations, 1 multicast, 1 unicast, 0 es',
    );
    const table = await ask('show network-instance default tunnel-table all');
    expect(table.lines.filter(line => line.startsWith('| 1.1.1.'))).toEqual([
      '| 1.1.1.10/32 | vxlan       | vxlan       | 1         | Y   | 0      | 0          | 10.1.1.0 (direct) | ethernet-1/1.0 |',
      '| 1.1.1.2/32  | vxlan       | vxlan       | 2         | Y   | 0      | 0          | 10.1.1.0 (direct) | ethernet-1/1.0 |',
    ]);
    expect((await ask('show tunnel-interface vxlan1 vxlan-interface 1 brief')).lines.slice(1, 9)).toEqual([
      'Show report for vxlan-tunnels',
      '-'.repeat(81),
      '+------------------+-----------------+---------+-------------+------------------+',
      '| Tunnel Interface | VxLAN Interface |  Type   | Ingress VNI | Egress source-ip |',
      '+==================+=================+=========+=============+==================+',
      '| vxlan1           | vxlan1.1        | bridged | 1           | 1.1.1.1/32       |',
      '+------------------+-----------------+---------+-------------+------------------+',
      '-'.repeat(81),
    ]);
  });

  it('bgp-evpn, policies and next-hop groups are answered', async () => {
    expect(
      (await ask('show network-instance kube_macvrf protocols bgp-evpn bgp-instance 1')).lines,
    ).toContain('    bgp Instance 1 is enable and up');
    expect((await ask('show routing-policy policy import-metallb')).lines).toContain(
      'Used by        : kube-ipvrf group metallb (import)',
    );
    expect((await ask('show network-instance default route-table next-hop-group')).text).toMatch(
      /\|\s+50 % \|\s+2 \|\n\|\s+\|\s+\|\s+\d+ \| 10\.2\.1\.0\s+\|\s+50 %/,
    );
  });

  it('a star asks every network-instance that has an answer', async () => {
    const { lines } = await ask('show network-instance * protocols bgp neighbor');
    expect(lines.filter(line => line.startsWith('BGP neighbor summary'))).toEqual([
      'BGP neighbor summary for network-instance "default"',
      'BGP neighbor summary for network-instance "kube-ipvrf"',
    ]);
    expect((await ask('show network-instance * bridge-table mac-table all')).code).toBe(0);
  });

  it('a question mark is answered with what may stand there', async () => {
    const { code, lines } = await ask('show network-instance default protocols bgp ?');
    expect(code).toBe(0);
    expect(lines).toContain('  neighbor');
    expect((await ask('show ?')).lines).toContain('  tunnel vxlan-tunnel');
  });

  it('state is printed as a tree and as JSON, at any path', async () => {
    expect(
      (await ask('info from state network-instance default protocols bgp statistics up-peers')).lines,
    ).toEqual([
      '    network-instance default {',
      '        protocols {',
      '            bgp {',
      '                statistics {',
      '                    up-peers 4',
      '                }',
      '            }',
      '        }',
      '    }',
      '',
    ]);
    const json = await ask('info from state interface ethernet-1/1 oper-state | as json');
    expect(JSON.parse(json.text)).toEqual({ interface: [{ name: 'ethernet-1/1', 'oper-state': 'up' }] });
  });

  it.each([
    [
      'show tunnel-interface vxlan0 vxlan-interface 1 brief',
      "there is no vxlan-interface 'vxlan0.1'. There are ['vxlan1.1', 'vxlan1.4']",
    ],
    ['show tunnel vxlan-tunnel vtep 9.9.9.9', "there is no VXLAN tunnel to '9.9.9.9'"],
    ['show network-instance default protocols bgp neighbor 9.9.9.9', 'there is no neighbor 9.9.9.9'],
    ['show version all', "Unknown token 'all'"],
    ['show bfd peers', "Unknown token 'peers'"],
    ['show network-instance kube_macvrf bridge-table mac-table mac 00:00:00:00:00:99', 'there is no MAC'],
    ['show network-instance kube_macvrf bridge-table multicast', "Unknown token 'multicast'"],
    ['show platform', '"show version" names the type'],
    ['show network-instance x* route-table all', "no network-instance fits 'x*'"],
    ['info from state qos', 'the embedded lab has state for'],
    ['tools platform chassis reboot', 'of tools the embedded lab answers'],
    [
      'tools network-instance default protocols bgp neighbor 10.1.1.0 reset-peer hard',
      "Unknown token 'hard'",
    ],
    [
      'tools network-instance default protocols bgp neighbor 9.9.9.9 reset-peer',
      "there is no neighbor '9.9.9.9'",
    ],
  ])('%s is refused usefully', async (line, because) => {
    const { code, text } = await ask(line);
    expect(code).toBe(1);
    expect(text).toContain(because);
  });

  it('reset-peer sends Cease / Administrative Reset, and the session comes back', async () => {
    const since = lab.events.length;
    expect(
      (await ask('tools network-instance default protocols bgp neighbor 10.1.1.0 reset-peer')).code,
    ).toBe(0);
    lab.settle();
    const news = lab.events.slice(since);
    expect(news.find(({ type }) => type === 'notification-received')).toMatchObject({
      node: 'SPINE-DC-1',
      peer: '10.1.1.1',
      code: 6,
      subcode: 4,
      text: 'Cease / Administrative Reset',
    });
    const [session] = (await lab.rows({ name: 'sessions', node: 'LEAF-DC-1' })).filter(
      ({ peer }) => peer === '10.1.1.0',
    );
    expect(session?.state).toBe('established');
  });

  it('soft-clear has the neighbor send its routes again and ends no session', async () => {
    const since = lab.events.length;
    await ask('tools network-instance default protocols bgp neighbor 10.1.1.0 soft-clear');
    lab.settle();
    const news = lab.events.slice(since);
    expect(news.filter(({ type }) => type === 'session-changed')).toEqual([]);
    expect(news.find(one => one.type === 'update-received' && one.node === 'LEAF-DC-1')).toMatchObject({
      peer: '10.1.1.0',
    });
  });
});
