import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that need other programs, namespaces or minutes: `npm run test:real` runs just them. */
const real = ['src/**/*.real.test.ts'];
const onlyReal = process.env['SRKLAB_REAL'] === '1';

export default defineConfig({
  test: {
    include: onlyReal ? real : ['src/**/*.test.{ts,tsx}'],
    exclude: onlyReal ? configDefaults.exclude : [...configDefaults.exclude, ...real],
    globalSetup: 'src/test-support/run-folder.ts',
    pool: 'threads',
    // Real daemons share addresses of loopback: one file at a time.
    fileParallelism: !onlyReal,
    testTimeout: 30_000,
    // Real routers share this machine's time with whatever else runs: a story gets a second try, and the report says so.
    retry: onlyReal ? 1 : 0,
    // Colours and terminal size never depend on who runs the tests.
    env: { FORCE_COLOR: '1', SRKLAB_TEST: '1' },
  },
});
