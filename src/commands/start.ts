import { createBuilder } from '../engines/containerlab/build/builder.ts';
import { planLines, plannedSteps } from '../engines/containerlab/build/plan-lines.ts';
import { stepsUpTo } from '../engines/containerlab/build/steps.ts';
import { walk } from '../engines/containerlab/build/walk.ts';
import { nearest } from '../lab/nearest.ts';
import { BuildReport } from './build-report.ts';
import type { RunCommand } from './command-table.ts';
import { environment, failed, interrupted, ok, usage } from './exit-codes.ts';
import { healLeftovers } from './leftover-faults.ts';
import { missingPrograms } from './needed-programs.ts';
import { confirmed, openRealLab } from './real-lab.ts';

/** Builds the real lab, or the part of it that --until names: whatever is there already stays. */
export const run: RunCommand = async (args, io) => {
  const opened = await openRealLab(args, io);
  if (typeof opened === 'number') return opened;
  const { lab, machine } = opened;
  const stages = lab.stages.map(({ id }) => id);
  const until = args.values['until'] ?? stages.at(-1) ?? '';
  const steps = args.values['until'] === undefined ? createBuilder(machine).steps : stepsUpTo(lab, until);
  if (steps === undefined) {
    const near = nearest(until, stages);
    io.stderr.write(
      `srklab-tutor: there is no stage "${until}"${near === undefined ? `; there are ${stages.join(', ')}` : `; did you mean "${near}"?`}\n`,
    );
    return usage;
  }
  const json = args.switches.has('json');
  const modelled = lab.clusters.filter(({ nodes }) => nodes === 'containers').map(({ name }) => name);
  const remarks = modelled.map(
    name =>
      `${name}: its nodes are containers of the topology, its Kubernetes is a model inside "srklab-tutor --lab containerlab", which gives them what follows from its manifests.`,
  );
  const planned = plannedSteps(steps, machine);
  if (args.switches.has('dry-run')) {
    const head = [
      `# What srklab start runs for ${opened.labFile}, in an order that works; steps that do not need each other run side by side.`,
      '# What is there already is left out when it runs. docker … is asked of Docker’s API.',
      ...remarks.map(remark => `# ${remark}`),
    ];
    io.stdout.write(
      json
        ? `${JSON.stringify({ lab: lab.name, steps: planned }, undefined, 2)}\n`
        : `${[...head, ...planLines(planned)].join('\n')}\n`,
    );
    return ok;
  }
  const missing = await missingPrograms(machine, steps);
  if (missing.length > 0) {
    io.stderr.write(
      `${missing.map(line => `srklab-tutor: ${line}`).join('\n')}\nTry: srklab-tutor doctor --lab containerlab\n`,
    );
    return environment;
  }
  if (!args.switches.has('yes') && !json) {
    const asRoot = planned.flatMap(({ commands }) => commands.filter(one => one.asRoot === true));
    if (asRoot.length > 0 && io.stdout.isTTY === true)
      io.stdout.write(`With root’s rights:\n${asRoot.map(({ text }) => `  ${text}`).join('\n')}\n`);
    if ((await confirmed(io, `Build the lab ${lab.name} up to ${until}?`)) === false)
      return io.interrupted.aborted ? interrupted : failed;
  }
  const held = await opened.hold('start');
  if (typeof held === 'string') {
    io.stderr.write(`srklab-tutor: ${held}\n`);
    return environment;
  }
  const report = await BuildReport.begin(io, machine.ledger.path, json);
  try {
    const left = await healLeftovers(machine, io, args.switches.has('yes') || json);
    if (left !== undefined) {
      io.stderr.write(`srklab-tutor: ${left}\n`);
      return environment;
    }
    const result = await walk({
      ...{ steps, builder: createBuilder(machine), signal: io.interrupted },
      report: one => report.step(one),
      said: (step, line) => report.said(step, line),
    });
    report.end(result, until);
    if (result.outcome === 'done' && !json) for (const remark of remarks) io.stdout.write(`${remark}\n`);
    if (io.interrupted.aborted) return interrupted;
    return result.outcome === 'done' ? ok : environment;
  } finally {
    await report.close();
    await held.release();
  }
};
