import { emptyProgress } from '../tutor/progress.ts';
import type { ProgressFile } from './progress-file.ts';

/** For a talk: nothing was done before, and what is done on stage is nobody's progress. */
export function noProgress(): ProgressFile {
  return {
    load: async () => ({ progress: emptyProgress }),
    save: async () => ({ outcome: 'kept' }),
  };
}
