import { nearest } from '../lab/nearest.ts';
import {
  type Arguments,
  type CommandSpec,
  commands,
  commonOptions,
  type OptionSpec,
} from './command-table.ts';

export type Parsed =
  | { readonly outcome: 'command'; readonly spec: CommandSpec; readonly args: Arguments }
  | { readonly outcome: 'help'; readonly spec?: CommandSpec }
  | { readonly outcome: 'version' }
  | { readonly outcome: 'mistake'; readonly message: string; readonly spec?: CommandSpec };

/** What a command line asks for. Options may stand before or after the verb; after `--` everything is an operand. */
export function parseArguments(argv: readonly string[]): Parsed {
  const values: Record<string, string> = {};
  const switches = new Set<string>();
  const operands: string[] = [];
  let spec: CommandSpec | undefined;
  const waiting = asWeSay(argv);
  let onlyOperands = false;

  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (onlyOperands || word === '-' || !word.startsWith('-')) {
      if (spec === undefined && !onlyOperands) {
        if (word === 'help') return helpFor(waiting[0]);
        spec = commands.find(command => command.name === word);
        if (spec === undefined) return { outcome: 'mistake', message: unknownVerb(word) };
      } else operands.push(word);
      continue;
    }
    if (word === '--') {
      onlyOperands = true;
      continue;
    }
    if (word === '--version' || word === '-v' || word === '-V') return { outcome: 'version' };
    const [flag = '', inline] = splitFlag(word);
    const option = optionNamed(flag);
    if (option === undefined) return mistake(spec, unknownOption(flag, spec));
    if (option.value === undefined) {
      if (inline !== undefined) return mistake(spec, `${flag} takes no value`);
      switches.add(option.name);
      continue;
    }
    const value = inline ?? valueAfter(option, waiting);
    if (value === undefined || value === '')
      return mistake(spec, `${flag} needs a value: ${flag} ${option.value}`);
    if (option.oneOf !== undefined && !option.oneOf.includes(value)) {
      return mistake(spec, `${flag} ${value}: it is one of ${option.oneOf.join(', ')}`);
    }
    values[option.name] = value;
  }

  const chosen = spec ?? commands.find(command => command.name === 'learn');
  if (switches.has('help')) return spec === undefined ? { outcome: 'help' } : { outcome: 'help', spec };
  if (chosen === undefined) return { outcome: 'help' };
  const strange = [...Object.keys(values), ...switches].find(name => !takes(chosen, name));
  if (strange !== undefined) return mistake(chosen, `${chosen.name} has no option --${strange}`);
  if (operands.length > chosen.most) {
    return mistake(chosen, `too many words: ${operands.slice(chosen.most).join(' ')}`);
  }
  return { outcome: 'command', spec: chosen, args: { operands, values, switches } };
}

/** The original project said "srklab -c start srklab.yml": the verb stood where we have the file. */
function asWeSay(argv: readonly string[]): string[] {
  const at = argv.findIndex(word => word === '-c' || word === '--config');
  const [verb = '', file = ''] = argv.slice(at + 1, at + 3);
  if (at < 0 || !['start', 'clear', 'status'].includes(verb) || file === '' || file.startsWith('-'))
    return [...argv];
  return argv.toSpliced(at, 3, verb, '-c', file);
}

/** The word after an option; where the option may stand alone, only a port: other words are operands. */
function valueAfter(option: OptionSpec, waiting: string[]): string | undefined {
  if (option.otherwise === undefined || /^(0|[1-9]\d{3,4})$/.test(waiting[0] ?? '')) return waiting.shift();
  return option.otherwise;
}

/** "--report=tap" and "-cFILE" hold their value. */
function splitFlag(word: string): [string, string?] {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
  }
  return word.length === 2 ? [word] : [word.slice(0, 2), word.slice(2)];
}

function allOptions(): OptionSpec[] {
  return [...commonOptions, ...commands.flatMap(command => command.options)];
}

function optionNamed(flag: string): OptionSpec | undefined {
  return allOptions().find(option => `--${option.name}` === flag || `-${option.short}` === flag);
}

function takes(spec: CommandSpec, name: string): boolean {
  return [...commonOptions, ...spec.options].some(option => option.name === name);
}

function helpFor(verb: string | undefined): Parsed {
  if (verb === undefined) return { outcome: 'help' };
  const spec = commands.find(command => command.name === verb);
  return spec === undefined ? { outcome: 'mistake', message: unknownVerb(verb) } : { outcome: 'help', spec };
}

function mistake(spec: CommandSpec | undefined, message: string): Parsed {
  return { outcome: 'mistake', message, ...(spec !== undefined && { spec }) };
}

function unknownVerb(word: string): string {
  const names = commands.map(command => command.name);
  const near = nearest(word, names);
  return `there is no command "${word}"${near === undefined ? `; there are ${names.join(', ')}` : `; did you mean "${near}"?`}`;
}

function unknownOption(flag: string, spec: CommandSpec | undefined): string {
  const known = spec === undefined ? allOptions() : [...commonOptions, ...spec.options];
  const near = nearest(flag, [...known.map(option => `--${option.name}`), '--version']);
  return `there is no option ${flag}${near === undefined ? '' : `; did you mean ${near}?`}`;
}
