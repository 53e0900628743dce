import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, commonOptions, type OptionSpec } from '../commands/command-table.ts';
import { exitCodes } from '../commands/exit-codes.ts';
import { vocabularyOf } from '../course/vocabulary.ts';
import { readLabFrom } from '../effects/lab-files.ts';
import { readCourseFrom } from '../effects/lesson-files.ts';
import { type Layer, layers } from '../layers.ts';
import { keyTableMarkdown } from '../ui/keys/key-help.ts';
import { explanationTable, parityRunTables } from './parity-table.ts';

/** npm run generate: fills the parts of the documents that are printed from the code. With --check it only compares. */
const root = join(import.meta.dirname, '../..');
const documents: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'README.md': {
    lessons: lessonTable,
    keys: keyTableMarkdown,
    commands: commandTable,
    'exit codes': exitCodeTable,
  },
  'docs/parity.md': { differences: explanationTable, 'last run': parityRunTables },
  'src/README.md': { layers: layerMap },
};

const stale: string[] = [];
for (const [document, parts] of Object.entries(documents)) {
  const file = join(root, document);
  const before = readFileSync(file, 'utf8');
  let after = before;
  for (const [name, print] of Object.entries(parts)) after = withPart(document, after, name, print());
  if (after === before) continue;
  if (process.argv.includes('--check')) stale.push(document);
  else writeFileSync(file, after);
}
if (stale.length > 0) {
  process.stderr.write(`Not up to date: ${stale.join(', ')}. Run “npm run generate” and commit.\n`);
  process.exitCode = 1;
}

/** Replaces what stands between `<!-- name: … -->` and `<!-- end of name -->`. */
function withPart(document: string, text: string, name: string, part: string): string {
  const begin = `<!-- ${name}: printed by npm run generate -->\n`;
  const end = `<!-- end of ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`${document} has no place for “${name}” (${begin.trim()} … ${end})`);
  return `${text.slice(0, from + begin.length)}\n${part.trim()}\n\n${text.slice(to)}`;
}

function lessonTable(): string {
  const reading = readLabFrom(join(root, 'srklab.yml'));
  if (reading.outcome === 'refused') throw new Error('The lab has mistakes: npm start -- doctor');
  const { course, errors } = readCourseFrom(join(root, 'lessons'), vocabularyOf(reading.lab));
  if (errors.length > 0) throw new Error('The lessons have mistakes: npm run lessons:check');
  const rows = course.lessons.map(
    ({ id, title, minutes, steps }) =>
      `| [${id.slice(0, 2)}](lessons/${id}/lesson.md) | ${title} | ${steps.map(step => step.title).join(' · ')} | ${minutes} min |`,
  );
  return ['| lesson | about | steps | time |', '| --- | --- | --- | ---: |', ...rows].join('\n');
}

function commandTable(): string {
  const rows = commands.flatMap(command => [
    `| \`srklab-tutor ${[command.name, command.operands].filter(Boolean).join(' ').replaceAll('|', '\\|')}\` | ${command.summary} |`,
    ...command.options.map(option => `| &nbsp;&nbsp;\`${optionText(option)}\` | ${option.help} |`),
  ]);
  const common = commonOptions.map(option => `| \`${optionText(option)}\` | ${option.help} |`);
  return [
    '| command | what it does |',
    '| --- | --- |',
    ...rows,
    '| **in every command** | |',
    ...common,
  ].join('\n');
}

function optionText({ name, short, value, oneOf }: OptionSpec): string {
  const values = oneOf === undefined ? value : oneOf.join('\\|');
  return `${short === undefined ? '' : `-${short}, `}--${name}${values === undefined ? '' : ` ${values}`}`;
}

function exitCodeTable(): string {
  const rows = exitCodes.map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  return ['| exit code | when |', '| ---: | --- |', ...rows].join('\n');
}

function layerMap(): string {
  return [
    '| folder | what lives there | may import | why |',
    '| --- | --- | --- | --- |',
    ...layers.map(layerRow),
  ].join('\n');
}

function layerRow({ folder, holds, mayImport, packages, because }: Layer): string {
  const folders = mayImport.includes('*') ? ['everything'] : mayImport.map(name => `\`${name}\``);
  const outside = packages === 'any' ? ['any package'] : packages.map(name => `\`${name}\``);
  const allowed = [...folders, ...outside].join(', ');
  return `| ${folder === '' ? '(top of src/)' : `\`${folder}/\``} | ${holds} | ${allowed || 'nothing'} | ${because} |`;
}
