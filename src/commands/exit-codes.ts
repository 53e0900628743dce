/** How every command ends; the help, the README and scripts read this table. */
export const exitCodes = [
  { code: 0, name: 'ok', meaning: 'everything asked for was done' },
  { code: 1, name: 'failed', meaning: 'a check, a lesson or a row of the doctor failed' },
  { code: 2, name: 'usage', meaning: 'the command line was not understood' },
  { code: 3, name: 'badFiles', meaning: 'a lab file or a lesson has mistakes' },
  { code: 4, name: 'environment', meaning: 'this machine or the lab engine cannot do it' },
  { code: 70, name: 'bug', meaning: 'a bug in srklab-tutor' },
  { code: 130, name: 'interrupted', meaning: 'ended with Ctrl-C' },
] as const;

export type ExitCode = (typeof exitCodes)[number]['code'];

export const ok: ExitCode = 0;
export const failed: ExitCode = 1;
export const usage: ExitCode = 2;
export const badFiles: ExitCode = 3;
export const environment: ExitCode = 4;
export const bug: ExitCode = 70;
export const interrupted: ExitCode = 130;
