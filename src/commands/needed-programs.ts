import type { Step } from '../engines/containerlab/build/steps.ts';
import type { Machine } from '../engines/containerlab/machine.ts';
import { containerlab, containerlabEnv } from '../programs/containerlab.ts';
import { kind } from '../programs/kind.ts';
import { kubectl } from '../programs/kubectl.ts';

/** What these steps need and this machine does not have, a sentence each: said before anything is made. */
export async function missingPrograms(machine: Machine, steps: readonly Step[]): Promise<string[]> {
  const types = new Set(steps.map(({ work }) => work.type));
  const needed: (readonly [string, readonly string[], boolean])[] = [
    ['containerlab', containerlab.version(), types.has('fabric') || types.has('cable')],
    ['kind', kind.version(), types.has('cluster') || types.has('load')],
    ['kubectl', kubectl.version(), types.has('cluster') || types.has('apply')],
  ];
  const answers = await Promise.all([
    machine.docker.version().then(answer => (answer.outcome === 'failed' ? answer.because : undefined)),
    ...needed
      .filter(([, , wanted]) => wanted)
      .map(async ([name, argv]) => {
        const result = await machine.run(argv, { env: containerlabEnv, timeout: 20_000 });
        return result.exitCode === 0
          ? undefined
          : `${name}: ${result.problem ?? `exit code ${result.exitCode}`}`;
      }),
  ]);
  return answers.filter(answer => answer !== undefined);
}
