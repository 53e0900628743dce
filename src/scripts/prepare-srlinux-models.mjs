// Fetches Nokia's YANG models of SR Linux 25.3.1 into the user's cache folder, for the proofs of the real suite. They are
// published under BSD-3-Clause and stay outside the repository. Does nothing when they are there, or named by SRKLAB_YANG_MODELS.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const repository = 'https://github.com/nokia/srlinux-yang-models';
const tag = 'v25.3.1';
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const target = join(cache, 'srklab-tutor', `srlinux-yang-models-${tag}`);

/** Fetches them unless they are there; when they cannot be had, the tests that need them are skipped, and it is said how to get them. */
export function prepareModels() {
  if (process.env.SRKLAB_YANG_MODELS !== undefined || existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), 'yang-'));
  const models = join(work, 'models');
  const clone = spawnSync('git', ['clone', '--quiet', '--depth', '1', '--branch', tag, repository, models], {
    stdio: 'ignore',
    timeout: 60_000,
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
  });
  if (clone.status === 0) renameSync(models, target);
  else
    console.error(
      `Nokia's YANG models (${tag}) could not be fetched: the proofs that need them are skipped. ` +
        `Clone ${repository} by hand and set SRKLAB_YANG_MODELS to its folder srlinux-yang-models.`,
    );
  rmSync(work, { recursive: true, force: true });
}
