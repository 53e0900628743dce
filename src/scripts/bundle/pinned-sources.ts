import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * Ink's files that the renderer replaces, changes or relies on word for word, as they were when that was last looked at.
 * A new version of Ink stops the build here: read what changed, run the renderer's tests, then update.
 */
const pinned: Readonly<Record<string, string>> = {
  'ink/build/ink.js': '54975ccb060dbc0f155990fe210a62eb00fa648cc89e60e68cb271395feb456a',
  'ink/build/log-update.js': '0336ec176d00780756df0c2b6c365cd2f67118e28d0f9b5383e113fd9f70f285',
  'ink/build/output.js': '5e6c511c0a573f48cd5765d7f1f16583d2595f7b05775608382bdb990b63f225',
  'ink/build/render-node-to-output.js': 'de6aebe3d2224648cf2ec899f8897cb6436f76b49d986644a06e53b234d9cb0c',
  'ink/build/renderer.js': '05edd82d839770ff3dbc236f0d4f9d2bdeeefffe76d168aee676a4c504f1a584',
};

/** The text of a pinned file. Throws when it is not the text this build was written for. */
export function pinnedSource(nodeModules: string, name: keyof typeof pinned): string {
  const text = readFileSync(`${nodeModules}/${name}`, 'utf8');
  const digest = createHash('sha256').update(text).digest('hex');
  if (digest !== pinned[name]) {
    throw new Error(
      `${name} is not the file the renderer was written for (sha256 ${digest}). Compare it with the version before, ` +
        'run the tests of src/renderer, then put the new digest into src/scripts/bundle/pinned-sources.ts. ' +
        'Until then, SRKLAB_STOCK_INK=1 npm run build builds with Ink as it is.',
    );
  }
  return text;
}

export function checkPinnedSources(nodeModules: string): void {
  for (const name of Object.keys(pinned)) pinnedSource(nodeModules, name);
}
