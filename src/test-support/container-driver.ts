import { readLabFrom } from '../effects/lab-files.ts';
import { createContainerlabEngine } from '../engines/containerlab/containerlab-engine.ts';
import { openMachine } from '../engines/containerlab/open-machine.ts';
import type { Fault } from '../lab/fault.ts';
import { privilegeHere } from '../programs/privilege.ts';

/** A process of its own that breaks something in a running lab, says so, and then stays until it is killed. The fault is JSON. */
const [labFile = '', fault = ''] = process.argv.slice(2);
const reading = readLabFrom(labFile);
if (reading.outcome !== 'read') throw new Error(`${labFile} does not read`);
const { lab } = reading;
const machine = await openMachine({
  lab,
  labFile,
  env: process.env,
  home: process.cwd(),
  privilege: await privilegeHere(),
});
if (typeof machine === 'string') throw new Error(machine);
const engine = createContainerlabEngine(lab, { machine });
const result = await engine.perform({ type: 'break', fault: JSON.parse(fault) as Fault });
process.stdout.write(result.outcome === 'done' ? 'broken\n' : `${result.because}\n`);
setInterval(() => {}, 60_000);
