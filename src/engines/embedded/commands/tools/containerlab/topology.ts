import { filePath } from '../../../../../lab/lab-path.ts';
import type { Terminal } from '../../command.ts';
import { flag, type Option, type Options, readOptions, valued } from '../../options.ts';

/** Flags of every containerlab command; those without effect on a model are taken and passed over. */
const everywhere: readonly Option[] = [
  flag('debug', 'd'),
  valued('log-level'),
  valued('name'),
  valued('runtime', 'r'),
  valued('timeout'),
  valued('topo', 't'),
];

/** A command's flags; prints what is wrong and gives an exit code instead when one is not known here. */
export function optionsFor(
  terminal: Terminal,
  command: string,
  words: readonly string[],
  own: readonly Option[],
): Options | number {
  const reading = readOptions(words, [...everywhere, ...own]);
  if (reading.outcome === 'read') return reading.options;
  const known = [...everywhere, ...own].map(({ name }) => `--${name}`).join(', ');
  return fail(terminal, `${reading.because} (containerlab ${command} has here: ${known})`);
}

/** As containerlab says why it does nothing. */
export function fail(terminal: Terminal, because: string): number {
  terminal.err(`Error: ${because}`);
  return 1;
}

/** Whether the lab that is meant, by file or name, is this one; prints what is wrong otherwise. */
export function isThisLab(terminal: Terminal, options: Options, { all = false } = {}): boolean {
  const { lab } = terminal.context.lab;
  const file = options.value('topo');
  const name = options.value('name');
  if (file !== undefined && filePath(file) !== filePath(lab.topologyFile)) {
    terminal.err(`Error: ${file}: no such file or directory; this lab's topology is ${lab.topologyFile}`);
    return false;
  }
  if (name !== undefined && name !== lab.name) {
    terminal.err(`Error: Lab '${name}' not found - no running containers.`);
    return false;
  }
  if (file !== undefined || name !== undefined || (all && options.has('all'))) return true;
  terminal.err(
    `Error: provide either a lab name (--name) or a topology file path (--topo)${all ? ' or the --all flag' : ''}`,
  );
  terminal.err(`Here: containerlab … -t ${lab.topologyFile}`);
  return false;
}

/** "00:01:23 INFO …", as containerlab's log has it: lab time in place of the clock's. */
export function info(terminal: Terminal, text: string): void {
  const seconds = Math.floor(terminal.context.world.now() / 1000);
  const part = (value: number) => String(value).padStart(2, '0');
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map(part)
    .join(':');
  terminal.out(`${clock} INFO ${text}`);
}

/** A node as netem and veth name it: container or node name. */
export function shortName(terminal: Terminal, name: string): string {
  const { containerPrefix } = terminal.context.lab.lab;
  return name.startsWith(containerPrefix) ? name.slice(containerPrefix.length) : name;
}
