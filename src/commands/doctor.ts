import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readLabFrom } from '../effects/lab-files.ts';
import { lessonFolders } from '../effects/lesson-files.ts';
import { progressPath } from '../effects/progress-file.ts';
import type { Arguments, RunCommand } from './command-table.ts';
import { type ExitCode, failed, ok } from './exit-codes.ts';
import { countText, labFileOf, lessonsFolderOf } from './open-lab.ts';
import type { ProgramIo } from './program-io.ts';

/** One thing the doctor looked at. `verdict` 'warn' does not fail. */
export type DoctorRow = {
  readonly name: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly needed: string;
  readonly because: string;
  readonly fix?: string;
  /** Argument lists that --fix runs after asking: they mend it and hurt nothing. */
  readonly safeFix?: readonly (readonly string[])[];
};

/** Looks whether this machine has what a lab takes: the embedded one, and the one that --lab names. */
export const run: RunCommand = async (args, io) => {
  const name = args.values['lab'] ?? 'embedded';
  const look = () => doctorRows(args, io);
  const rows = await look();
  if (!args.switches.has('fix')) return report(rows, name, args, io);
  if (!args.switches.has('json')) report(rows, name, args, io);
  const { mend } = await import('./doctor-fix.ts');
  const mended = await mend(rows, io, args.switches.has('yes'));
  return mended
    ? report(await look(), name, args, io)
    : report(rows, name, args, args.switches.has('json') ? io : undefined);
};

export async function doctorRows(args: Arguments, io: ProgramIo): Promise<DoctorRow[]> {
  return [...examine(args, io), ...(await labRows(args.values['lab'] ?? 'embedded', args, io))];
}

async function labRows(name: string, args: Arguments, io: ProgramIo): Promise<DoctorRow[]> {
  if (name === 'frr') return (await import('./doctor-frr.ts')).frrRows(io.env);
  if (name !== 'containerlab') return [];
  const { openRealLab } = await import('./real-lab.ts');
  const opened = await openRealLab(args, io);
  if (typeof opened === 'number') return [];
  return (await import('./doctor-containerlab.ts')).containerlabRows(opened.machine);
}

/** Writes the rows where there is somewhere to write them. */
function report(
  rows: readonly DoctorRow[],
  name: string,
  args: Arguments,
  io: ProgramIo | undefined,
): ExitCode {
  const healthy = rows.every(row => row.verdict !== 'fail');
  const lab = ['frr', 'containerlab'].includes(name) ? name : 'embedded';
  if (args.switches.has('json'))
    io?.stdout.write(
      `${JSON.stringify({ healthy, rows: rows.map(({ safeFix, ...row }) => ({ ...row, safe: safeFix !== undefined })) }, undefined, 2)}\n`,
    );
  else io?.stdout.write(`${rows.flatMap(rowLines).join('\n')}\n\n${summary(rows, lab)}\n`);
  return healthy ? ok : failed;
}

function examine(args: Arguments, io: ProgramIo): DoctorRow[] {
  return [
    nodeRow(process.versions.node),
    terminalRow(io),
    sizeRow(io),
    colourRow(io),
    unicodeRow(io),
    stateRow(io),
    packageRow(io),
    labRow(args, io),
    lessonsRow(args, io),
  ];
}

function nodeRow(version: string): DoctorRow {
  const right = Number(version.split('.')[0]) >= 20;
  return {
    name: 'Node.js',
    verdict: right ? 'ok' : 'fail',
    found: version,
    needed: '20 or newer',
    because: 'the program is written for it',
    ...(!right && { fix: 'install a current Node.js from https://nodejs.org' }),
  };
}

function terminalRow(io: ProgramIo): DoctorRow {
  const right = io.stdin.isTTY === true && io.stdout.isTTY === true && io.env['TERM'] !== 'dumb';
  return {
    name: 'terminal',
    verdict: right ? 'ok' : 'warn',
    found: right ? (io.env['TERM'] ?? 'a terminal') : 'none, or one without control codes',
    needed: 'a terminal',
    because: 'the screen with panes; without one the tutorial works line by line',
    ...(!right && { fix: 'start it in a terminal window, without a pipe' }),
  };
}

function sizeRow(io: ProgramIo): DoctorRow {
  const { columns = 0, rows = 0 } = io.stdout;
  const known = columns > 0 && rows > 0;
  const right = !known || (columns >= 80 && rows >= 24);
  return {
    name: 'terminal size',
    verdict: right ? 'ok' : columns >= 60 && rows >= 16 ? 'warn' : 'fail',
    found: known ? `${columns}×${rows}` : 'not known',
    needed: '80×24 or larger; 60×16 at the least',
    because: 'lesson and panes stand side by side',
    ...(!right && { fix: 'enlarge the window or take a smaller type' }),
  };
}

function colourRow(io: ProgramIo): DoctorRow {
  const { NO_COLOR, COLORTERM, TERM = '' } = io.env;
  const none = (NO_COLOR ?? '') !== '';
  const found = none
    ? 'none (NO_COLOR is set)'
    : /truecolor|24bit/.test(COLORTERM ?? '')
      ? '16 million'
      : TERM.includes('256')
        ? '256'
        : '16 or fewer';
  return {
    name: 'colour',
    verdict: 'ok',
    found,
    needed: 'any; none will do',
    because: 'colour never carries meaning alone',
  };
}

function unicodeRow(io: ProgramIo): DoctorRow {
  const locale = io.env['LC_ALL'] || io.env['LC_CTYPE'] || io.env['LANG'] || '';
  const right = process.platform === 'win32' || /utf-?8/i.test(locale);
  return {
    name: 'characters',
    verdict: right ? 'ok' : 'warn',
    found: locale === '' ? 'no locale' : locale,
    needed: 'UTF-8',
    because: 'borders and symbols; without it they are drawn in ASCII',
    ...(!right && { fix: 'export LANG=C.UTF-8' }),
  };
}

function stateRow(io: ProgramIo): DoctorRow {
  const path = progressPath(io.env, io.home);
  const because = cannotWrite(dirname(path));
  return {
    name: 'progress',
    verdict: because === undefined ? 'ok' : 'warn',
    found: because === undefined ? path : `${path}: ${because}`,
    needed: 'a folder that can be written',
    because: 'progress is kept there; without it everything works and nothing is kept',
    ...(because !== undefined && { fix: 'point XDG_STATE_HOME to a folder of yours' }),
  };
}

function cannotWrite(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const shipped = ['package.json', 'srklab.yml', 'topo.yml', 'fabric', 'kind', 'metallb', 'app', 'lessons'];

function packageRow(io: ProgramIo): DoctorRow {
  const missing = shipped.filter(name => !existsSync(join(io.packageFolder, name)));
  return {
    name: 'package',
    verdict: missing.length === 0 ? 'ok' : 'fail',
    found: missing.length === 0 ? io.packageFolder : `${io.packageFolder} without ${missing.join(', ')}`,
    needed: 'the lab files and lessons that ship with the program',
    because: 'they are the lab and the course when no other is named',
    ...(missing.length > 0 && { fix: 'install srklab-tutor again' }),
  };
}

function labRow(args: Arguments, io: ProgramIo): DoctorRow {
  const file = labFileOf(args, io);
  const reading = readLabFrom(file);
  const right = reading.outcome === 'read';
  const said = right ? reading.warnings : reading.errors;
  return {
    name: 'lab files',
    verdict: said.length === 0 ? 'ok' : right ? 'warn' : 'fail',
    found: right
      ? `${file}: ${reading.lab.nodes.length} nodes, ${reading.lab.links.length} links, ${reading.lab.stages.length} stages${said.length > 0 ? `, ${countText(said)}` : ''}`
      : `${file}: ${countText(said)}`,
    needed: 'lab files without mistakes',
    because: 'the embedded lab does what they say',
    ...(said.length > 0 && { fix: `see them: srklab-tutor show topology -c ${file}` }),
  };
}

function lessonsRow(args: Arguments, io: ProgramIo): DoctorRow {
  const folder = lessonsFolderOf(args, io);
  const count = lessonFolders(folder).length;
  return {
    name: 'lessons',
    verdict: count > 0 ? 'ok' : 'fail',
    found: `${folder}: ${count} lessons`,
    needed: 'at least one lesson',
    because: 'there is nothing to learn without',
    ...(count === 0 && { fix: 'name a folder of lessons with --lessons, or install srklab-tutor again' }),
  };
}

function rowLines(row: DoctorRow): string[] {
  const mark = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' }[row.verdict];
  const line = `${mark}  ${row.name.padEnd(14)}  ${row.found}`;
  if (row.verdict === 'ok') return [line];
  return [
    line,
    `      needed: ${row.needed} (${row.because})`,
    ...(row.fix === undefined ? [] : [`      fix: ${row.fix}`]),
  ];
}

function summary(rows: readonly DoctorRow[], lab: string): string {
  const bad = rows.filter(row => row.verdict === 'fail').length;
  const weak = rows.filter(row => row.verdict === 'warn').length;
  if (bad > 0) return `${bad} of ${rows.length} things have to be mended before the ${lab} lab runs here.`;
  return weak > 0 ? `The ${lab} lab runs here, with less comfort.` : `The ${lab} lab runs here.`;
}
