import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { switchesOf } from '../../lab/lab.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { deviceFileOf } from '../containerlab/frr/device-file.ts';
import { partOfDaemon } from '../frr/config-parts.ts';
import { configChanges } from './config-changes.ts';
import { frrConfigOf, frrConfigPath, untranslatedIn } from './frr-config.ts';
import { metallbConfig } from './metallb-config.ts';

const lab = talkLab();

describe('FRR’s configuration of a switch', () => {
  test.each(switchesOf(lab).map(node => [node.name, node] as const))(
    'fabric/frr has what %s’s SR Linux configuration says',
    (_, node) => {
      const file = new URL(`../../../${frrConfigPath(node)}`, import.meta.url);
      expect(readFileSync(file, 'utf8')).toBe(frrConfigOf(node, lab));
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
    const border = frrConfigOf(switchNamed('BORDER-DC'), lab);
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
    const leaf = frrConfigOf(switchNamed('LEAF-DC-1', without), without);
    expect(leaf).not.toContain('neighbor 10.1.1.0 bfd');
    // The spine would close its session and wait for BFD.
    expect(frrConfigOf(switchNamed('SPINE-DC-1', without), without)).not.toContain('neighbor 10.1.1.1 bfd');
    expect(leaf).toContain('neighbor 10.2.1.0 bfd profile ethernet-1/2.0\n');
  });

  describe('policies', () => {
    const leafWith = (...lines: string[]) => {
      const edited = talkLab(files => {
        const path = 'fabric/LEAF-DC-1.cfg';
        const listed = lines.filter(line => line.includes('[')).map(line => line.slice(0, line.indexOf('[')));
        const kept = (files.get(path) ?? '')
          .split('\n')
          .filter(line => !listed.some(start => line.startsWith(`set / ${start}`)));
        files.set(path, [...kept, ...lines.map(line => `set / ${line}`), ''].join('\n'));
      });
      return { edited, leaf: switchNamed('LEAF-DC-1', edited) };
    };
    const underlay = 'network-instance default protocols bgp group underlay';

    test('a protocol becomes the source of the route', () => {
      const { edited, leaf } = leafWith(
        'routing-policy policy own default-action policy-result reject',
        'routing-policy policy own statement 10 match protocol local',
        'routing-policy policy own statement 10 action policy-result accept',
        `${underlay} export-policy [ own ]`,
      );
      expect(frrConfigOf(leaf, edited)).toContain(
        'route-map own permit 10\n match source-protocol connected\nexit\nroute-map own deny 65535\nexit\n',
      );
    });

    test('a family makes a route-map of its own, without the statements of the other', () => {
      const { edited, leaf } = leafWith(
        'routing-policy policy both default-action policy-result accept',
        'routing-policy policy both statement 10 match family [ evpn ]',
        'routing-policy policy both statement 10 action policy-result reject',
        `${underlay} import-policy [ both ]`,
        'network-instance default protocols bgp group overlay import-policy [ both ]',
      );
      const text = frrConfigOf(leaf, edited);
      expect(text).toContain('route-map both deny 10\nexit\nroute-map both permit 65535\nexit\n');
      expect(text).toContain('!\nroute-map both-ipv4 permit 65535\nexit\n');
      expect(text).toContain('neighbor 10.1.1.0 route-map both-ipv4 in\n');
      expect(text).toContain('neighbor 1.1.1.11 route-map both in\n');
    });

    test('a chain of policies is one route-map: FRR would keep the last alone', () => {
      const { edited, leaf } = leafWith(
        'routing-policy policy prefer statement 10 match prefix prefix-set underlay',
        'routing-policy policy prefer statement 10 action policy-result next-policy',
        'routing-policy policy prefer statement 10 action bgp local-preference set 200',
        `${underlay} import-policy [ prefer underlay-import ]`,
      );
      const text = frrConfigOf(leaf, edited);
      expect(text).toContain(
        [
          'route-map prefer+underlay-import permit 10',
          ' match ip address prefix-list underlay',
          ' set local-preference 200',
          ' on-match goto 32767',
          'exit',
          'route-map prefer+underlay-import permit 32777',
          ' match ip address prefix-list underlay',
          'exit',
          'route-map prefer+underlay-import deny 65535',
        ].join('\n'),
      );
      expect(text).toContain('neighbor 10.1.1.0 route-map prefer+underlay-import in\n');
    });

    test('what FRR cannot tell apart is refused with its reason', () => {
      const { edited, leaf } = leafWith(
        'routing-policy policy learnt default-action policy-result reject',
        'routing-policy policy learnt statement 10 match protocol bgp-evpn',
        'routing-policy policy learnt statement 10 action policy-result accept',
        'network-instance kube-ipvrf protocols bgp group metallb export-policy [ learnt ]',
      );
      const configs = new Map([['LEAF-DC-1', frrConfigOf(leaf, edited)]]);
      expect(untranslatedIn(edited, configs)).toBe(
        'LEAF-DC-1: policy learnt, statement 10, matches protocol bgp-evpn: of the ipv4-unicast routes of kube-ipvrf FRR does not say which of the two they are. Change fabric/LEAF-DC-1.cfg, or write fabric/frr/LEAF-DC-1.conf by hand: it is used as it is',
      );
    });
  });

  test('each daemon reads its own part', () => {
    const text = frrConfigOf(switchNamed('LEAF-DC-1'), lab);
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

  test('whatever is entered is left, and no more: a profile that a BFD peer names is no place to be in', () => {
    const after =
      'bfd\n profile slow\n exit\n peer 10.0.0.1\n  profile slow\n exit\nexit\nrouter bgp 1 vrf red\n neighbor x bfd\nexit\n';
    const changes = configChanges('bfd\n profile slow\n exit\nexit\nrouter bgp 1 vrf red\nexit\n', after);
    expect(changes).toEqual([
      ...['bfd', 'peer 10.0.0.1', 'exit', 'exit'],
      ...['bfd', 'peer 10.0.0.1', 'profile slow', 'exit', 'exit'],
      ...['router bgp 1 vrf red', 'neighbor x bfd', 'exit'],
    ]);
  });

  test('a setting with one value is set anew, not taken away before', () => {
    const before =
      'router bgp 1\n neighbor 10.0.0.1 bfd profile slow\n neighbor 10.0.0.1 timers 30 90\nexit\n';
    const after = 'router bgp 1\n neighbor 10.0.0.1 bfd profile fast\n neighbor 10.0.0.1 timers 3 9\nexit\n';
    expect(configChanges(before, after)).toEqual([
      ...['router bgp 1', 'neighbor 10.0.0.1 bfd profile fast', 'exit'],
      ...['router bgp 1', 'neighbor 10.0.0.1 timers 3 9', 'exit'],
    ]);
  });

  test('what stood inside a block that goes is not taken away line by line', () => {
    const changes = configChanges('bfd\n profile fast\n  transmit-interval 300\n exit\nexit\n', '');
    expect(changes).toEqual(['no bfd']);
  });
});
