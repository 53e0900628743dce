import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyFolder, repository } from '../../../test-support/program.ts';

const CONFIG = [
  'no zebra nexthop kernel enable',
  'ip nht resolve-via-default',
  '!',
  'vrf kube-ipvrf',
  ' vni 4',
  ' ip nht resolve-via-default',
  'exit-vrf',
  'router bgp 65123',
  ' address-family l2vpn evpn',
  '  vni 1',
].join('\n');

/** A switch whose FRR has taken the lines `said`, and takes what vtysh brings it again when it is asked for the `takes`th time. */
function heeding({ said, takes = 1, rounds }: { said: string; takes?: number; rounds: number }): string[] {
  const folder = emptyFolder();
  for (const name of ['bin', 'run', 'etc']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'run/zebra.pid'), '17\n');
  writeFileSync(join(folder, 'etc/frr.conf'), `${CONFIG}\n`);
  writeFileSync(join(folder, 'running'), `${said}\n`);
  writeFileSync(join(folder, 'brought'), '');
  const vtysh = [
    '#!/bin/sh',
    `cd ${folder}`,
    'case "$*" in',
    '  *watchfrr*) echo " phase: Idle" ;;',
    '  *running-config*) cat running ;;',
    `  *-b) echo "$*" >>brought; [ "$(grep -c mgmtd brought)" -lt ${takes} ] || cp etc/frr.conf running ;;`,
    'esac',
  ];
  writeFileSync(join(folder, 'bin/vtysh'), `${vtysh.join('\n')}\n`);
  chmodSync(join(folder, 'bin/vtysh'), 0o755);
  const script = readFileSync(join(repository, 'fabric/frr/switch.sh'), 'utf8');
  const [heed = ''] = /^heed\(\) \{[\s\S]*?^\}$/m.exec(script) ?? [];
  const moved = heed.replaceAll('/run/frr/', `${folder}/run/`).replaceAll('/etc/frr/', `${folder}/etc/`);
  const calls = Array.from({ length: rounds }, () => 'heed').join('\n');
  const { status, stderr } = spawnSync('sh', ['-c', `${moved}\n${calls}`], {
    env: { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  return readFileSync(join(folder, 'brought'), 'utf8').split('\n').filter(Boolean);
}

describe('switch.sh sees to it that FRR has its lines about VRFs', () => {
  test('where all of them stand nothing is brought again', () => {
    expect(heeding({ said: CONFIG, rounds: 3 })).toEqual([]);
  });

  test.each([
    ['the L3VNI', ' vni 4'],
    ['how next hops of the VRF are found', ' ip nht resolve-via-default'],
    ['zebra’s own', 'no zebra nexthop kernel enable'],
  ])('a line that was sent away is brought again, to one daemon after the other: %s', (_, lost) => {
    const said = CONFIG.split('\n')
      .filter(line => line !== lost)
      .join('\n');
    expect(heeding({ said, rounds: 5 })).toEqual(['-d mgmtd -b', '-d zebra -b']);
  });

  test('another VNI that only begins alike is not that line', () => {
    const said = CONFIG.replace(' vni 4', ' vni 40');
    expect(heeding({ said, rounds: 2 })).toEqual(['-d mgmtd -b', '-d zebra -b']);
  });

  test('lines that are sent away again are brought until they stand', () => {
    expect(heeding({ said: 'hostname LEAF-DC-1', takes: 3, rounds: 6 })).toHaveLength(6);
  });

  test('a line that FRR never says is given up after twenty times', () => {
    expect(heeding({ said: 'hostname LEAF-DC-1', takes: 1000, rounds: 60 })).toHaveLength(40);
  });
});
