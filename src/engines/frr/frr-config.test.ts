import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { switchesOf } from '../../lab/lab.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { configChanges } from './config-changes.ts';
import { partOfDaemon } from './config-parts.ts';
import { deviceFileOf } from './device-file.ts';
import { frrConfigOf, frrConfigPath } from './frr-config.ts';
import { metallbConfig } from './metallb-config.ts';

const lab = talkLab();

describe('FRR’s configuration of a switch', () => {
  test.each(switchesOf(lab).map(node => [node.name, node] as const))(
    'fabric/frr has what %s’s SR Linux configuration says',
    (_, node) => {
      const file = new URL(`../../../${frrConfigPath(node)}`, import.meta.url);
      expect(readFileSync(file, 'utf8')).toBe(frrConfigOf(node));
    },
  );

  test.each(switchesOf(lab).map((node, index) => [node.name, node, index] as const))(
    'fabric/frr lists the Linux devices that %s’s SR Linux configuration asks for',
    (_, node, index) => {
      const path = frrConfigPath(node).replace(/\.conf$/, '.devices');
      const file = new URL(`../../../${path}`, import.meta.url);
      expect(readFileSync(file, 'utf8')).toBe(deviceFileOf(node, index));
    },
  );

  test('the overlay’s AS is the process’s, the underlay’s is that of its sessions: the AS paths stay the same', () => {
    const border = frrConfigOf(switchNamed('BORDER-DC'));
    expect(border).toContain('router bgp 65123\n');
    expect(border).toContain(' neighbor 10.1.10.0 local-as 65010 no-prepend replace-as\n');
    expect(border).not.toContain('neighbor 1.1.1.11 local-as');
  });

  test('a session without BFD on its subinterface has none, whatever its group says', () => {
    const without = talkLab(files => {
      const path = 'fabric/LEAF-DC-1.cfg';
      const text = files.get(path) ?? '';
      files.set(path, text.replace(/^set \/ bfd subinterface ethernet-1\/1\.0 .*\n/gm, ''));
    });
    const leaf = frrConfigOf(switchNamed('LEAF-DC-1', without));
    expect(leaf).not.toContain('neighbor 10.1.1.0 bfd');
    expect(leaf).toContain('neighbor 10.2.1.0 bfd 3 300 300');
  });

  test('each daemon reads its own part', () => {
    const text = frrConfigOf(switchNamed('LEAF-DC-1'));
    expect(partOfDaemon(text, 'mgmtd')).toBe(
      'ip nht resolve-via-default\nvrf kube-ipvrf\n vni 4\n ip nht resolve-via-default\nexit-vrf\n',
    );
    expect(partOfDaemon(text, 'zebra')).toContain('no zebra nexthop kernel enable');
    expect(partOfDaemon(text, 'bgpd')).toContain('router bgp 65301 vrf kube-ipvrf');
    expect(partOfDaemon(text, 'bgpd')).not.toContain('vni 4\n');
  });

  function switchNamed(name: string, of = lab) {
    const node = switchesOf(of).find(each => each.name === name);
    if (node === undefined) throw new Error(name);
    return node;
  }
});

describe('MetalLB’s FRR', () => {
  const session = {
    peer: 'leaf-dc-1',
    peerAddress: '1.1.1.201',
    peerPort: 179,
    sourceAddress: undefined,
    localAsn: 65201,
    peerAsn: 65301,
    routerId: '6.5.2.3',
    holdTime: 180_000,
    keepaliveTime: 60_000,
    connectRetry: 120_000,
    ttl: 255,
    bfd: undefined,
    advertisements: [],
  } as const;
  const announcing = {
    ...session,
    advertisements: [{ prefix: '10.254.254.240/32', localPref: undefined, communities: [], peers: [] }],
  };

  test('announces nothing until a service has an address, and then just that', () => {
    expect(metallbConfig('worker', [session])).not.toContain('  network ');
    const text = metallbConfig('worker', [announcing]);
    expect(text).toContain('  network 10.254.254.240/32\n');
    expect(text).toContain('route-map leaf-dc-1-out deny 65535');
    expect(text).toContain('route-map leaf-dc-1-in deny 20');
  });

  test('a new announcement changes its own lines and leaves the session alone', () => {
    expect(configChanges(metallbConfig('worker', [session]), metallbConfig('worker', [announcing]))).toEqual([
      'ip prefix-list leaf-dc-1-1 seq 10 permit 10.254.254.240/32',
      ...['route-map leaf-dc-1-out permit 1', 'exit'],
      ...['route-map leaf-dc-1-out permit 1', 'match ip address prefix-list leaf-dc-1-1', 'exit'],
      ...['router bgp 65201', 'address-family ipv4 unicast', 'network 10.254.254.240/32'],
      ...['exit-address-family', 'exit'],
    ]);
  });

  test('what stood inside a block that goes is not taken away line by line', () => {
    const changes = configChanges('bfd\n profile fast\n  transmit-interval 300\n exit\nexit\n', '');
    expect(changes).toEqual(['no bfd']);
  });
});
