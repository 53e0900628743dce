import { builtins } from '../../../../shell/builtins.ts';
import type { Command } from '../command.ts';

/** Lab time passes. */
export const sleep: Command = {
  name: 'sleep',
  summary: 'lets lab time pass: sleep 5',
  run: builtins.sleep,
};

export const echo: Command = { name: 'echo', summary: 'prints its words', run: builtins.echo };

/** Programs that only succeed or fail. */
export const quiet: readonly Command[] = (['true', 'false', ':'] as const).map(name => ({
  name,
  summary: '',
  hidden: true,
  run: builtins[name],
}));
