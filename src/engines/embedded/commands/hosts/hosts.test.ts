import { beforeAll, describe, expect, it } from 'vitest';
import { DrivenLab } from '../../../../test-support/driven-lab.ts';
import { talkLab } from '../../../../test-support/talk-lab.ts';
import { typed } from '../../../../test-support/typed.ts';

describe('what a host of the lab answers', () => {
  let lab: DrivenLab;

  const onWorker = (line: string) => typed(lab, `docker exec datacenter-worker ${line}`);
  const inClient = (line: string) =>
    typed(lab, `kubectl --context kind-client exec deploy/clients -- ${line}`);

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('clients');
    lab.advance(5_000);
  });

  it('interfaces, neighbors, rules and single routes as iproute2 prints them', async () => {
    expect((await onWorker('ip addr show e1-1')).lines).toEqual([
      '3: e1-1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9500 qdisc noqueue state UP group default qlen 1000',
      '    link/ether aa:c1:ab:e3:b3:d4 brd ff:ff:ff:ff:ff:ff',
      '    inet 192.168.101.101/24 scope global e1-1',
      '       valid_lft forever preferred_lft forever',
      '',
    ]);
    expect((await onWorker('ip neigh')).text).toBe(
      '192.168.101.1 dev e1-1 lladdr 00:00:5e:00:01:01 REACHABLE\n',
    );
    expect((await onWorker('ip rule')).lines[1]).toBe('32766:\tfrom all lookup main');
    expect((await onWorker('ip route show 10.1.4.0/24')).text).toBe(
      '10.1.4.0/24 via 192.168.101.1 dev e1-1\n',
    );
    expect((await onWorker('ip -s link show e1-1')).text).toMatch(/RX: {2}bytes {3}packets.*\n +- +\d+ /);
  });

  it('a pod has its own interfaces and routes', async () => {
    expect((await inClient('ip -br a')).text).toMatch(
      /^lo {15}UNKNOWN {8}127\.0\.0\.1\/8\neth0 {13}UP {13}10\.244\.0\.\d+\/24\nnet1 {13}UP {13}10\.1\.4\.\d+\/24\n$/,
    );
    expect((await inClient('ip route')).lines[0]).toBe('10.254.254.240/28 via 10.1.4.1 dev net1');
  });

  it('ss lists BGP’s connections and those the clients keep', async () => {
    expect((await onWorker('ss -tn')).text).toMatch(
      /^ESTAB +0 +0 +192\.168\.101\.101:\d+ +1\.1\.1\.201:179$/m,
    );
    expect((await inClient('ss -tn')).text).toMatch(
      /^ESTAB +0 +0 +10\.1\.4\.\d+:\d+ +10\.254\.254\.240:8080$/m,
    );
    expect((await typed(lab, 'docker exec clab-dc-k8s-LEAF-DC-1 ss -tn')).text).toMatch(
      /1\.1\.1\.201:179 +192\.168\.101\.101:\d+/,
    );
  });

  it('arping, nslookup and crictl ask what the model knows', async () => {
    expect((await onWorker('arping -I e1-1 -c 1 192.168.101.1')).lines[1]).toBe(
      'Unicast reply from 192.168.101.1 [00:00:5E:00:01:01]',
    );
    expect((await onWorker('nslookup hello-lb')).text).toMatch(
      /\nName:\thello-lb\nAddress: 10\.96\.\d+\.\d+\n/,
    );
    expect((await inClient('nslookup hello-lb')).text).toContain("server can't find hello-lb: NXDOMAIN");
    expect((await onWorker('crictl ps --name frr')).lines[1]).toMatch(
      /^[0-9a-f]{13} {3}quay\.io\/frrouting\/frr:\S+ {3}.* ago {3}Running {3}frr {4}0 {9}[0-9a-f]{13} {3}frr-k8s-daemon-\S+ {3}metallb-system$/,
    );
  });

  it('curl writes out what it is asked for', async () => {
    const { text } = await onWorker(
      'curl -s -o /dev/null -w "%{http_code} %{time_total}\\n" http://10.254.254.240:8080',
    );
    expect(text).toMatch(/^200 0\.00\d{4}\n$/);
  });

  it('tcpdump takes flags that are glued together', async () => {
    const { code, lines } = await typed(lab, 'docker exec clab-dc-k8s-LEAF-DC-1 tcpdump -nni e1-1 -c1');
    expect([code, lines[0], lines[2]]).toEqual([
      0,
      'listening on e1-1, BGP only, 1 packets',
      '1 packets captured',
    ]);
  });

  it.each([
    ['ip -j addr', 'Option "-j" is unknown'],
    ['ip link set e1-1 down', "changes a node's network by building the stage links"],
    ['ss -u', "unknown shorthand flag: 'u' in -u"],
    ['iptables -t nat -L', "kube-proxy's rules are not kept as rules here"],
    ['tc qdisc show', 'containerlab tools netem set'],
    ['curl --retry 3 http://10.254.254.240:8080', '--retry: is not answered here'],
    ['wget http://10.254.254.240:8080', 'no file is written here'],
    ['ping -I eth0 10.1.4.1', "unknown shorthand flag: 'I'"],
    ['traceroute --mtu 10.1.4.1', 'unknown flag: --mtu'],
    ['tcpdump -i e1-1 host 1.1.1.1', 'only BGP is captured'],
    ['crictl images', 'only ps is answered here'],
  ])('%s is refused by name', async (line, because) => {
    const { code, text } = await onWorker(line);
    expect(code).not.toBe(0);
    expect(text).toContain(because);
  });

  it('ip on a switch says whom to ask instead', async () => {
    const { code, text } = await typed(lab, 'docker exec clab-dc-k8s-LEAF-DC-1 ip link');
    expect(code).toBe(1);
    expect(text).toContain('docker exec clab-dc-k8s-LEAF-DC-1 sr_cli "show interface brief"');
  });
});
