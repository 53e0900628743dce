import { build, type Plugin } from 'esbuild';

/** Packages that take long to load and that only some learners need. Each becomes a file of its own, loaded on `import()`. */
const lazy = ['@kubernetes/client-node', 'dockerode', 'execa', 'marked-terminal'];

export function lazyPackages(folder: string): Plugin {
  return {
    name: 'lazy-packages',
    setup(main) {
      const wanted = new Set<string>();
      main.onResolve({ filter: /^[@\w]/ }, ({ path, kind }) => {
        if (kind !== 'dynamic-import' || !lazy.includes(path)) return undefined;
        wanted.add(path);
        return { path: `./${fileName(path)}`, external: true };
      });
      main.onEnd(async () => {
        for (const name of wanted) {
          await build({
            stdin: {
              // As Node loads a CommonJS file by import(): its exports are the default, and by name.
              contents: `module.exports = require('${name}');`,
              resolveDir: '.',
            },
            outfile: `${folder}/${fileName(name)}`,
            bundle: true,
            minify: true,
            platform: 'node',
            target: 'node20',
            format: 'cjs',
            // Native parts of these packages are optional.
            external: ['*.node', 'cpu-features'],
            logLevel: 'error',
            legalComments: 'none',
          });
        }
      });
    },
  };
}

function fileName(name: string): string {
  return `${name.replace('@', '').replace('/', '-')}.cjs`;
}
