import { type CommandSpec, commands, commonOptions, type OptionSpec } from './command-table.ts';
import { exitCodes } from './exit-codes.ts';

/** What --help says: about the program, or about one command. */
export function helpText(spec?: CommandSpec): string {
  return `${(spec === undefined ? programHelp() : commandHelp(spec)).join('\n')}\n`;
}

function programHelp(): string[] {
  return [
    'srklab-tutor: build, watch and break a Kubernetes BGP load balancer, in this terminal.',
    '',
    'Usage: srklab-tutor [options] [command]',
    '',
    'Commands:',
    ...columns(commands.map(command => [command.name, command.summary])),
    '',
    'Options of every command:',
    ...columns([...commonOptions, { name: 'version', short: 'v', help: 'the version' }].map(optionRow)),
    '',
    'Exit codes:',
    ...columns(exitCodes.map(({ code, meaning }) => [String(code), meaning])),
    '',
    'More: srklab-tutor help <command>',
  ];
}

function commandHelp(spec: CommandSpec): string[] {
  const operands = spec.operands === '' ? '' : ` ${spec.operands}`;
  return [
    `srklab-tutor ${spec.name}: ${spec.summary}`,
    '',
    `Usage: srklab-tutor ${spec.name} [options]${operands}`,
    ...(spec.details.length > 0 ? ['', ...spec.details] : []),
    '',
    'Options:',
    ...columns([...spec.options, ...commonOptions].map(optionRow)),
    '',
    'Examples:',
    ...columns(spec.examples.map(example => [example.line, example.meaning])),
  ];
}

function optionRow(option: OptionSpec): [string, string] {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  const value = option.value === undefined ? '' : ` ${option.value}`;
  const oneOf = option.oneOf === undefined ? '' : ` (${option.oneOf.join(', ')})`;
  return [`${short}--${option.name}${value}`, `${option.help}${oneOf}`];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([first = '']) => first.length));
  return rows.map(([first = '', second = '']) => `  ${first.padEnd(width)}  ${second}`);
}
