import { createContainerlabEngine } from '../engines/containerlab/containerlab-engine.ts';
import { holdLab } from '../engines/containerlab/holder.ts';
import { ledgerFolder, ledgerName } from '../engines/containerlab/ledger-file.ts';
import { openMachine } from '../engines/containerlab/open-machine.ts';
import type { LabEngine } from '../lab/engine.ts';
import type { Lab } from '../lab/lab.ts';
import { dockerEndpoint } from '../programs/docker.ts';
import { privilegeHere } from '../programs/privilege.ts';
import type { EngineChoice } from './choose-engine.ts';
import { environment } from './exit-codes.ts';
import { healLeftovers } from './leftover-faults.ts';
import type { ProgramIo } from './program-io.ts';
import { heldText } from './real-lab.ts';

/** The lab on this machine's Docker. Somebody else's is looked at; what an earlier run left broken is said, and healed on request. */
export async function startContainerLab(labFile: string, lab: Lab, io: ProgramIo): Promise<EngineChoice> {
  const { env, home } = io;
  const machine = await openMachine({ lab, labFile, env, home, privilege: await privilegeHere() });
  if (typeof machine === 'string') return { outcome: 'refused', because: machine, code: environment };
  const answer = await machine.docker.version();
  if (answer.outcome === 'failed')
    return {
      outcome: 'refused',
      because: `--lab containerlab: ${answer.because}. What it takes: srklab-tutor doctor --lab containerlab`,
      code: environment,
    };
  return {
    outcome: 'chosen',
    async start(): Promise<LabEngine> {
      const name = ledgerName({ lab: lab.name, docker: dockerEndpoint(env) });
      const holding = await holdLab(ledgerFolder(env, home), name, 'learn');
      const held = holding.outcome === 'held' ? undefined : heldText(lab.name, holding);
      if (held !== undefined) io.stderr.write(`${held}\n`);
      else {
        const failed = await healLeftovers(machine, io, false);
        if (failed !== undefined) io.stderr.write(`srklab-tutor: ${failed}\n`);
      }
      const engine = createContainerlabEngine(lab, {
        machine,
        ...(held === undefined ? {} : { heldBy: held }),
        ...(holding.outcome === 'held' ? { onStop: () => holding.release() } : {}),
      });
      await engine.attach();
      return engine;
    },
  };
}
