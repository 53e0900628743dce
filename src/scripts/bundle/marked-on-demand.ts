import type { Plugin } from 'esbuild';
import { marked } from 'marked';

/**
 * Loading the Markdown parser means building its expressions, which the first screen has no time for. What that screen
 * shows is known, so its tokens are part of the bundle; the parser is loaded for any other text.
 */
export function markedOnDemand(nodeModules: string, firstTexts: readonly string[]): Plugin {
  const tokens = firstTexts.map(text => [text, marked.lexer(text)]);
  return {
    name: 'marked-on-demand',
    setup(build) {
      build.onResolve({ filter: /^marked$/ }, () => ({ path: 'marked', namespace: 'marked-on-demand' }));
      build.onLoad({ filter: /.*/, namespace: 'marked-on-demand' }, () => ({
        contents: `
          let real;
          const load = () => (real ??= require(${JSON.stringify(`${nodeModules}/marked/lib/marked.esm.js`)}));
          const known = new Map(JSON.parse(${JSON.stringify(JSON.stringify(tokens))}));
          const standIn = (name, own) => new Proxy(function () {}, {
            get: (_, key) => own[key] ?? load()[name][key],
            construct: (_, given) => new (load()[name])(...given),
            apply: (_, self, given) => load()[name](...given),
          });
          export const Lexer = standIn('Lexer', {});
          export const marked = standIn('marked', {
            lexer: (text, ...options) => (options.length === 0 && known.get(text)) || load().marked.lexer(text, ...options),
          });`,
        resolveDir: nodeModules,
      }));
    },
  };
}
