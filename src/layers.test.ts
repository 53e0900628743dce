import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layers } from './layers.ts';
import { layerViolations } from './test-support/layer-violations.ts';

const source = import.meta.dirname;
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => /\.tsx?$/.test(path));

describe('the layer table', () => {
  it('is kept by every file below src/', () => {
    const broken = files.flatMap(path =>
      layerViolations({ path, text: readFileSync(join(source, path), 'utf8') }),
    );
    expect(broken).toEqual([]);
  });

  it('names only layers that exist', () => {
    const known = new Set(['*', ...layers.map(layer => layer.folder)]);
    const unknown = layers.flatMap(layer => layer.mayImport).filter(folder => !known.has(folder));
    expect(unknown).toEqual([]);
  });

  it.each([
    ['net/address.ts', "import { x } from '../lab/lab.ts';", 'net/ may not import lab/'],
    ['bgp/speaker.ts', "import type { Lab } from '../lab/lab.ts';", 'bgp/ may not import lab/'],
    ['bgp/speaker.ts', "import { readFileSync } from 'node:fs';", 'node:fs'],
    ['ui/app.tsx', "export { Queue } from '../engines/embedded/queue.ts';", 'engines/embedded/'],
    ['tutor/update.ts', "const late = await import('../effects/perform.ts');", 'effects/'],
    ['lab/lab.ts', "import {\n  parse,\n} from './files/parse.ts';", 'lab/ may not import lab/files/'],
    ['effects/perform.ts', "import { fake } from '../test-support/fake.ts';", 'never imports test support'],
    ['bgp/session.ts', 'const now = Date.now();', 'the clock'],
    ['engines/embedded/queue.ts', 'const pick = Math.random();', 'chance'],
    ['kube/controller.ts', 'export async function reconcile() {}', 'waiting'],
    ['tutor/update.ts', 'setTimeout(() => {}, 5);', 'a timer'],
    ['course/parse.ts', 'process.stdout.write(text);', 'the world outside'],
    ['utils/strings.ts', '', 'lives in no layer'],
  ])('says no to %s with %j', (path, text, problem) => {
    expect(layerViolations({ path, text }).join('\n')).toContain(problem);
  });

  it.each([
    [
      'bgp/session.ts',
      "// Date.now() is not used here: 'setTimeout' neither\nimport { x } from '../net/address.ts';",
    ],
    ['lab/files/parse.ts', "import { parseDocument } from 'yaml';\nimport type { Lab } from '../lab.ts';"],
    ['bgp/session.test.ts', "import { it } from 'vitest';\nimport { lab } from '../test-support/lab.ts';"],
  ])('says yes to %s with %j', (path, text) => {
    expect(layerViolations({ path, text })).toEqual([]);
  });
});
