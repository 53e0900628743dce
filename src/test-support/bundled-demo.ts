import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleApp } from '../scripts/bundle/bundle-app.ts';

/** Bundles the renderer's demo as the product is bundled. Returns the arguments to run it with, and how to remove it. */
export async function bundleDemo(options: { readonly stockInk: boolean }): Promise<{
  readonly argv: readonly string[];
  readonly remove: () => void;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'renderer-demo-'));
  const root = join(import.meta.dirname, '../..');
  const outfile = join(folder, 'demo.cjs');
  await bundleApp({ root, entry: join(root, 'src/test-support/renderer-demo.tsx'), outfile, ...options });
  writeFileSync(join(folder, 'run.cjs'), "require('./demo.cjs').main();\n");
  return { argv: [join(folder, 'run.cjs')], remove: () => rmSync(folder, { recursive: true }) };
}
