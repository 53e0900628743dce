import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * What makes Ink start quickly and fit into a CommonJS bundle: the layout engine is instantiated at once (its own loader
 * fetches a data: URL, which loads an HTTP client), text is measured without a Unicode database where it can be, and
 * the development tools stay out.
 */
export function quickStart({ nodeModules, renderer }: { nodeModules: string; renderer: string }): Plugin {
  return {
    name: 'quick-start',
    setup(build) {
      const yoga = `${nodeModules}/yoga-layout/dist`;
      build.onLoad({ filter: /yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/ }, () => ({
        contents: instantiateAtOnce,
        resolveDir: `${yoga}/src`,
      }));
      build.onResolve({ filter: /^yoga-wasm$/ }, () => ({ path: 'yoga-wasm', namespace: 'yoga-wasm' }));
      build.onLoad({ filter: /.*/, namespace: 'yoga-wasm' }, () => {
        const base64 = embedded.exec(yogaLoader(nodeModules))?.[1];
        if (base64 === undefined)
          throw new Error('The layout engine carries its WebAssembly in another way now');
        return { contents: Buffer.from(base64, 'base64'), loader: 'binary' };
      });
      build.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, () => ({
        contents: yogaLoader(nodeModules)
          .replace(embedded, 'data:application/octet-stream;base64,')
          .replace('import.meta.url', '""'),
        loader: 'js',
      }));

      build.onLoad({ filter: /ink[\\/]build[\\/]reconciler\.js$/ }, () => ({
        contents: withoutDevelopmentTools(readFileSync(`${nodeModules}/ink/build/reconciler.js`, 'utf8')),
        loader: 'js',
      }));

      build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
        importer.startsWith(renderer)
          ? { path: 'string-width', namespace: 'on-demand' }
          : { path: `${renderer}/string-width.ts` },
      );
      build.onLoad({ filter: /ansi-tokenize[\\/]build[\\/]tokenize\.js$/ }, ({ path }) => ({
        contents: withSegmenterOnDemand(readFileSync(path, 'utf8')),
        loader: 'js',
      }));

      // Packages that set up Unicode tables when they are loaded, and whose one function most starts never call.
      for (const name of ['wrap-ansi', 'cli-truncate']) {
        build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: 'on-demand' }));
      }
      build.onLoad({ filter: /.*/, namespace: 'on-demand' }, ({ path }) => ({
        contents: `let load;
          export default (...given) => (load ??= require(${JSON.stringify(`${nodeModules}/${path}/index.js`)}).default)(...given);`,
        resolveDir: nodeModules,
      }));
    },
  };
}

const embedded = /data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)/;
const instantiateAtOnce = `
import loadYoga from '../binaries/yoga-wasm-base64-esm.js';
import wrapAssembly from './wrapAssembly.js';
import bytes from 'yoga-wasm';
const module = {
  instantiateWasm(imports, done) {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
    done(instance);
    return instance.exports;
  },
};
loadYoga(module);
const Yoga = wrapAssembly(module);
export default Yoga;
export * from './generated/YGEnums.js';
`;

function yogaLoader(nodeModules: string): string {
  return readFileSync(`${nodeModules}/yoga-layout/dist/binaries/yoga-wasm-base64-esm.js`, 'utf8');
}

/** Making one loads the Unicode data of the whole of ICU. */
function withSegmenterOnDemand(source: string): string {
  const [made, ...more] = source.match(/new Intl\.Segmenter\([^)]*\)/g) ?? [];
  if (made === undefined || more.length > 0)
    throw new Error('ansi-tokenize takes text apart in another way now');
  return source.replace(
    made,
    `{ made: undefined, segment(text) { return (this.made ??= ${made}).segment(text); } }`,
  );
}

/** Both sit behind `await` at the top of the module, which CommonJS does not have. */
function withoutDevelopmentTools(source: string): string {
  const changed = source
    .replace("await import('./devtools.js')", 'undefined')
    .replace('await loadPackageJson()', "({ name: 'ink', version: '' })");
  if (/^\s*await|= await/m.test(changed.replace(/async function[\s\S]*?\n}/, ''))) {
    throw new Error('reconciler.js waits for something else now');
  }
  return changed;
}
