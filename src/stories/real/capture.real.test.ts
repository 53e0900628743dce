import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, program } from '../../test-support/program.ts';

/** Captures of the embedded lab as Wireshark's dissectors read them. Needs tshark. */
describe('a capture of the embedded lab', () => {
  it.each([
    ['the whole lab', []],
    ['the bare fabric', ['--until', 'fabric']],
    ['a link that is cut', ['--break', 'link-cut LEAF-DC-1 SPINE-DC-1']],
    ['a leaf that stops', ['--break', 'node-stopped LEAF-DC-1']],
    ['another seed', ['--seed', '7', '--break', 'node-stopped SPINE-DC-2']],
    ['one link', ['--link', 'LEAF-DC-1 SPINE-DC-1']],
  ])('is read by tshark without a complaint: %s', async (_, options) => {
    const folder = emptyFolder();
    const { code, stderr } = await program(['capture', '-o', 'lab.pcap', ...options], { cwd: folder });
    expect(code).toBe(0);
    const messages = Number(/(\d+) of them with BGP/.exec(stderr)?.[1]);
    expect(messages).toBeGreaterThan(5);
    const file = join(folder, 'lab.pcap');
    const complaints =
      '_ws.malformed or tcp.analysis.flags or _ws.expert.severity == error or (_ws.expert.severity == warning and tcp.flags.reset == 0)' +
      ' or tcp.checksum.status == 0 or ip.checksum.status == 0';
    expect(frames(file, complaints)).toEqual([]);
    expect(frames(file, 'bgp')).toHaveLength(messages);
  });

  it('begins with handshakes, and its UPDATEs say what the lab’s own field by field view says', async () => {
    const folder = emptyFolder();
    await program(['capture', '-o', 'lab.pcap'], { cwd: folder });
    const file = join(folder, 'lab.pcap');
    const syns = frames(file, 'tcp.flags.syn == 1 and tcp.flags.ack == 0').length;
    expect(frames(file, 'bgp.type == 1').length).toBeGreaterThanOrEqual(syns);
    const shown = await program(['show', 'packets', '--json']);
    const prefixes = (JSON.parse(shown.stdout) as { kind: string; summary: string }[])
      .filter(({ kind }) => kind === 'UPDATE')
      .flatMap(({ summary }) => /^type 5 ([^/]+)\/\d+ vni/.exec(summary)?.[1] ?? []);
    const read = frames(file, 'bgp.evpn.nlri.rt == 5', ['-T', 'fields', '-e', 'bgp.evpn.nlri.ip.addr'])
      .map(line => line.split(',')[0])
      .filter(address => address !== undefined);
    expect(prefixes.length).toBeGreaterThan(0);
    expect(prefixes.filter(address => !read.includes(address))).toEqual([]);
  });
});

/** What tshark prints of the packets that its display filter lets through, a line each. */
function frames(file: string, filter: string, options: readonly string[] = []): string[] {
  const checked = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
  const { status, stdout, stderr, error } = spawnSync(
    'tshark',
    ['-r', file, ...checked, '-Y', filter, ...options],
    { encoding: 'utf8' },
  );
  if (error !== undefined || status !== 0) throw new Error(`tshark: ${error?.message ?? stderr}`);
  return stdout.split('\n').filter(line => line !== '');
}
