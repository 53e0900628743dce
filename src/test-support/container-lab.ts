import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLabFrom } from '../effects/lab-files.ts';
import { createContainerlabEngine } from '../engines/containerlab/containerlab-engine.ts';
import type { Machine } from '../engines/containerlab/machine.ts';
import { openMachine } from '../engines/containerlab/open-machine.ts';
import type { Lab } from '../lab/lab.ts';
import { formatFileError } from '../lab/lab-error.ts';
import { privilegeHere } from '../programs/privilege.ts';
import { talkFiles } from './talk-lab.ts';

const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

/** A light lab of its own name in a folder of its own: its containers, network and ledger are nobody else's. */
export type ContainerLab = {
  readonly lab: Lab;
  readonly labFile: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  machine(): Promise<Machine>;
  remove(): void;
};

/**
 * srklab-lite.yml under another name. `workers`: the datacenter's nodes are containers, too, since no kind node image can be had
 * where the tests run.
 */
export function containerLab(
  name: string,
  options: { readonly octet: number; readonly edit?: (files: Map<string, string>) => void },
): ContainerLab {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const files = talkFiles();
  asContainers(files, name, options.octet);
  options.edit?.(files);
  for (const [path, text] of files) {
    if (path.startsWith('https:')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  cpSync(join(packageFolder, 'fabric/frr'), join(folder, 'fabric/frr'), { recursive: true });
  const labFile = join(folder, 'srklab-lite.yml');
  const reading = readLabFrom(labFile);
  if (reading.outcome !== 'read')
    throw new Error(
      reading.errors.map(error => formatFileError(error, reading.files.get(error.file))).join('\n'),
    );
  const { lab } = reading;
  const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state') };
  return {
    lab,
    labFile,
    folder,
    env,
    async machine() {
      const machine = await openMachine({
        lab,
        labFile,
        env,
        home: folder,
        privilege: await privilegeHere(),
      });
      if (typeof machine === 'string') throw new Error(machine);
      return machine;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An engine for it, as the program makes one. */
export async function engineOf(lab: ContainerLab) {
  return createContainerlabEngine(lab.lab, { machine: await lab.machine() });
}

function asContainers(files: Map<string, string>, name: string, octet: number): void {
  const change = (path: string, edit: (text: string) => string) => {
    const text = files.get(path);
    if (text === undefined) throw new Error(`no file ${path}`);
    const edited = edit(text);
    if (edited === text) throw new Error(`${path} was not changed`);
    files.set(path, edited);
  };
  const elsewhere = (text: string) => text.replaceAll('172.18.', `172.${octet}.`);
  change('topo.frr.yml', text =>
    elsewhere(text)
      .replace('name: dc-k8s', `name: ${name}`)
      .replace('network: kind', `network: ${name}`)
      .replace(/^ {4}client-control-plane:\n/m, `${workers}    client-control-plane:\n`),
  );
  change('srklab-lite.yml', text =>
    elsewhere(text)
      .replace('network: "kind"', `network: "${name}"`)
      .replaceAll('clab-dc-k8s-', `clab-${name}-`)
      .replace('  - name: "datacenter"\n', '  - name: "datacenter"\n    nodes: containers\n'),
  );
}

const workers = ['datacenter-control-plane', 'datacenter-worker', 'datacenter-worker2']
  .map(
    node => `    ${node}:
      image: quay.io/frrouting/frr:10.3.1
      entrypoint: sh -c
      cmd: '"trap exit TERM; tail -f /dev/null & wait"'
`,
  )
  .join('');
