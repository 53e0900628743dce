import { readLabFrom } from '../effects/lab-files.ts';
import { createContainerlabEngine } from '../engines/containerlab/containerlab-engine.ts';
import { openMachine } from '../engines/containerlab/open-machine.ts';
import { privilegeHere } from '../programs/privilege.ts';

/** A process of its own that cuts a link of a running lab, says so, and then stays until it is killed. */
const [labFile = '', link = ''] = process.argv.slice(2);
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
const result = await engine.perform({ type: 'break', fault: { kind: 'link-cut', link } });
process.stdout.write(result.outcome === 'done' ? 'broken\n' : `${result.because}\n`);
setInterval(() => {}, 60_000);
