import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { lightFilesOf } from '../engines/containerlab/frr/light-files.ts';
import { readLab } from '../lab/files/read-lab.ts';
import { scaleOut } from '../lab/files/scale-out.ts';
import type { Lab } from '../lab/lab.ts';
import type { RunCommand } from './command-table.ts';
import { badFiles, environment, ok, usage } from './exit-codes.ts';
import { mistakesText, openLab } from './open-lab.ts';

/** Writes the files of the lab with one leaf and one worker more, for the real lab as well as for this one. */
export const run: RunCommand = async (args, io) => {
  const say = (text: string) => io.stderr.write(`srklab-tutor: ${text}\n`);
  const output = args.values['output'];
  if (output === undefined) {
    say('scale-out where to? -o DIR names a new folder');
    return usage;
  }
  const opened = openLab(args, io);
  if (opened === undefined) return badFiles;
  const labFile = basename(opened.labFile);
  const scaled = scaleOut(opened.lab.files, labFile);
  if (scaled.outcome === 'refused') {
    say(`this lab cannot be scaled out: ${scaled.because}`);
    return badFiles;
  }
  const reading = readLab(labFile, path => scaled.files.get(path) ?? { problem: 'missing' });
  if (reading.outcome === 'refused') {
    io.stderr.write(`${mistakesText(reading.errors, reading.files)}\n`);
    say('the lab scaled out would have these mistakes; nothing was written');
    return badFiles;
  }
  const folder = resolve(io.cwd, output);
  const files = withLightFiles(scaled.files, reading.lab, dirname(opened.labFile));
  if (typeof files === 'string') {
    say(files);
    return badFiles;
  }
  const problem = written(folder, files);
  if (problem !== undefined) {
    say(problem);
    return environment;
  }
  const changed = [...files].filter(([path, text]) => opened.lab.files.get(path) !== text);
  for (const [path] of changed)
    io.stdout.write(`${opened.lab.files.has(path) ? 'changed' : 'new    '}  ${join(output, path)}\n`);
  io.stdout.write(
    `${files.size} files. Use it with: srklab-tutor -c ${join(output, labFile)}\nOn a real machine it takes the place of the other lab: the names are the same.\n`,
  );
  return ok;
};

/** Beside what the lab is read from, what the containers of a light fabric start from. A sentence when that is not there. */
function withLightFiles(
  files: ReadonlyMap<string, string>,
  lab: Lab,
  from: string,
): ReadonlyMap<string, string> | string {
  const light = lightFilesOf(lab);
  if (light === undefined) return files;
  try {
    const common = light.common.map(path => [path, readFileSync(join(from, path), 'utf8')] as const);
    return new Map([...files, ...light.made, ...common]);
  } catch (error) {
    return `what the switches' containers start from is not there: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Writes all files into a folder that is new or empty; a sentence when it cannot. */
function written(folder: string, files: ReadonlyMap<string, string>): string | undefined {
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      return `${folder} is there already and not empty; nothing was written`;
    for (const [path, text] of files) {
      const target = join(folder, path);
      if (!target.startsWith(`${folder}/`)) return `${path} lies outside of the lab's folder`;
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text, { flag: 'wx' });
    }
    return undefined;
  } catch (error) {
    return `${folder} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}
