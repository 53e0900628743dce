import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lightFilesOf } from '../engines/containerlab/frr/light-files.ts';
import { readLab } from '../lab/files/read-lab.ts';
import type { Lab } from '../lab/lab.ts';
import { formatFileError } from '../lab/lab-error.ts';
import { emptyFolder } from './program.ts';
import { talkFiles } from './talk-lab.ts';

/** The light lab as it ships. */
export function liteLab(): Lab {
  return labIn(talkFiles());
}

/**
 * The light lab in a folder of its own, for containerlab: with a name and a network of the tests' own (`subnet` like "172.29."), and
 * with the workers as containers too, since a kind node's image cannot be had everywhere. `change` changes the SR Linux
 * configurations: what FRR starts from is made of them anew.
 */
export function liteLabFolder(
  name: string,
  subnet: string,
  change?: (files: Map<string, string>) => void,
): { readonly folder: string; readonly lab: Lab } {
  const files = talkFiles();
  const edit = (path: string, edits: readonly (readonly [string | RegExp, string])[]) => {
    let text = files.get(path) ?? '';
    for (const [from, to] of edits) {
      const after = text.replace(from, to);
      if (after === text) throw new Error(`${path} does not contain ${from}`);
      text = after;
    }
    files.set(path, text);
  };
  const workers = ['datacenter-control-plane', 'datacenter-worker', 'datacenter-worker2'];
  const idle = `      entrypoint: sh -c\n      cmd: '"trap exit TERM; tail -f /dev/null & wait"'\n`;
  edit('topo.frr.yml', [
    ['name: dc-k8s\n', `name: ${name}\n`],
    ['network: kind', `network: ${name}`],
    [/172\.18\./g, subnet],
    [/\n {2}links:\n/, `\n${workers.map(node => `    ${node}:\n${idle}`).join('')}\n  links:\n`],
  ]);
  edit('srklab-lite.yml', [
    ['network: "kind"', `network: "${name}"`],
    [/172\.18\./g, subnet],
    [/clab-dc-k8s-/g, `clab-${name}-`],
    ['  - name: "datacenter"\n', '  - name: "datacenter"\n    nodes: containers\n'],
  ]);
  change?.(files);
  const lab = labIn(files);
  if (change !== undefined) for (const [path, text] of lightFilesOf(lab)?.made ?? []) files.set(path, text);
  const folder = emptyFolder();
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, lab };
}

function labIn(files: ReadonlyMap<string, string>): Lab {
  const reading = readLab('srklab-lite.yml', path => files.get(path) ?? { problem: 'missing' });
  if (reading.outcome === 'refused')
    throw new Error(reading.errors.map(error => formatFileError(error)).join('\n'));
  return reading.lab;
}
