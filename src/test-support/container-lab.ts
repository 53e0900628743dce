import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ContainerlabEngine,
  createContainerlabEngine,
} from '../engines/containerlab/containerlab-engine.ts';
import type { Machine } from '../engines/containerlab/machine.ts';
import { openMachine } from '../engines/containerlab/open-machine.ts';
import type { LabEngine } from '../lab/engine.ts';
import type { Lab } from '../lab/lab.ts';
import { privilegeHere } from '../programs/privilege.ts';
import { liteLabFolder } from './lite-lab.ts';

/** `npm run test:real` prepares both, where they can be had. */
export const isContainerMachine =
  process.env['DOCKER_HOST'] !== undefined && process.env['SRKLAB_CONTAINERLAB'] !== undefined;

/** A light lab with a ledger of its own. */
export type ContainerLab = {
  readonly lab: Lab;
  readonly labFile: string;
  readonly env: NodeJS.ProcessEnv;
  machine(): Promise<Machine>;
  remove(): void;
};

/** The light lab under a name of its own, in the Docker network 172.`octet`.0.0/16; with its switch configurations changed. */
export function containerLab(
  name: string,
  { octet, change }: { readonly octet: number; readonly change?: (files: Map<string, string>) => void },
): ContainerLab {
  const { folder, lab } = liteLabFolder(name, `172.${octet}.`, change);
  const labFile = join(folder, 'srklab-lite.yml');
  const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state') };
  return {
    lab,
    labFile,
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
export async function engineOf(lab: ContainerLab): Promise<ContainerlabEngine> {
  return createContainerlabEngine(lab.lab, { machine: await lab.machine() });
}

/** Takes down what is there of it, by an engine that runs or one of its own. */
export async function takeDown(lab: ContainerLab, engine?: LabEngine): Promise<void> {
  const last = engine ?? (await engineOf(lab));
  await last.perform({ type: 'restore', stage: 'empty' });
  await last.stop();
  lab.remove();
}
