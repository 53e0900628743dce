import { describe, expect, test } from 'vitest';
import { replaced, talkFiles, talkLab } from '../../test-support/talk-lab.ts';
import { type ClusterNode, containerOf, type Lab, switchesOf } from '../lab.ts';
import { formatFileError } from '../lab-error.ts';
import { type LabReading, readLab } from './read-lab.ts';

function read(edit: (files: Map<string, string>) => void = () => {}): LabReading {
  const files = talkFiles();
  edit(files);
  return readLab('srklab-lite.yml', path => files.get(path) ?? { problem: 'missing' });
}

function lite(): Lab {
  const reading = read();
  if (reading.outcome === 'refused')
    throw new Error(reading.errors.map(error => formatFileError(error)).join('\n'));
  return reading.lab;
}

function complaints(path: string, before: string, after: string): string[] {
  const reading = read(replaced(path, before, after));
  return reading.outcome === 'refused' ? reading.errors.map(error => formatFileError(error)) : [];
}

describe('The light lab', () => {
  const lab = lite();

  test('has the talk’s switches and links, as containers with FRR', () => {
    const talk = talkLab();
    expect(switchesOf(lab).map(({ name, config }) => ({ name, config }))).toEqual(
      switchesOf(talk).map(({ name, config }) => ({ name, config })),
    );
    expect(lab.links).toEqual(talk.links);
    expect(new Set(switchesOf(lab).map(({ type, image }) => `${type} ${image}`))).toEqual(
      new Set(['frr quay.io/frrouting/frr:10.4.3']),
    );
  });

  test('takes the client’s node from the topology, and has nothing else of it', () => {
    const node = lab.nodes.find(({ name }) => name === 'client-control-plane');
    expect(node).toMatchObject({
      kind: 'cluster-node',
      container: { name: 'clab-dc-k8s-client-control-plane', image: 'node:22.12.0-alpine3.21' },
    });
    expect(containerOf(node as ClusterNode)).toBe('clab-dc-k8s-client-control-plane');
    expect(lab.nodes.filter(({ kind }) => kind === 'container')).toEqual([]);
  });

  test('asks neither kind nor kubectl for what is in containers, and plugs the container’s own cable', () => {
    const lines = lab.stages.flatMap(({ tasks }) => tasks.map(({ commandLine }) => commandLine));
    expect(lines.filter(line => /^(kind|kubectl) .*client/.test(line))).toEqual([]);
    expect(lines.some(line => line.startsWith('kind create cluster --name datacenter'))).toBe(true);
    expect(lines.find(line => line.includes('BORDER-DC:e1-10'))).toMatch(
      /^containerlab tools veth create -a clab-dc-k8s-client-control-plane:e1-1 -b clab-dc-k8s-BORDER-DC:e1-10 && docker exec clab-dc-k8s-client-control-plane ip /,
    );
  });
});

describe('Mistakes in a light lab', () => {
  test('a node that the topology lacks is named where the cluster asks for it', () => {
    expect(complaints('topo.frr.yml', '    client-control-plane:', '    client:')).toEqual([
      expect.stringMatching(
        /^srklab-lite\.yml:\d+:\d+: error: the topology has no linux node "client-control-plane" for the cluster client/,
      ),
    ]);
  });

  test('a configuration that is not there is named where the label says it', () => {
    expect(complaints('topo.frr.yml', 'fabric/LEAF-DC-2.cfg', 'fabric/LEAF.cfg')[0]).toMatch(
      /^topo\.frr\.yml:\d+:31: error: /,
    );
  });

  test('nodes of an unknown sort are refused', () => {
    expect(complaints('srklab-lite.yml', 'nodes: containers', 'nodes: pods')[0]).toMatch(
      /^srklab-lite\.yml:\d+:12: error: nodes of the sort "pods" are not known/,
    );
  });
});
