import { build } from 'esbuild';

export type LauncherBundle = {
  readonly root: string;
  readonly outfile: string;
  readonly version: string;
  /** Names this build of the app. */
  readonly buildId: string;
  readonly help: string;
};

/** The file `bin` points at: no dependency, no module that Node has not loaded anyway. */
export async function bundleLauncher({
  root,
  outfile,
  version,
  buildId,
  help,
}: LauncherBundle): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/launcher/launch.ts'],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    // Old enough to say that a newer Node is needed.
    target: 'node12',
    format: 'cjs',
    define: { VERSION: JSON.stringify(version), BUILD: JSON.stringify(buildId), HELP: JSON.stringify(help) },
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'error',
  });
}
