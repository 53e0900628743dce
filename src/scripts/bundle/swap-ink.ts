import type { Plugin } from 'esbuild';
import { checkPinnedSources, pinnedSource } from './pinned-sources.ts';

type Folders = { readonly nodeModules: string; readonly renderer: string };

/** Puts the renderer beneath Ink: its output stage and log-update become ours, canvases reach the output stage. */
export function swapInk({ nodeModules, renderer }: Folders): Plugin {
  return {
    name: 'swap-ink',
    setup(build) {
      checkPinnedSources(nodeModules);
      build.onLoad({ filter: /ink[\\/]build[\\/]output\.js$/ }, () => ({
        contents: "export { default } from './output.ts';",
        resolveDir: renderer,
      }));
      build.onLoad({ filter: /ink[\\/]build[\\/]log-update\.js$/ }, ({ suffix }) =>
        suffix === '?original'
          ? undefined
          : { contents: "export { default } from './log-update.ts';", resolveDir: renderer },
      );
      build.onResolve({ filter: /^ink-log-update$/ }, ({ namespace }) =>
        namespace === 'ink-log-update'
          ? { path: `${nodeModules}/ink/build/log-update.js`, suffix: '?original' }
          : { path: 'ink-log-update', namespace: 'ink-log-update' },
      );
      // Loaded when something is drawn that does not fill the screen.
      build.onLoad({ filter: /.*/, namespace: 'ink-log-update' }, () => ({
        contents:
          "export default { create: (...given) => require('ink-log-update').default.create(...given) };",
        resolveDir: renderer,
      }));
      build.onLoad({ filter: /ink[\\/]build[\\/]render-node-to-output\.js$/ }, () => ({
        contents: handOverCanvases(pinnedSource(nodeModules, 'ink/build/render-node-to-output.js')),
        loader: 'js',
      }));
    },
  };
}

/** A box with a `paint` attribute is told to the output stage after its background and border, before its children. */
function handOverCanvases(source: string): string {
  const border = 'renderBorder(x, y, node, output);\n';
  const parts = source.split(border);
  if (parts.length !== 2) throw new Error('render-node-to-output.js draws borders in another way now');
  return parts.join(`${border}        if (node.attributes.paint) output.canvas(x, y, node);\n`);
}
