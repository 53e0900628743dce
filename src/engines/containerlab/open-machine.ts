import { dirname } from 'node:path';
import type { Lab } from '../../lab/lab.ts';
import type { Privilege } from '../../programs/containerlab.ts';
import { createDocker, type Docker, dockerEndpoint } from '../../programs/docker.ts';
import { namedPrograms } from '../../programs/named-programs.ts';
import { runProgram } from '../../programs/run-program.ts';
import { ledgerFolder, openLedger } from './ledger-file.ts';
import type { Machine } from './machine.ts';

export type MachineOptions = {
  readonly lab: Lab;
  /** srklab.yml, from the root of this machine. */
  readonly labFile: string;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly privilege: Privilege;
  readonly docker?: Docker;
};

/** The machine that a lab is built on; a sentence when its ledger cannot be read. Docker is not asked yet. */
export async function openMachine(options: MachineOptions): Promise<Machine | string> {
  const { lab, labFile, env, home, privilege } = options;
  const docker = dockerEndpoint(env);
  const ledger = await openLedger(ledgerFolder(env, home), { lab: lab.name, labFile, docker });
  if (typeof ledger === 'string') return ledger;
  const programs = namedPrograms(env);
  return {
    lab,
    folder: dirname(labFile),
    privilege,
    docker: options.docker ?? createDocker(env),
    ledger,
    // Programs talk to the Docker that we talk to.
    run: (argv, settings = {}) =>
      runProgram(programs(argv), { ...settings, env: { DOCKER_HOST: docker, ...settings.env } }),
  };
}
