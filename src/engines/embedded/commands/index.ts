import type { RunCommandLine } from '../command-port.ts';

/** Answers a command as a learner types it; resolves with its exit code. */
export const runCommandLine: RunCommandLine = async (commandLine, { print }) => {
  const [program = ''] = commandLine.trim().split(/\s+/);
  print({ stream: 'stderr', text: `${program}: the embedded lab does not know this command\n` });
  return 127;
};
