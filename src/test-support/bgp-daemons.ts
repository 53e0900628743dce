import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Another BGP implementation, running as a child of the test on a loopback address of its own. */
export type Daemon = {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly asn: number;
  /** What it announces, and what it knows of ours: its own words. */
  routes(): Promise<string>;
  /** How many IPv4 routes it has from us, where it can be asked. */
  count?(): Promise<number>;
  stop(): Promise<void>;
};

/** Us, as the daemons are told. */
export const us = { address: '127.0.0.1', asn: 65001, port: 1799 };

/** FRR's bgpd alone (`-Z`: without zebra), unpacked or installed; undefined where there is none of version 10 or newer. */
export function startFrr(address = '127.0.0.2', port = 1790): Daemon | undefined {
  const root = process.env['SRKLAB_FRR_ROOT'] ?? join(homedir(), '.cache/srklab-tutor/frr-10.3');
  const bgpd = join(root, 'usr/lib/frr/bgpd');
  if (!existsSync(bgpd)) return undefined;
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  const loader = [
    join(libraries, 'ld-linux-x86-64.so.2'),
    '--library-path',
    `${libraries}:${join(libraries, 'frr')}`,
  ];
  return daemon('FRR', address, port, 65002, folder => {
    writeFileSync(
      join(folder, 'frr.conf'),
      `frr defaults datacenter
router bgp 65002
 bgp router-id 2.2.2.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor ${us.address} remote-as ${us.asn}
 neighbor ${us.address} passive
 neighbor ${us.address} ebgp-multihop 255
 address-family ipv4 unicast
  network 10.2.0.0/24
 exit-address-family
 address-family l2vpn evpn
  neighbor ${us.address} activate
 exit-address-family
`,
    );
    const [program = '', ...options] = loader;
    const argv = [
      ...options,
      bgpd,
      '-Z',
      '-S',
      '-p',
      `${port}`,
      '-l',
      address,
      '-f',
      join(folder, 'frr.conf'),
      '-i',
      join(folder, 'bgpd.pid'),
      '--vty_socket',
      folder,
      '-A',
      '127.0.0.1',
      '-P',
      '0',
      '--log',
      'stdout',
    ];
    const ask = (command: string) => vty(join(folder, 'bgpd.vty'), command);
    return {
      program,
      argv,
      routes: async () => (await ask('show bgp ipv4 unicast')) + (await ask('show bgp l2vpn evpn')),
      count: async () => {
        const summary = await ask('show bgp ipv4 unicast summary json');
        return Number(/"pfxRcd":(\d+)/.exec(summary)?.[1] ?? 0);
      },
    };
  });
}

export function startGobgp(address = '127.0.0.4', port = 1790): Daemon | undefined {
  if (!installed('gobgpd')) return undefined;
  return daemon('GoBGP', address, port, 65004, folder => {
    writeFileSync(
      join(folder, 'gobgp.toml'),
      `[global.config]
as = 65004
router-id = "4.4.4.4"
port = ${port}
local-address-list = ["${address}"]
[[neighbors]]
[neighbors.config]
neighbor-address = "${us.address}"
peer-as = ${us.asn}
[neighbors.transport.config]
passive-mode = true
local-address = "${address}"
[neighbors.ebgp-multihop.config]
enabled = true
multihop-ttl = 255
[[neighbors.afi-safis]]
[neighbors.afi-safis.config]
afi-safi-name = "ipv4-unicast"
[[neighbors.afi-safis]]
[neighbors.afi-safis.config]
afi-safi-name = "l2vpn-evpn"
`,
    );
    const gobgp = (...words: string[]) =>
      spawnSync('gobgp', ['-u', address, '-p', '50051', ...words], { encoding: 'utf8' }).stdout;
    return {
      program: 'gobgpd',
      argv: ['-f', join(folder, 'gobgp.toml'), '--api-hosts', `${address}:50051`],
      routes: async () => gobgp('global', 'rib') + gobgp('global', 'rib', '-a', 'evpn'),
      // Asked without holding up this process, which may be sending. One route is its own.
      count: async () => {
        const words = ['-u', address, '-p', '50051', 'global', 'rib', 'summary'];
        const { stdout } = await promisify(execFile)('gobgp', words);
        return Number(/Destination: (\d+)/.exec(stdout)?.[1] ?? 1) - 1;
      },
      prepare: () => {
        const ready = gobgp('global', 'rib', 'add', '10.4.0.0/24', 'nexthop', '10.0.0.4');
        gobgp(
          'global',
          'rib',
          'add',
          '-a',
          'evpn',
          'prefix',
          '10.44.0.0/24',
          'gw',
          '0.0.0.0',
          'etag',
          '0',
          'label',
          '4',
          'rd',
          '4.4.4.4:4',
          'rt',
          '65123:4',
          'encap',
          'vxlan',
          'router-mac',
          'aa:bb:cc:00:04:0a',
        );
        return ready !== null && gobgp('global', 'rib').includes('10.4.0.0/24');
      },
    };
  });
}

export function startBird(address = '127.0.0.3', port = 1790): Daemon | undefined {
  if (!installed('bird')) return undefined;
  return daemon('BIRD', address, port, 65003, folder => {
    writeFileSync(
      join(folder, 'bird.conf'),
      `router id 3.3.3.3;
protocol device { }
protocol static { ipv4; route 10.3.0.0/24 blackhole; }
protocol bgp tutor {
  local ${address} port ${port} as 65003;
  neighbor ${us.address} as ${us.asn};
  multihop; passive on; strict bind yes; hold time 9; keepalive time 3; error wait time 1, 2;
  ipv4 { import all; export all; next hop self; gateway recursive; };
}
`,
    );
    const birdc = (command: string) =>
      spawnSync('birdc', ['-s', join(folder, 'bird.ctl'), ...command.split(' ')], { encoding: 'utf8' })
        .stdout;
    return {
      program: 'bird',
      argv: [
        '-f',
        '-c',
        join(folder, 'bird.conf'),
        '-s',
        join(folder, 'bird.ctl'),
        '-P',
        join(folder, 'bird.pid'),
      ],
      routes: async () => birdc('show route all'),
    };
  });
}

export function startExabgp(address = '127.0.0.5', port = 1790): Daemon | undefined {
  if (!installed('exabgp')) return undefined;
  return daemon('ExaBGP', address, port, 65005, folder => {
    const heard = join(folder, 'heard.json');
    const listener = join(folder, 'listen.py');
    // Its standard input does not block: what is not there yet is asked for again.
    writeFileSync(
      listener,
      `import sys, os, select
out = open(${JSON.stringify(heard)}, 'ab', 0)
while True:
    select.select([0], [], [])
    data = os.read(0, 65536)
    if not data: break
    out.write(data)
`,
    );
    writeFileSync(
      join(folder, 'exabgp.conf'),
      `process listen { run ${pythonPath()} ${listener}; encoder json; }
neighbor ${us.address} {
  router-id 5.5.5.5; local-address ${address}; local-as 65005; peer-as ${us.asn}; hold-time 9; passive true; listen ${port};
  family { ipv4 unicast; l2vpn evpn; }
  static { route 10.5.0.0/24 next-hop 10.0.0.5; }
  api { processes [ listen ]; neighbor-changes; receive { parsed; update; } }
}
`,
    );
    const settings = [
      `exabgp.daemon.daemonize=false`,
      `exabgp.daemon.drop=false`,
      `exabgp.tcp.bind=${address}`,
      `exabgp.tcp.port=${port}`,
      `exabgp.api.cli=false`,
    ];
    return {
      program: 'env',
      argv: [...settings, 'exabgp', join(folder, 'exabgp.conf')],
      routes: async () => spawnSync('cat', [heard], { encoding: 'utf8' }).stdout,
    };
  });
}

type Recipe = {
  readonly program: string;
  readonly argv: readonly string[];
  readonly routes: () => Promise<string>;
  readonly count?: () => Promise<number>;
  /** Called until it says true. */
  readonly prepare?: () => boolean;
};

function daemon(
  name: string,
  address: string,
  port: number,
  asn: number,
  make: (folder: string) => Recipe,
): Daemon {
  const folder = mkdtempSync(join(tmpdir(), `srklab-${name.toLowerCase()}-`));
  const recipe = make(folder);
  const child: ChildProcess = spawn(recipe.program, recipe.argv, {
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: true,
  });
  const ready = recipe.prepare;
  if (ready !== undefined) waitUntil(ready);
  return {
    name,
    address,
    port,
    asn,
    routes: recipe.routes,
    ...(recipe.count === undefined ? {} : { count: recipe.count }),
    stop: () =>
      new Promise(resolve => {
        child.once('exit', () => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
        try {
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        } catch {
          resolve();
        }
      }),
  };
}

/** One command straight to a daemon's vty socket, as vtysh does it: text up to three zeros and the return code. */
function vty(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let heard = Buffer.alloc(0);
    let asked = false;
    connection.on('connect', () => connection.write('enable\0'));
    connection.on('error', reject);
    connection.on('data', chunk => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length < 4 || !heard.subarray(-4, -1).equals(Buffer.alloc(3))) return;
      if (asked) {
        connection.end();
        resolve(heard.subarray(0, -4).toString());
        return;
      }
      asked = true;
      heard = Buffer.alloc(0);
      connection.write(`${command}\0`);
    });
  });
}

function waitUntil(holds: () => boolean): void {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (holds()) return;
    spawnSync('sleep', ['0.1']);
  }
  throw new Error('the daemon did not get ready');
}

function installed(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}

function pythonPath(): string {
  return spawnSync('which', ['python3'], { encoding: 'utf8' }).stdout.trim();
}
