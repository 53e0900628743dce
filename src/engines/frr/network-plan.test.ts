import { expect, test } from 'vitest';
import type { LinkImpaired } from '../../lab/fault.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { deviceOf } from '../real/device-names.ts';
import { netemScript } from './network-plan.ts';

const lab = talkLab();
const impaired: LinkImpaired = {
  kind: 'link-impaired',
  link: 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1',
  direction: 'a-to-b',
  delayMs: 100,
  jitterMs: 10,
  lossPercent: 20,
};

test('netem is set at what leaves a port, in the namespace where the port is', () => {
  const { a: fabric } = lab.links.find(({ id }) => id === impaired.link) ?? { a: { node: '', port: '' } };
  expect(netemScript(lab, fabric, impaired)).toBe(
    'tc -n LEAF-DC-1 qdisc replace dev e1-1 root netem delay 100ms 10ms loss 20%',
  );
  expect(netemScript(lab, fabric, undefined)).toBe('tc -n LEAF-DC-1 qdisc del dev e1-1 root');
  const ends = lab.links.flatMap(({ a, b }) => [a, b]);
  const worker = ends.find(({ node, port }) => node === 'LEAF-DC-1' && deviceOf(port) === 'e1-10');
  expect(worker && netemScript(lab, worker, undefined)).toBe(
    'tc -n LEAF-DC-1.kube-ipvrf qdisc del dev e1-10 root',
  );
});
