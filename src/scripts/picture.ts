import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../test-support/terminal.ts';

/** npm run picture: runs the built tutorial in a terminal and puts what it shows into README.md. */
const root = join(import.meta.dirname, '../..');
const readme = join(root, 'README.md');
const home = mkdtempSync(join(tmpdir(), 'srklab-picture-'));
const terminal = launch([join(root, 'dist/launcher.cjs'), 'learn', '06-load-balancing'], {
  columns: 118,
  rows: 34,
  cwd: home,
  env: { HOME: home },
});
// Half a minute of lab time: the sparklines have something to tell.
await terminal.until(/ (5[0-9]|[6-9][0-9]|1\d\d) answered/, 60_000);
const screen = terminal.text();
await terminal.stop();
rmSync(home, { recursive: true, force: true });

const begin = '<!-- picture: npm run picture -->\n';
const end = '<!-- end of picture -->';
const text = readFileSync(readme, 'utf8');
const from = text.indexOf(begin);
const to = text.indexOf(end);
if (from < 0 || to < from)
  throw new Error(`README.md has no place for the picture (${begin.trim()} … ${end})`);
writeFileSync(
  readme,
  `${text.slice(0, from + begin.length)}\n\`\`\`text\n${screen}\n\`\`\`\n\n${text.slice(to)}`,
);
