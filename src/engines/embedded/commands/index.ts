import type { RunCommandLine } from '../command-port.ts';
import type { Command } from './command.ts';
import { hostPrograms } from './hosts/host-programs.ts';
import { runLine, terminalFor } from './shell/run-line.ts';
import { machinePrograms } from './tools/machine-programs.ts';

/** Answers a command as a learner types it; resolves with its exit code. */
export const runCommandLine: RunCommandLine = (commandLine, context) =>
  runLine(commandLine, programsOn(context.on), terminalFor(context, context.on));

function programsOn(host: string | undefined): ReadonlyMap<string, Command> {
  return host === undefined ? machinePrograms : hostPrograms;
}
