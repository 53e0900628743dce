import { beforeAll, describe, expect, it } from 'vitest';
import { DrivenLab } from '../../../../test-support/driven-lab.ts';
import { talkLab } from '../../../../test-support/talk-lab.ts';
import { type Answer, typed } from '../../../../test-support/typed.ts';

describe('tcpdump on a switch', () => {
  let lab: DrivenLab;
  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
  });

  it('prints a line for each packet that crosses the port, and ends at the count', async () => {
    const { code, out } = await onLeaf(lab, 'tcpdump -nn -i e1-1 -c 2 tcp port 179');
    expect(code).toBe(0);
    expect(out).toHaveLength(2);
    for (const text of out)
      expect(text).toMatch(
        /^\d\d:\d\d:\d\d\.\d{6} IP \d+\.1\.1\.\d+\.\d+ > \d+\.1\.1\.\d+\.\d+: Flags \[P\.\], seq \d+:\d+, ack \d+, length 19: BGP KEEPALIVE$/,
      );
  });

  it('names the ports there are when it does not know one', async () => {
    const { code, errors } = await onLeaf(lab, 'tcpdump -i eth7');
    expect([code, errors]).toEqual([
      1,
      ['tcpdump: eth7: No such device exists', '(LEAF-DC-1 is on the fabric with e1-1, e1-2, e1-10, or any)'],
    ]);
  });

  it('writes no file, and says what does', async () => {
    const { code, errors } = await onLeaf(lab, 'tcpdump -i e1-1 -w bgp.pcap');
    expect([code, errors]).toEqual([
      1,
      ['tcpdump: no file is written here: "srklab-tutor capture -o FILE" writes one for Wireshark'],
    ]);
  });
});

function onLeaf(lab: DrivenLab, words: string): Promise<Answer> {
  return typed(lab, `docker exec clab-dc-k8s-LEAF-DC-1 ${words}`);
}
