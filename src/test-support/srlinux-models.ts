import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of Nokia's YANG models, where somebody put them: SRKLAB_YANG_MODELS, or what scripts/prepare-srlinux-models.mjs fetched. */
export function srlinuxModels(): string | undefined {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return [
    process.env['SRKLAB_YANG_MODELS'],
    join(cache, 'srklab-tutor', 'srlinux-yang-models-v25.3.1', 'srlinux-yang-models'),
  ].find(folder => folder !== undefined && existsSync(join(folder, 'srl_nokia')));
}
