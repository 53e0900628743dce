import { describe, expect, test } from 'vitest';
import { talkLab } from '../../test-support/talk-lab.ts';
import { type Lab, switchesOf } from '../lab.ts';
import { readLab } from './read-lab.ts';
import { scaleOut } from './scale-out.ts';

const written = talkLab();

describe('the lab scaled out', () => {
  test('reads without a mistake and has a leaf and a worker more, on a port of their own', () => {
    const lab = scaled();
    expect(names(lab).filter(name => !names(written).includes(name))).toEqual([
      'LEAF-DC-3',
      'datacenter-worker3',
    ]);
    expect(lab.links.map(({ id }) => id).filter(id => !written.links.some(link => link.id === id))).toEqual([
      'LEAF-DC-3:e1-1 SPINE-DC-1:e1-3',
      'LEAF-DC-3:e1-2 SPINE-DC-2:e1-3',
      'LEAF-DC-3:e1-10 datacenter-worker3:e1-1',
    ]);
  });

  test("no address occurs twice, but for the anycast gateway's", () => {
    const addresses = switchesOf(scaled()).flatMap(({ config }) =>
      config.interfaces.flatMap(port =>
        port.subinterfaces.filter(() => port.name !== 'irb0').flatMap(({ addresses: own }) => own),
      ),
    );
    expect(new Set(addresses.map(address => JSON.stringify(address))).size).toBe(addresses.length);
  });

  test('the border and the first two leaves keep every line', () => {
    const { files } = outcome();
    for (const file of ['fabric/BORDER-DC.cfg', 'fabric/LEAF-DC-1.cfg', 'fabric/LEAF-DC-2.cfg'])
      expect(files.get(file)).toBe(written.files.get(file));
  });

  test('a spine keeps its lines and gets those of the new neighbour', () => {
    const before = lines(written.files.get('fabric/SPINE-DC-1.cfg'));
    const after = lines(outcome().files.get('fabric/SPINE-DC-1.cfg'));
    const added = after.filter(line => !before.includes(line));
    expect(after.filter(line => before.includes(line))).toEqual(before);
    expect(added).toHaveLength(19);
    for (const line of added) expect(line).toMatch(/ethernet-1\/3|10\.1\.3\.1|1\.1\.1\.3|LEAF-DC-3/);
  });

  test('the new leaf differs from the second in numbers only', () => {
    const { files } = outcome();
    const digits = (text: string | undefined) => text?.replaceAll(/\d+/g, '#');
    expect(digits(files.get('fabric/LEAF-DC-3.cfg'))).toBe(digits(files.get('fabric/LEAF-DC-2.cfg')));
    expect(files.get('fabric/LEAF-DC-3.cfg')).not.toMatch(/LEAF-DC-2|6500[12]|10\.[12]\.2\./);
  });

  test('a changed line of the second leaf is a changed line of the third', () => {
    const files = new Map(written.files);
    const text = files.get('fabric/LEAF-DC-2.cfg') ?? '';
    files.set('fabric/LEAF-DC-2.cfg', text.replaceAll('300000', '100000'));
    const result = scaleOut(files, 'srklab.yml');
    expect(result.outcome === 'scaled' && result.files.get('fabric/LEAF-DC-3.cfg')).toContain('100000');
  });

  test('twice is once too often, and another lab cannot be scaled', () => {
    expect(scaleOut(outcome().files, 'srklab.yml')).toEqual({
      outcome: 'refused',
      because: 'the lab has a fabric/LEAF-DC-3.cfg already',
    });
    expect(scaleOut(new Map([['srklab.yml', '']]), 'srklab.yml')).toEqual({
      outcome: 'refused',
      because: 'there is no topo.yml; only the lab of the talk can be scaled out',
    });
  });

  test('spoiled files never make it throw', () => {
    for (const path of written.files.keys()) {
      for (const text of ['', '\0', '- - -\n- {', 'links:\n', 'role: worker']) {
        const files = new Map(written.files).set(path, text);
        expect(['scaled', 'refused']).toContain(scaleOut(files, 'srklab.yml').outcome);
      }
    }
  });
});

function outcome() {
  const result = scaleOut(written.files, 'srklab.yml');
  if (result.outcome === 'refused') throw new Error(result.because);
  return result;
}

function scaled(): Lab {
  const { files } = outcome();
  const reading = readLab('srklab.yml', path => files.get(path) ?? { problem: 'missing' });
  if (reading.outcome === 'refused') throw new Error(JSON.stringify(reading.errors));
  expect(reading.warnings).toEqual([]);
  return reading.lab;
}

function names(lab: Lab): string[] {
  return lab.nodes.map(({ name }) => name);
}

function lines(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter(line => line.startsWith('set '));
}
