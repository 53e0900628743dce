import { build } from 'esbuild';
import { lazyPackages } from './lazy-packages.ts';
import { markedOnDemand } from './marked-on-demand.ts';
import { quickStart } from './quick-start.ts';
import { swapInk } from './swap-ink.ts';

export type AppBundle = {
  /** Root of the repository. */
  readonly root: string;
  readonly entry: string;
  readonly outfile: string;
  /** Leaves Ink's own output stage in: to compare, and to go on when Ink changed. */
  readonly stockInk?: boolean;
  /** Markdown of the first screen. */
  readonly firstTexts?: readonly string[];
};

/** One CommonJS file with everything in it, so that starting is reading one file. Returns its size in bytes. */
export async function bundleApp({
  root,
  entry,
  outfile,
  stockInk = false,
  firstTexts = [],
}: AppBundle): Promise<number> {
  const folders = { nodeModules: `${root}/node_modules`, renderer: `${root}/src/renderer` };
  const outFolder = outfile.slice(0, outfile.lastIndexOf('/'));
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Only ASCII in the file: V8 keeps it as one byte a character.
    charset: 'ascii',
    jsx: 'automatic',
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      'import.meta.url': 'bundleUrl',
    },
    banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    inject: [`${root}/src/renderer/promise-with-resolvers.ts`],
    // `import()` of a file beside the bundle becomes require(), which also works inside vm.Script.
    supported: { 'dynamic-import': false },
    plugins: [
      quickStart(folders),
      markedOnDemand(folders.nodeModules, firstTexts),
      ...(stockInk ? [] : [swapInk(folders)]),
      lazyPackages(outFolder),
    ],
    alias: { 'react-devtools-core': `${root}/src/scripts/bundle/nothing.ts` },
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
  });
  return Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
}
