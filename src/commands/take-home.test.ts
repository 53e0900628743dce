import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, program } from '../test-support/program.ts';

it('a lesson is recorded, and plays the same from the recording', async () => {
  const folder = emptyFolder();
  const live = await program(['play', '05', '--record', 'run.jsonl'], { cwd: folder });
  expect([live.code, live.stderr]).toEqual([0, '']);
  const replayed = await program(['play', '05', '--lab', 'recording:run.jsonl'], { cwd: folder });
  expect(replayed.stdout.match(/^not ok.*/gm) ?? []).toEqual([]);
  expect(replayed.code).toBe(0);

  const again = await program(['play', '05', '--record', 'run.jsonl'], { cwd: folder });
  expect([again.code, again.stderr]).toEqual([
    4,
    'srklab-tutor: --record run.jsonl: it is there already; name another file\n',
  ]);

  const text = readFileSync(join(folder, 'run.jsonl'), 'utf8');
  writeFileSync(join(folder, 'cut.jsonl'), text.slice(0, text.length / 2));
  const cut = await program(['play', '05', '--lab', 'recording:cut.jsonl'], { cwd: folder });
  expect(cut.code).toBe(3);
  expect(cut.stderr).toMatch(/^srklab-tutor: cut\.jsonl: (line \d+ cannot be read|it is cut off)/);
}, 60_000);

it('says what it cannot record or replay', async () => {
  const missing = await program(['play', '01', '--lab', 'recording:none.jsonl']);
  expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('none.jsonl: ENOENT')]);
  const many = await program(['play', '--all', '--record', 'x.jsonl']);
  expect([many.code, many.stderr]).toEqual([2, expect.stringContaining('a recording holds one lesson')]);
  const nowhere = await program(['play', '05', '--record', 'no/such/folder/x.jsonl']);
  expect([nowhere.code, nowhere.stderr]).toEqual([4, expect.stringContaining('ENOENT')]);
  const engine = await program(['play', '01', '--lab', 'magic']);
  expect([engine.code, engine.stderr]).toEqual([2, expect.stringContaining('--lab magic')]);
});

it('exports a handout and a cast, and replaces no file without being told to', async () => {
  const folder = emptyFolder();
  const handout = await program(['export', 'handout', '00', '-o', 'talk.html'], { cwd: folder });
  expect(handout.code).toBe(0);
  expect(readFileSync(join(folder, 'talk.html'), 'utf8')).toContain('service/hello-lb created');
  const again = await program(['export', 'handout', '00', '-o', 'talk.html'], { cwd: folder });
  expect([again.code, again.stderr]).toEqual([
    4,
    'srklab-tutor: talk.html is there already; name another file, or --force\n',
  ]);
  const cast = await program(['export', 'cast', '00'], { cwd: folder });
  const [header = '', ...events] = cast.stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(header).toMatchObject({ version: 2, width: 110 });
  const times = events.map(([time]: [number]) => time);
  expect(times).toEqual([...times].sort((a, b) => a - b));
}, 60_000);

it('writes the lab’s BGP packets into a file for Wireshark, and replaces none without being told to', async () => {
  const folder = emptyFolder();
  const written = await program(['capture', '-o', 'lab.pcap', '--until', 'fabric'], { cwd: folder });
  expect(written.code).toBe(0);
  expect(written.stderr).toMatch(/^lab\.pcap: \d+ packets, \d+ of them with BGP, \d+ kB\./);
  expect([...readFileSync(join(folder, 'lab.pcap')).subarray(0, 4)]).toEqual([0xa1, 0xb2, 0xc3, 0xd4]);
  const again = await program(['capture', '-o', 'lab.pcap', '--until', 'fabric'], { cwd: folder });
  expect([again.code, again.stderr]).toEqual([
    4,
    'srklab-tutor: lab.pcap is there already; name another file, or --force\n',
  ]);
  const link = await program(['capture', '-o', 'x.pcap', '--link', 'LEAF-DC-1 BORDER-DC'], { cwd: folder });
  expect([link.code, link.stderr]).toEqual([
    2,
    expect.stringContaining('there is no link between LEAF-DC-1 and BORDER-DC'),
  ]);
});
