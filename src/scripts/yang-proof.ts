import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSwitchConfig } from '../lab/files/switch/parse-switch-config.ts';
import { yangJson } from '../lab/files/switch/render-config.ts';
import { YangModels } from './yang-models.ts';

/*
 * Proves switch configurations valid against Nokia's published YANG models:
 *
 *   npx tsx src/scripts/yang-proof.ts <folder with srl_nokia/, ietf/, iana/> [configuration …]
 *
 * Needs yanglint (Debian package libyang-tools). The models are not part of this repository: docs/lab-files.md says where they are.
 */

const [folder, ...named] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: yang-proof.ts <folder of the YANG models> [configuration …]\n');
  process.exit(2);
}
const files =
  named.length > 0
    ? named
    : readdirSync('fabric')
        .filter(name => name.endsWith('.cfg'))
        .map(name => join('fabric', name));
process.stdout.write(`${execFileSync('yanglint', ['--version'], { encoding: 'utf8' }).trim()}\n`);
const models = new YangModels(folder);
const valid = files.map(file => proveOne(file, models)).every(each => each);
models.close();
process.exit(valid ? 0 : 1);

/** `edit` checks names, types and structure against the published models, `config` references and conditions against the adapted ones. */
function proveOne(file: string, models: YangModels): boolean {
  const { tree, diagnostics } = parseSwitchConfig(readFileSync(file, 'utf8'), file);
  const errors = diagnostics.filter(one => one.severity === 'error');
  if (errors.length > 0) {
    process.stdout.write(`${file}: not read: ${errors[0]?.message}\n`);
    return false;
  }
  const edit = models.namesAndTypes(yangJson(tree));
  const config = models.conditions(yangJson(tree));
  process.stdout.write(`${file}: -t edit ${verdict(edit)}, -t config ${verdict(config)}\n`);
  for (const complaint of new Set([...edit, ...config])) process.stdout.write(`    ${complaint}\n`);
  return edit.length === 0 && config.length === 0;
}

function verdict(complaints: readonly string[]): string {
  return complaints.length === 0 ? 'valid' : 'NOT VALID';
}
