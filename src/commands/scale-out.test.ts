import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copiedLab, emptyFolder, program, repository } from '../test-support/program.ts';

it('writes the lab scaled out, which is a lab like any other', async () => {
  const folder = emptyFolder();
  const { code, stdout } = await program(['scale-out', '-o', 'bigger'], { cwd: folder });
  expect([code, stdout.split('\n').filter(line => line.startsWith('new'))]).toEqual([
    0,
    ['new      bigger/fabric/LEAF-DC-3.cfg'],
  ]);
  expect(existsSync(join(folder, 'bigger/app/clients.yaml'))).toBe(true);
  const shown = ['show', 'forwarding', '--csv', '-c', 'bigger/srklab.yml'];
  const { stdout: table } = await program(shown, { cwd: folder });
  expect(table).toMatch(/^10\.254\.254\.240\/32,.*LEAF-DC-1.*LEAF-DC-2.*LEAF-DC-3/m);
});

it('writes what the containers of a light fabric start from, too', async () => {
  const folder = emptyFolder();
  const lite = join(repository, 'srklab-lite.yml');
  const { code, stdout } = await program(['scale-out', '-c', lite, '-o', 'bigger'], { cwd: folder });
  expect([code, stdout]).toEqual([0, expect.stringContaining('new      bigger/fabric/frr/LEAF-DC-3.conf\n')]);
  const written = (name: string) => readFileSync(join(folder, 'bigger/fabric/frr', name), 'utf8');
  expect(written('LEAF-DC-3.conf')).toContain('router bgp 65303 vrf kube-ipvrf\n');
  expect(written('LEAF-DC-3.devices')).toContain('loopback 1.1.1.3/32\n');
  expect(written('SPINE-DC-1.conf')).toContain('neighbor 10.1.3.1 remote-as 65003\n');
  expect(written('SPINE-DC-1.devices')).toContain('port e1-3 5000 10.1.3.0/31\n');
  expect(written('switch.sh')).toBe(readFileSync(join(repository, 'fabric/frr/switch.sh'), 'utf8'));
});

it('never writes over anything', async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'mine.txt'), 'mine');
  const { code, stderr } = await program(['scale-out', '-o', '.'], { cwd: folder });
  expect([code, stderr]).toEqual([
    4,
    expect.stringContaining('is there already and not empty; nothing was written'),
  ]);
  expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('mine');
});

it('asks where to, and refuses what is scaled out already', async () => {
  expect(await program(['scale-out'])).toMatchObject({ code: 2 });
  const { folder } = copiedLab();
  await program(['scale-out', '-o', 'bigger'], { cwd: folder });
  const again = ['scale-out', '-c', 'bigger/srklab.yml', '-o', 'biggest'];
  const { code, stderr } = await program(again, { cwd: folder });
  expect([code, stderr]).toEqual([3, expect.stringContaining('the lab has a fabric/LEAF-DC-3.cfg already')]);
  expect(existsSync(join(folder, 'biggest'))).toBe(false);
});

it('a failover is summed up as Markdown, and asked for with a fault', async () => {
  const { stdout } = await program(['show', 'failover', '--break', 'node-stopped LEAF-DC-1', '--markdown']);
  expect(stdout).toMatch(/^# Stop LEAF-DC-1\n\n- Requests lost: \d+, connections reset: \d+/);
  expect(stdout).toMatch(/- Flows that reach another node: 4\d(\.\d)? %/);
  expect(stdout).toContain('## When each data plane changed');
  const { code, stderr } = await program(['show', 'failover']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--break names a fault')]);
});
