import { describe, expect, test } from 'vitest';
import { daemonArgv, versionIn } from './frr.ts';
import { parseMonitorLine } from './ip-monitor.ts';
import { nsenterArgv, unshareArgv } from './namespaces.ts';
import { lastLines, runProgram } from './run-program.ts';
import { commandText, quoted } from './shell-text.ts';

describe('Running a program', () => {
  test('gives its exit code and what it said, both streams apart', async () => {
    const result = await runProgram(['sh', '-c', 'echo out; echo err >&2; exit 3']);
    expect(result).toMatchObject({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
    expect(lastLines(result)).toBe('out\nerr');
  });

  test('hands it its input', async () => {
    expect((await runProgram(['cat'], { input: 'hello' })).stdout).toBe('hello');
  });

  test('has no exit code but a problem when there is no such program', async () => {
    const result = await runProgram(['no-such-program-anywhere']);
    expect(result.exitCode).toBeUndefined();
    expect(result.problem).toContain('ENOENT');
  });

  test('ends it, with what it started, when it takes too long', async () => {
    const result = await runProgram(['sh', '-c', 'sleep 60 | cat'], { timeout: 30 });
    expect(result).toMatchObject({ exitCode: undefined, problem: 'no end after 0.03 s' });
    expect(result.milliseconds).toBeLessThan(5_000);
  });

  test('asks it to end first, where it is given time to put things in order', async () => {
    const script = 'trap "echo tidied; exit 0" TERM; while :; do sleep 0.02; done';
    const result = await runProgram(['sh', '-c', script], { timeout: 200, graceMs: 5_000 });
    expect(result).toMatchObject({ exitCode: undefined, stdout: 'tidied\n', problem: 'no end after 0.2 s' });
  });

  test('tells what it says while it says it', async () => {
    const said: string[] = [];
    const result = await runProgram(['sh', '-c', 'echo one; echo two >&2'], {
      onOutput: (stream, text) => said.push(`${stream} ${text}`),
    });
    expect(said.sort()).toEqual(['stderr two\n', 'stdout one\n']);
    expect(result.stdout).toBe('one\n');
  });

  test('hands a program its words as they are: no shell reads them', async () => {
    const words = ['$(touch /tmp/x)', '; rm -rf /', "it's", '--', '*'];
    const result = await runProgram(['printf', '%s|', ...words]);
    expect(result.stdout).toBe(`${words.join('|')}|`);
  });

  test('ends it when it is interrupted', async () => {
    const result = await runProgram(['sleep', '60'], { signal: AbortSignal.timeout(20) });
    expect(result.problem).toBe('interrupted');
  });
});

describe('Words for a shell', () => {
  test('plain words stay, all others are quoted', () => {
    expect(quoted('10.1.1.0/31')).toBe('10.1.1.0/31');
    expect(quoted("it's $HOME")).toBe("'it'\\''s $HOME'");
    expect(commandText(['sh', '-c', 'a b'])).toBe("sh -c 'a b'");
  });
});

describe('Namespaces', () => {
  test('root outside needs no user namespace, everybody else does', () => {
    expect(unshareArgv({ userNamespace: true })).toContain('-Urnmpf');
    expect(unshareArgv({ userNamespace: false })).toContain('-nmpf');
  });

  test('a program on a router enters the tree, then the router', () => {
    expect(nsenterArgv({ tree: 7, userNamespace: true, holder: 12 }, ['ip', 'route'])).toEqual([
      ...['nsenter', '-t', '7', '-U', '--preserve-credentials', '-m', '-n', '-p', '--'],
      ...['nsenter', '-t', '12', '-m', '-n', '--', 'ip', 'route'],
    ]);
  });

  test('a program in a tenant enters the tree, then the tenant’s network', () => {
    expect(nsenterArgv({ tree: 7, userNamespace: false, netns: 'LEAF.kube' }, ['ping'])).toEqual([
      ...['nsenter', '-t', '7', '-m', '-n', '-p', '--'],
      ...['nsenter', '--net=/run/netns/LEAF.kube', '--', 'ping'],
    ]);
  });
});

describe('FRR', () => {
  test('the version stands in the first line of --version', () => {
    expect(versionIn('bgpd version 10.3\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\n')).toBe('10.3');
    expect(versionIn('bgpd: not found')).toBeUndefined();
  });

  test('a foreign root brings its own loader and libraries', () => {
    const argv = daemonArgv({ root: '/frr', version: '10.3' }, 'zebra', { vrfNetns: true });
    expect(argv.slice(0, 2)).toEqual([
      expect.stringMatching(/^\/frr\/usr\/lib\/.*\/ld-linux/),
      '--library-path',
    ]);
    expect(argv).toContain('/frr/usr/lib/frr/zebra');
    expect(argv).toContain('-w');
  });

  test('mgmtd is given no file: FRR 10 takes its configuration over the socket', () => {
    expect(daemonArgv({ root: '', version: '10.3' }, 'mgmtd', { vrfNetns: false })).not.toContain('-f');
  });
});

describe('A line of ip monitor', () => {
  test('tells of a port that lost its carrier', () => {
    const line =
      '[2026-11-23T13:35:48.081900] [nsid 6]2: e1-1@if4: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 5000 qdisc noqueue state DOWN group default \\    link/ether 96:8f:50:c1:03:14 brd ff:ff:ff:ff:ff:ff';
    expect(parseMonitorLine(line)).toEqual({
      at: Date.UTC(2026, 10, 23, 13, 35, 48) + 81.9,
      nsid: 6,
      type: 'link',
      device: 'e1-1',
      up: false,
    });
  });

  test('tells the next hops of a route over several paths', () => {
    const line =
      '[2026-11-23T13:35:51.115582] [nsid 4]1.1.1.10 proto bgp metric 20 \\	nexthop via 10.1.2.0 dev e1-1 weight 1 \\	nexthop via 10.2.2.0 dev if5 weight 1 ';
    expect(parseMonitorLine(line)).toMatchObject({
      nsid: 4,
      type: 'route',
      prefix: '1.1.1.10/32',
      gone: false,
      protocol: 'bgp',
      gateways: ['10.1.2.0', '10.2.2.0'],
      onlink: false,
    });
  });

  test('tells a route into a tunnel and one that goes', () => {
    const onlink =
      '[2026-11-23T13:35:52.533157] [nsid 3]1.1.1.210 via 1.1.1.10 dev e1-1 proto bgp metric 20 onlink ';
    expect(parseMonitorLine(onlink)).toMatchObject({ gateways: ['1.1.1.10'], onlink: true });
    const gone =
      '[2026-11-23T13:35:52.533157] [nsid 3]Deleted 10.1.4.0/24 via 1.1.1.10 dev br4 proto bgp metric 20 onlink ';
    expect(parseMonitorLine(gone)).toMatchObject({ prefix: '10.1.4.0/24', gone: true });
  });

  test('is passed over when it tells of a local route', () => {
    expect(
      parseMonitorLine(
        '[2026-11-23T13:35:49.1] [nsid 2]local 10.1.1.1 dev e1-1 table local proto kernel scope host',
      ),
    ).toBeUndefined();
  });
});
