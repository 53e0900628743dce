import { beforeAll, describe, expect, it } from 'vitest';
import { DrivenLab } from '../../../test-support/driven-lab.ts';
import { talkLab } from '../../../test-support/talk-lab.ts';
import { typed as type } from '../../../test-support/typed.ts';

const leaf = 'docker exec clab-dc-k8s-LEAF-DC-1 sr_cli';
const border = 'docker exec clab-dc-k8s-BORDER-DC sr_cli';

describe('the whole lab, asked by its tools', () => {
  let lab: DrivenLab;

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('clients');
  });

  it('lists switches as containerlab and docker do', async () => {
    const inspected = await type(lab, 'containerlab inspect --all -f json');
    expect(
      JSON.parse(inspected.text)['dc-k8s'].map(
        (one: { name: string; state: string }) => `${one.name} ${one.state}`,
      ),
    ).toContain('clab-dc-k8s-SPINE-DC-2 running');
    expect((await type(lab, 'docker ps | grep -c kindest/node')).text).toBe('4\n');
    expect((await type(lab, 'kind get nodes --name datacenter | sort')).lines.slice(0, 3)).toEqual([
      'datacenter-control-plane',
      'datacenter-worker',
      'datacenter-worker2',
    ]);
  });

  it('shows the sessions of a leaf in SR Linux columns', async () => {
    const { lines, code } = await type(lab, `${leaf} "show network-instance default protocols bgp neighbor"`);
    expect(code).toBe(0);
    const row = lines.find(line => line.includes('10.1.1.0'));
    expect(row).toMatch(
      /^\| default +\| 10\.1\.1\.0 +\| underlay +\| SB +\| +64999 \| established +\| 0d:0h:\d+m:\d+s +\| ipv4-unicast \| \[8\/6\/\d\]/,
    );
    expect(lines).toContain('4 configured neighbors, 4 sessions are established, 0 disabled peers');
  });

  it("shows MetalLB's speaker as dynamic neighbor, and from the other end", async () => {
    const { text } = await type(lab, `${leaf} "show network-instance kube-ipvrf protocols bgp neighbor"`);
    expect(text).toMatch(/\| kube-ipvrf +\| 192\.168\.101\.101 +\| \S+ +\| D +\| +65201 \| established/);
    const speaker = await type(lab, 'docker exec datacenter-worker vtysh -c "show bgp summary"');
    expect(speaker.text).toMatch(/1\.1\.1\.201 +4 +65301 .* \d\d:\d\d:\d\d +0 +1 N\/A/);
  });

  it('shows both ways to the service address on the border leaf', async () => {
    const { lines } = await type(
      lab,
      `${border} "show network-instance kube-ipvrf route-table ipv4-unicast prefix 10.254.254.240/32 detail"`,
    );
    expect(lines).toContain('Next hops: 2 entries');
    expect(lines).toContain('  1.1.1.1/32 (indirect/vxlan) vni 4 LEAF-DC-1');
    expect(lines).toContain('  1.1.1.2/32 (indirect/vxlan) vni 4 LEAF-DC-2');
  });

  it('counts EVPN routes by type, and filters behind a pipe inside sr_cli', async () => {
    const { text } = await type(
      lab,
      `${border} "show network-instance default protocols bgp routes evpn route-type 5 summary | grep 10.254.254.240 | wc -l"`,
    );
    expect(text).toBe('4\n');
  });

  it('pings from a worker to the client side, and shows the way there', async () => {
    const ping = await type(lab, 'docker exec datacenter-worker ping -c 2 10.1.4.1');
    expect(ping.code).toBe(0);
    expect(ping.text).toContain('2 packets transmitted, 2 received, 0% packet loss, time 1000ms');
    const trace = await type(lab, 'traceroute 10.1.4.1', { on: 'datacenter-worker' });
    expect(trace.lines.slice(1, 3).map(line => line.replace(/ +[\d.]+ ms$/, ''))).toEqual([
      ' 1  192.168.101.1 (LEAF-DC-1)',
      ' 2  10.1.4.1',
    ]);
  });

  it('says why a ping gets no answer', async () => {
    const { code, text } = await type(lab, 'docker exec datacenter-worker ping -c 1 10.1.4.99');
    expect(code).toBe(1);
    expect(text).toContain('100% packet loss');
    expect(text).toContain('why (only the embedded lab can tell): BORDER-DC');
  });

  it('answers HTTP requests with pod and node, from a client pod only', async () => {
    const client = (await lab.snapshot()).traffic.clients[0]?.name ?? '';
    const answer = await type(lab, 'wget -qO- http://10.254.254.240:8080/', { on: client });
    expect(answer.text).toMatch(/^pod=hello-\S+ node=datacenter-worker2? client=\S+\n$/);
    const outside = await type(lab, 'curl -s http://10.254.254.240:8080/');
    expect(outside.code).toBe(6);
    expect(outside.text).toContain('your own machine is not on the fabric');
    // What is advised works as it stands.
    const advised = /as in "(.*)"/.exec(outside.text)?.[1] ?? '';
    expect(advised).toContain('kubectl --context kind-client exec ');
    expect((await type(lab, advised)).text).toMatch(/^pod=hello-\S+ /);
  });

  it("shows a node's interfaces and routes as iproute2 does", async () => {
    expect((await type(lab, 'docker exec datacenter-worker ip route get 10.1.4.20')).text).toBe(
      '10.1.4.20 via 192.168.101.1 dev e1-1 src 192.168.101.101\n',
    );
    expect((await type(lab, 'ip -br address', { on: 'datacenter-worker' })).text).toMatch(
      /^e1-1 +UP +192\.168\.101\.101\/24$/m,
    );
  });

  it("shows the lab's files", async () => {
    expect((await type(lab, 'ls fabric')).lines).toContain('LEAF-DC-1.cfg');
    expect((await type(lab, 'cat ./app/hello-lb.yaml | grep kind')).text).toContain('kind: Service');
  });

  it('answers what it does not know with what it does', async () => {
    const unknown = await type(lab, 'helm install x');
    expect(unknown.code).toBe(127);
    expect(unknown.lines[0]).toBe('helm: command not found in the embedded lab');
    expect(unknown.lines[1]).toContain('containerlab, clab, docker, kind');
    expect((await type(lab, 'ping 1.1.1.1')).text).toBe(
      'ping: your own machine is not on the fabric: send it from a node or pod, as in "docker exec datacenter-worker ping 1.1.1.1"\n',
    );
    expect((await type(lab, 'help')).text).not.toMatch(/^ +curl /m);
    expect((await type(lab, 'sudo reboot')).lines[0]).toBe('reboot: command not found in the embedded lab');
    const onHost = await type(lab, 'nmap', { on: 'datacenter-worker' });
    expect(onHost.text.trimEnd().split('\n')).toEqual([
      'nmap: command not found in the embedded lab',
      'It knows: sr_cli, ping, traceroute, curl, wget, ip, ss, arping, nslookup, tcpdump, vtysh, crictl, hostname, sleep, echo, bash, sh.',
    ]);
    expect((await type(lab, 'docker exec nobody ip route')).text).toBe(
      'Error response from daemon: No such container: nobody\n',
    );
    const show = await type(lab, `${leaf} "show frobnicate"`);
    expect(show.code).toBe(1);
    expect(show.text).toContain("Unknown token 'frobnicate'");
  });
});

describe('candidate mode', () => {
  let lab: DrivenLab;

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
  });

  it('changes nothing before the commit, and the network after it', async () => {
    const changed = await type(
      lab,
      `${leaf} "enter candidate; set / interface ethernet-1/1 admin-state disable; diff flat"`,
    );
    expect(changed.lines.slice(0, 2)).toEqual([
      'delete / interface ethernet-1/1 admin-state enable',
      'insert / interface ethernet-1/1 admin-state disable',
    ]);
    expect(changed.text).toContain('were not committed and are gone');
    expect(await lab.members('LEAF-DC-1', 'default', '1.1.1.10/32')).toEqual([
      'ethernet-1/1',
      'ethernet-1/2',
    ]);

    const committed = await type(lab, `${leaf} -ec "set / interface ethernet-1/1 admin-state disable"`);
    expect(committed.text).toBe('All changes have been committed. Leaving candidate mode.\n');
    lab.settle();
    expect(await lab.members('LEAF-DC-1', 'default', '1.1.1.10/32')).toEqual(['ethernet-1/2']);
    expect(
      (await type(lab, `${leaf} "info flat from running / interface ethernet-1/1 admin-state"`)).text,
    ).toContain('admin-state disable');

    await type(lab, `${leaf} -ec "set / interface ethernet-1/1 admin-state enable"`);
    lab.settle();
    expect(await lab.members('LEAF-DC-1', 'default', '1.1.1.10/32')).toEqual([
      'ethernet-1/1',
      'ethernet-1/2',
    ]);
  });

  it('points at the word it cannot read', async () => {
    const { code, lines } = await type(lab, `${leaf} -ec "set / interface ethernet-1/1 admin-stat disable"`);
    expect(code).toBe(1);
    expect(lines[0]).toBe('set / interface ethernet-1/1 admin-stat disable');
    expect(lines[1]).toBe(`${' '.repeat('set / interface ethernet-1/1 '.length)}^`);
    expect(lines[2]).toMatch(/^Parsing error: .*admin-state/);
  });

  it('refuses to commit what does not hold together', async () => {
    const { code, text } = await type(
      lab,
      `${leaf} -ec "set / network-instance default protocols bgp group underlay import-policy nowhere"`,
    );
    expect(code).toBe(1);
    expect(text).toContain('commit failed; nothing was changed');
  });

  it('belongs to candidate mode alone', async () => {
    const { code, text } = await type(lab, `${leaf} "set / interface ethernet-1/1 admin-state disable"`);
    expect(code).toBe(1);
    expect(text).toContain('"enter candidate" first, or sr_cli -ec');
  });

  it('shows state by path', async () => {
    const { text } = await type(
      lab,
      `${leaf} "info from state network-instance default protocols bgp neighbor 10.1.1.0 session-state"`,
    );
    expect(text).toBe(
      [
        '    network-instance default {',
        '        protocols {',
        '            bgp {',
        '                neighbor 10.1.1.0 {',
        '                    session-state established',
        '                }',
        '            }',
        '        }',
        '    }',
        '',
      ].join('\n'),
    );
  });
});

describe('breaking by command', () => {
  it('stops and starts a switch with docker, and builds stages with their own commands', async () => {
    const lab = new DrivenLab(talkLab());
    expect((await type(lab, 'docker exec clab-dc-k8s-LEAF-DC-1 sr_cli "show version"')).text).toContain(
      'its stage is not built yet',
    );
    expect((await type(lab, 'docker network create --subnet 172.18.0.0/16 kind')).code).toBe(0);
    const deployed = await type(lab, 'containerlab deploy -t topo.yml');
    expect(deployed.code).toBe(0);
    expect(deployed.text).toContain('INFO Created link: LEAF-DC-1:e1-1 ▪┄┄▪ SPINE-DC-1:e1-1\n');
    lab.settle();
    expect((await type(lab, 'docker stop clab-dc-k8s-SPINE-DC-1')).text).toBe('clab-dc-k8s-SPINE-DC-1\n');
    lab.settle();
    expect(await lab.members('LEAF-DC-1', 'default', '1.1.1.10/32')).toEqual(['ethernet-1/2']);
    expect((await type(lab, `${leaf} "show system lldp neighbor"`)).text).not.toContain('SPINE-DC-1');
    await type(lab, 'docker start clab-dc-k8s-SPINE-DC-1');
    lab.settle();
    expect(await lab.members('LEAF-DC-1', 'default', '1.1.1.10/32')).toEqual([
      'ethernet-1/1',
      'ethernet-1/2',
    ]);
  });

  it.each([
    ['for i in $(seq 1 3); do echo $i; done', 0, '1\n2\n3\n'],
    ['for i in 1 2; do echo $i | grep 2; done', 0, '2\n'],
    [
      'while true; do echo x; done',
      2,
      '"while" needs a real shell; what works here: for i in $(seq 1 5); do sleep 1; …; done\n',
    ],
    [
      'vim topo.yml',
      1,
      'vim: no editor opens here. Edit topo.yml in another terminal: the tutorial reads it again when it is saved. An object of a cluster: kubectl patch; a switch: sr_cli -ec "set / …"\n',
    ],
    [
      'ssh admin@clab-dc-k8s-SPINE-DC-1',
      255,
      'ssh: nobody logs in by ssh here; one line does: docker exec clab-dc-k8s-SPINE-DC-1 sr_cli "show version"\n',
    ],
    ['grep -c kind topo.yml', 0, '3\n'],
    ['false || echo no', 0, 'no\n'],
    ['clear', 0, ''],
  ])('answers on the learner’s own machine: %s', async (line, code, text) => {
    const lab = new DrivenLab(talkLab());
    expect(await type(lab, line)).toMatchObject({ code, text });
  });

  it('runs a whole line in a shell on a host, and names the container in what it prints', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
    const both = await type(
      lab,
      'docker exec clab-dc-k8s-LEAF-DC-1 sh -c "hostname | grep -c LEAF && hostname"',
    );
    expect(both.text).toBe('1\nLEAF-DC-1\n');
    expect((await type(lab, 'docker exec -it clab-dc-k8s-LEAF-DC-1 bash')).lines[1]).toBe(
      '  docker exec clab-dc-k8s-LEAF-DC-1 <command>',
    );
  });

  it('can be cancelled while it waits', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
    const cancel = new AbortController();
    const running = lab.engine.run('sleep 1000', { signal: cancel.signal });
    lab.advance(100);
    cancel.abort();
    expect((await running).exitCode).toBe(130);
  });
});
