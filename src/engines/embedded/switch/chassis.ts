import type { Mac } from '../../../net/mac.ts';
import { hashText } from '../random.ts';

/** A switch's base MAC, made from its name so that the same lab has the same ones. Locally administered. */
export function chassisMac(node: string, offset = 0): Mac {
  const hash = hashText(`chassis ${node}`);
  const bytes = [0x1a, (hash >>> 24) & 0xff, (hash >>> 16) & 0xff, (hash >>> 8) & 0xff, hash & 0xff, offset];
  return bytes.map(byte => (byte & 0xff).toString(16).padStart(2, '0')).join(':');
}

/** The seed of a switch that has none configured: generated from its MAC, as SR Linux does. */
export function generatedHashSeed(node: string): number {
  return hashText(`hash-seed ${node}`) & 0xffff;
}
