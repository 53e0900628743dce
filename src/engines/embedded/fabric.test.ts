import { describe, expect, test } from 'vitest';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { replaced, switchNames, talkLab, without } from '../../test-support/talk-lab.ts';

/*
 *        SPINE-DC-1            SPINE-DC-2          AS 64999, route reflectors
 *        /    |    \          /    |    \
 *  LEAF-DC-1   LEAF-DC-2   BORDER-DC               AS 65001, 65002, 65010
 */

const fabric = (edit?: Parameters<typeof talkLab>[0]) => new DrivenLab(talkLab(edit)).buildUpTo('fabric');

describe('the underlay', () => {
  test('has two paths between loopbacks, one over each spine', async () => {
    const lab = await fabric();
    expect(await lab.members('BORDER-DC', 'default', '1.1.1.1/32')).toEqual(['ethernet-1/1', 'ethernet-1/2']);
    expect(await lab.members('LEAF-DC-1', 'default', '1.1.1.10/32')).toEqual([
      'ethernet-1/1',
      'ethernet-1/2',
    ]);
  });

  test('is quiet only when nothing changes any more', async () => {
    const lab = await fabric();
    const count = lab.events.length;
    lab.advance(300_000);
    expect(lab.events.slice(count)).toEqual([]);
  });

  test('idles one spine without multipath', async () => {
    const lab = await fabric(without('fabric/BORDER-DC.cfg', /default .*multipath ebgp maximum-paths/));
    const members = await lab.members('BORDER-DC', 'default', '1.1.1.1/32');
    expect(members).toHaveLength(1);
    const rows = await lab.rows({ name: 'bgp', node: 'BORDER-DC', instance: 'default' });
    const paths = rows.filter(row => row.prefix === '1.1.1.1/32');
    expect(paths.map(({ used }) => used)).toEqual([true, false]);
  });

  test('learns nothing on a session without import policy (RFC 8212)', async () => {
    const lab = await fabric(without('fabric/BORDER-DC.cfg', /group underlay import-policy/));
    const sessions = await lab.rows({ name: 'sessions', node: 'BORDER-DC' });
    const underlay = sessions.filter(({ group }) => group === 'underlay');
    expect(underlay.map(({ state }) => state)).toEqual(['established', 'established']);
    expect(underlay.flatMap(({ families }) => families.map(({ active }) => active))).toEqual([0, 0]);
    const rows = await lab.rows({ name: 'bgp', node: 'BORDER-DC', instance: 'default' });
    expect(new Set(rows.filter(row => row.path.peer !== undefined).map(row => row.invalidReason))).toEqual(
      new Set(['rejected-route']),
    );
  });

  test('never brings up a session with the wrong peer AS, and the notification says why', async () => {
    const lab = await fabric(
      replaced(
        'fabric/BORDER-DC.cfg',
        'neighbor 10.1.10.0 peer-as 64999',
        'neighbor 10.1.10.0 peer-as 64998',
      ),
    );
    lab.advance(60_000);
    const states = lab.events.filter(
      event => event.type === 'session-changed' && event.node === 'BORDER-DC' && event.peer === '10.1.10.0',
    );
    expect(states.some(event => event.type === 'session-changed' && event.to === 'established')).toBe(false);
    const notification = lab.events.find(
      event => event.type === 'notification-sent' && event.node === 'BORDER-DC',
    );
    expect(notification).toMatchObject({ code: 2, subcode: 2 });
    expect(notification).toHaveProperty('text', expect.stringContaining('expected 64998, got 64999'));
  });
});

describe('the overlay', () => {
  test('carries type 3 of every bridge domain and type 5 of every tenant prefix', async () => {
    const lab = await fabric();
    const rows = await lab.rows({ name: 'evpn', node: 'BORDER-DC' });
    const best = rows.filter(row => row.best && row.path.peer !== undefined);
    const texts = best.map(row => `${row.routeType} ${row.routeDistinguisher} ${row.prefix ?? row.address}`);
    expect(texts.sort()).toEqual([
      '3 1.1.1.1:1 1.1.1.1',
      '3 1.1.1.2:1 1.1.1.2',
      '5 1.1.1.1:4 1.1.1.201/32',
      '5 1.1.1.1:4 192.168.101.0/24',
      '5 1.1.1.2:4 1.1.1.202/32',
      '5 1.1.1.2:4 192.168.101.0/24',
    ]);
  });

  test('imports type 5 routes into the tenant, next hop the VTEP', async () => {
    const lab = await fabric();
    const rows = await lab.rows({ name: 'routes', node: 'BORDER-DC', instance: 'kube-ipvrf' });
    const row = rows.find(({ prefix }) => prefix === '1.1.1.201/32');
    expect(row).toMatchObject({ owner: 'bgp-evpn', active: true, preference: 170 });
    expect(row?.nextHops).toEqual([{ type: 'vxlan', address: '1.1.1.1', vni: 4, node: 'LEAF-DC-1' }]);
  });

  test('is not imported with another route target', async () => {
    const lab = await fabric(
      replaced(
        'fabric/BORDER-DC.cfg',
        /kube-ipvrf (.*)import-rt target:65123:4/,
        'kube-ipvrf $1import-rt target:65123:5',
      ),
    );
    const rows = await lab.rows({ name: 'routes', node: 'BORDER-DC', instance: 'kube-ipvrf' });
    expect(rows.filter(({ owner }) => owner === 'bgp-evpn')).toEqual([]);
  });
});

test('every session of the fabric is established and every BFD session up', async () => {
  const lab = await fabric();
  const snapshot = await lab.snapshot({ name: 'bfd' });
  for (const name of switchNames) {
    const node = snapshot.nodes.find(one => one.name === name);
    expect(node?.sessions?.established).toBe(node?.sessions?.configured);
  }
  const bfd = await lab.rows({ name: 'bfd' });
  expect(bfd).toHaveLength(12);
  expect(new Set(bfd.map(({ state }) => state))).toEqual(new Set(['up']));
});
