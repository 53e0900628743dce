import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    pool: 'threads',
    testTimeout: 30_000,
    // Colours and terminal size never depend on who runs the tests.
    env: { FORCE_COLOR: '1', SRKLAB_TEST: '1' },
  },
});
