import { resolve } from 'node:path';
import { exists } from '../engines/containerlab/build/is-there.ts';
import {
  nothingMadeIsLeft,
  planClear,
  removalCommand,
  removalTitle,
  remove,
} from '../engines/containerlab/clear/clear.ts';
import { plannedText } from '../programs/planned-command.ts';
import type { RunCommand } from './command-table.ts';
import { environment, failed, interrupted, ok, usage } from './exit-codes.ts';
import { confirmed, openRealLab } from './real-lab.ts';

/** Removes what the lab made on this machine, after asking; says what stays and why. */
export const run: RunCommand = async (args, io) => {
  const opened = await openRealLab(args, io);
  if (typeof opened === 'number') return opened;
  const { lab, machine } = opened;
  const adoptedToo = args.switches.has('adopted-too');
  const plan = await planClear(machine, adoptedToo);
  if (typeof plan === 'string') {
    io.stderr.write(`srklab-tutor: ${plan}\n`);
    return environment;
  }
  const json = args.switches.has('json');
  const topologyThere = await exists(resolve(machine.folder, lab.topologyFile));
  const removals = plan.removals.map(removal => {
    const command = removalCommand(removal, lab.name, machine.privilege, topologyThere);
    return {
      removal,
      title: removalTitle(removal),
      command: plannedText(command),
      asRoot: command.asRoot === true,
    };
  });
  const listed = {
    lab: lab.name,
    removes: removals.map(({ title, command, asRoot }) => ({ title, command, asRoot })),
    leaves: plan.left,
  };
  const dryRun = args.switches.has('dry-run');
  if (dryRun && json) io.stdout.write(`${JSON.stringify(listed, undefined, 2)}\n`);
  if (!json) {
    const lines = [
      ...(removals.length === 0
        ? [`The lab ${lab.name} made nothing that is still here.`]
        : [`Of the lab ${lab.name}, this goes:`]),
      ...removals.flatMap(({ title, command, asRoot }) => [
        `  ${title}`,
        `      ${command}${asRoot ? '   (with root’s rights)' : ''}`,
      ]),
      ...(plan.left.length > 0 ? ['This stays:', ...plan.left.map(line => `  ${line}`)] : []),
    ];
    io.stdout.write(`${lines.join('\n')}\n`);
  }
  if (dryRun) return ok;
  if (removals.length > 0 && !args.switches.has('yes')) {
    const answer = await confirmed(io, 'Remove it?');
    if (answer === undefined) {
      io.stderr.write('srklab-tutor: nobody here to ask; with --yes it is removed\n');
      return usage;
    }
    if (!answer) return io.interrupted.aborted ? interrupted : failed;
  }
  const held = await opened.hold('clear');
  if (typeof held === 'string') {
    io.stderr.write(`srklab-tutor: ${held}\n`);
    return environment;
  }
  const outcomes: { title: string; because?: string }[] = [];
  try {
    for (const { removal, title } of removals) {
      if (io.interrupted.aborted) return interrupted;
      const because = await remove(removal, machine);
      outcomes.push(because === undefined ? { title } : { title, because });
      if (json) continue;
      if (because === undefined) io.stdout.write(`removed: ${title}\n`);
      else io.stderr.write(`NOT removed: ${title}\n  ${because.replaceAll('\n', '\n  ')}\n`);
    }
    const whole = outcomes.every(({ because }) => because === undefined);
    if (whole && nothingMadeIsLeft(machine)) await machine.ledger.forget();
    if (json) io.stdout.write(`${JSON.stringify({ ...listed, outcomes }, undefined, 2)}\n`);
    return whole ? ok : environment;
  } finally {
    await held.release();
  }
};
