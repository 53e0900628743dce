import { describe, expect, test } from 'vitest';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { replaced, talkLab } from '../../test-support/talk-lab.ts';

/*
 *   BORDER-DC ===== VXLAN over two spines ===== LEAF-DC-1, LEAF-DC-2
 *      |  kube-ipvrf (VNI 4), kube_macvrf (VNI 1)   |            |
 *   clients 10.1.4.0/24             datacenter-worker .101   datacenter-worker2 .102
 */

const vip = '10.254.254.240/32';
const workerLink = 'LEAF-DC-1:e1-10 datacenter-worker:e1-1';

const tenant = (edit?: Parameters<typeof talkLab>[0]) => new DrivenLab(talkLab(edit)).buildUpTo('service');

describe('a worker behind a leaf', () => {
  test('is known on the other leaf by type 2: its MAC in the bridge domain, its address beside it', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('links');
    const rows = await lab.rows({ name: 'evpn', node: 'LEAF-DC-2' });
    const fromLeaf1 = rows.filter(row => row.routeType === 2 && row.best && row.path.nextHop === '1.1.1.1');
    expect(fromLeaf1.map(({ address }) => address).sort()).toEqual(['192.168.101.101', undefined]);
    const macs = await lab.rows({ name: 'macs', node: 'LEAF-DC-2', instance: 'kube_macvrf' });
    expect(macs.find(({ address }) => address === '192.168.101.101')).toMatchObject({
      type: 'evpn',
      destination: 'vxlan1.1 vtep 1.1.1.1',
      node: 'datacenter-worker',
    });
  });

  test('is a host route everywhere, straight to its own leaf', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('links');
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', '192.168.101.101/32')).toEqual(['1.1.1.1']);
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', '192.168.101.102/32')).toEqual(['1.1.1.2']);
  });

  test('is forgotten everywhere when its port goes down, and known again when it comes back', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('links');
    await lab.break({ kind: 'link-cut', link: workerLink });
    lab.settle();
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', '192.168.101.101/32')).toEqual([]);
    const macs = await lab.rows({ name: 'macs', node: 'LEAF-DC-2', instance: 'kube_macvrf' });
    expect(macs.some(({ address }) => address === '192.168.101.101')).toBe(false);
    await lab.heal();
    lab.settle();
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', '192.168.101.101/32')).toEqual(['1.1.1.1']);
  });
});

describe('the VIP', () => {
  test('has two VTEPs on the border, and each leaf uses its own worker only', async () => {
    const lab = await tenant();
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', vip)).toEqual(['1.1.1.1', '1.1.1.2']);
    expect(await lab.members('LEAF-DC-1', 'kube-ipvrf', vip)).toEqual(['192.168.101.101']);
    expect(await lab.members('LEAF-DC-2', 'kube-ipvrf', vip)).toEqual(['192.168.101.102']);
  });

  test('has one VTEP with `ecmp 1`', async () => {
    const lab = await tenant(replaced('fabric/BORDER-DC.cfg', /(kube-ipvrf .*) ecmp 4/, '$1 ecmp 1'));
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', vip)).toHaveLength(1);
  });

  test('is hashed into buckets that stay with `resilient-hash-prefix`', async () => {
    const lab = await tenant(files => {
      const path = 'fabric/BORDER-DC.cfg';
      const line = `set / network-instance kube-ipvrf ip-load-balancing resilient-hash-prefix ${vip}`;
      files.set(path, `${files.get(path)}\n${line} hash-buckets-per-path 8\n${line} max-paths 4\n`);
    });
    const rows = await lab.rows({ name: 'forwarding', node: 'BORDER-DC', instance: 'kube-ipvrf' });
    expect(rows.find(({ prefix }) => prefix === vip)).toMatchObject({
      algorithm: 'resilient',
      members: [
        { label: '1.1.1.1', share: 1 / 2 },
        { label: '1.1.1.2', share: 1 / 2 },
      ],
    });
  });

  test('loses a VTEP with the loopback behind it, without waiting for the overlay session', async () => {
    const lab = await tenant();
    const before = lab.events.length;
    await lab.break({ kind: 'node-silent', node: 'LEAF-DC-1' });
    lab.advance(1500);
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', vip)).toEqual(['1.1.1.2']);
    const change = lab.events
      .slice(before)
      .find(
        event => event.type === 'forwarding-changed' && event.node === 'BORDER-DC' && event.prefix === vip,
      );
    if (change === undefined) throw new Error('nothing changed on the border');
    expect(lab.causes(change).at(-1)?.type).toBe('fault-injected');
    const sessions = await lab.rows({ name: 'sessions', node: 'SPINE-DC-1' });
    expect(sessions.find(({ peer }) => peer === '1.1.1.1')?.state).toBe('established');
  });
});
