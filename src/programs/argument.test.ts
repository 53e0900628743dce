import { describe, expect, test } from 'vitest';
import { argument } from './argument.ts';
import { containerlab } from './containerlab.ts';
import { oneImage } from './docker.ts';
import { kind } from './kind.ts';
import { kubectl } from './kubectl.ts';
import { namedPrograms } from './named-programs.ts';
import { plainText } from './plain-text.ts';
import { plannedText } from './planned-command.ts';

const bad = ['-rf', '--all', '', 'a b', 'a;b', '$(x)', 'a\nb', '`x`', 'a|b', "a'b", '../x', 'a\u0000'];

describe('A value on its way into an argument list', () => {
  test.each(bad)('%j is kept out: it is no name, device, image, address or number', value => {
    for (const check of [
      argument.name,
      argument.image,
      argument.ipv4,
      argument.prefix,
      argument.addressWithLength,
      argument.path,
      argument.pathOrAddress,
    ])
      expect(() => check(value)).toThrow('is kept out of a command line');
    expect(() => argument.device(value)).toThrow('is kept out of a command line');
  });

  test.each([
    () => containerlab.deploy('root', 'topo.yml'),
    () =>
      containerlab.veth('root', { container: '-x', device: 'e1-1' }, { container: 'b', device: 'e1' }, 9500),
    () =>
      containerlab.veth('root', { container: 'a', device: 'e1:x' }, { container: 'b', device: 'e1' }, 9500),
    () => containerlab.impair('root', { container: 'a', device: 'e1-1' }, { lossPercent: -1 }),
    () => kind.delete('--all', '/k'),
    () => kind.load('alpine --name other', 'datacenter'),
    () => kubectl.apply('/k', 'http://example.org/plain.yaml'),
    () => kubectl.apply('config', '/file'),
    () => kubectl.get('/k', { kind: 'secret', name: '-A' }),
  ])('no builder lets one through (%#)', build => {
    expect(build).toThrow('is kept out of a command line');
  });

  test('an absolute path may hold blanks: no shell reads it', () => {
    expect(argument.path('/home/a b/topo.yml')).toBe('/home/a b/topo.yml');
  });
});

describe('Command lines', () => {
  test('containerlab gets root’s rights by itself, by its group, or through sudo that may not ask', () => {
    const argv = ['containerlab', 'destroy', '-t', '/lab/topo.yml', '--cleanup', '--keep-mgmt-net'];
    expect(containerlab.destroy('root', '/lab/topo.yml')).toEqual(argv);
    expect(containerlab.destroy('clab_admins', '/lab/topo.yml')).toEqual(argv);
    expect(containerlab.destroy('sudo', '/lab/topo.yml')).toEqual(['sudo', '-n', '-E', ...argv]);
  });

  test('what only looks never asks for root', () => {
    expect(containerlab.inspect('dc-k8s')[0]).toBe('containerlab');
    expect(containerlab.impairments('clab-dc-k8s-LEAF-DC-1')[0]).toBe('containerlab');
  });

  test('deleting a cluster always names it', () => {
    expect(kind.delete('datacenter', '/k')).toEqual([
      ...['kind', 'delete', 'cluster', '--name', 'datacenter', '--kubeconfig', '/k'],
    ]);
  });

  test('every kubectl names its kubeconfig', () => {
    const name = { kind: 'deployment', name: 'hello', namespace: 'default' };
    for (const argv of [
      kubectl.apply('/k', '/f'),
      kubectl.delete('/k', '/f'),
      kubectl.get('/k', name),
      kubectl.exist('/k', 'default', [name]),
      kubectl.nodes('/k'),
      kubectl.rolledOut('/k', name, 60),
      kubectl.hasAddress('/k', name, 60),
      kubectl.allNodesReady('/k', 60),
    ])
      expect(argv.slice(0, 3)).toEqual(['kubectl', '--kubeconfig', '/k']);
  });

  test('a program may be named by the environment, also behind sudo', () => {
    const named = namedPrograms({ SRKLAB_CONTAINERLAB: '/opt/clab' });
    expect(named(['containerlab', 'version'])).toEqual(['/opt/clab', 'version']);
    expect(named(['sudo', '-n', '-E', 'containerlab', 'deploy'])).toEqual([
      'sudo',
      '-n',
      '-E',
      '/opt/clab',
      'deploy',
    ]);
    expect(named(['kind', 'containerlab'])).toEqual(['kind', 'containerlab']);
  });

  test('are shown as a person would type them', () => {
    const argv = ['kubectl', 'wait', '--for=jsonpath={.status}'];
    expect(plannedText({ by: 'program', argv, env: { A: 'b c' } })).toBe(
      "'A=b c' kubectl wait '--for=jsonpath={.status}'",
    );
  });

  test('an image without tag and digest means its latest tag, not all of them; with both, its digest', () => {
    const digest = `@sha256:${'0'.repeat(64)}`;
    expect(oneImage('alpine')).toBe('alpine:latest');
    expect(oneImage('localhost:5000/alpine')).toBe('localhost:5000/alpine:latest');
    expect(oneImage('alpine:3.22')).toBe('alpine:3.22');
    expect(oneImage(`kindest/node:v1.37.0${digest}`)).toBe(`kindest/node${digest}`);
    expect(oneImage(`localhost:5000/node${digest}`)).toBe(`localhost:5000/node${digest}`);
  });

  test('what a program paints on the terminal becomes lines of text', () => {
    expect(plainText('\x1b[32mok\x1b[0m 1%\r50%\r\ndone\x07')).toBe('ok 1%\n50%\ndone');
  });
});
