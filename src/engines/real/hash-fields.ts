import type { HashConfig } from '../../lab/switch-config.ts';

/** The kernel's fib_multipath_hash_fields for what a switch hashes: the whole 5-tuple where nothing is said. */
export function hashFieldsOf(hash?: HashConfig): number {
  if (hash === undefined) return 0x37;
  return (
    (hash.sourceAddress ? 0x01 : 0) |
    (hash.destinationAddress ? 0x02 : 0) |
    (hash.protocol ? 0x04 : 0) |
    (hash.sourcePort ? 0x10 : 0) |
    (hash.destinationPort ? 0x20 : 0)
  );
}
