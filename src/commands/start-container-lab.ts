import { createContainerlabEngine } from '../engines/containerlab/containerlab-engine.ts';
import { gripOf } from '../engines/containerlab/grip.ts';
import { ledgerFolder, ledgerName } from '../engines/containerlab/ledger-file.ts';
import type { Machine } from '../engines/containerlab/machine.ts';
import { openMachine } from '../engines/containerlab/open-machine.ts';
import type { LabEngine } from '../lab/engine.ts';
import type { Lab } from '../lab/lab.ts';
import { dockerEndpoint } from '../programs/docker.ts';
import { privilegeHere } from '../programs/privilege.ts';
import { faultTitle } from '../tutor/fault-title.ts';
import type { EngineChoice } from './choose-engine.ts';
import { environment } from './exit-codes.ts';
import { healLeftovers } from './leftover-faults.ts';
import type { ProgramIo } from './program-io.ts';
import { watchingText } from './real-lab.ts';

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
    async start(tell): Promise<LabEngine> {
      const name = ledgerName({ lab: lab.name, docker: dockerEndpoint(env) });
      const grip = await gripOf(ledgerFolder(env, home), name, 'learn', holding =>
        watchingText(lab.name, holding),
      );
      const { heldBy } = grip;
      if (heldBy !== undefined) tell(heldBy);
      else {
        const failed = await healLeftovers(machine, io, false);
        if (failed !== undefined) io.stderr.write(`srklab-tutor: ${failed}\n`);
      }
      const engine = createContainerlabEngine(lab, {
        machine,
        grip,
        onTaken: () => tell(takenText(lab.name, machine)),
      });
      await engine.attach();
      return engine;
    },
  };
}

function takenText(lab: string, { ledger }: Machine): string {
  const left = ledger.ledger.faults.map(({ fault }) => faultTitle(fault)).join(', ');
  const broken = left === '' ? '' : ` It left this broken: ${left}; u heals.`;
  return `whoever held the lab ${lab} has gone: it is yours now.${broken}`;
}
