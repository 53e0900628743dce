import { derived } from '../values/derived.ts';

/** Letters and digits without vowels and look-alikes, as Kubernetes builds names. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Five characters, as in "web-6d5f7c9b8d-x7k2p". `random` gives numbers from 0 to below 1. */
export function nameSuffix(random: () => number): string {
  let suffix = '';
  for (let i = 0; i < 5; i++) suffix += ALPHABET[Math.floor(random() * ALPHABET.length)];
  return suffix;
}

/** The pod-template-hash of a template: a function of its content, so that the same template finds its ReplicaSet again. */
export const templateHash = derived((template: object): string => {
  const text = JSON.stringify(template);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  let encoded = '';
  for (const digit of String(hash)) encoded += ALPHABET[digit.charCodeAt(0) % ALPHABET.length];
  return encoded;
});
