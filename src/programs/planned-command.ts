import { commandText } from './shell-text.ts';

/**
 * A command before it runs: what --dry-run prints and what is then done. `docker` commands are asked of Docker's API; the argument list is
 * what a person would type for it.
 */
export type PlannedCommand = {
  readonly by: 'program' | 'docker';
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Changes the machine with root's rights: containerlab. */
  readonly asRoot?: boolean;
};

/** As a person types it, in a shell. */
export function plannedText({ argv, env }: PlannedCommand): string {
  const settings = Object.entries(env ?? {}).map(([name, value]) => commandText([`${name}=${value}`]));
  return [...settings, commandText(argv)].join(' ');
}
