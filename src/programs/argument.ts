import { isIpv4 } from '../net/address.ts';
import { isAddressWithLength, isPrefix } from '../net/prefix.ts';

/**
 * Values on their way into an argument list. Files are checked when they are read; this is the door's own lock: a value that a
 * program could take for an option, for several values or for something else entirely never gets through.
 */
export const argument = {
  /** A container, cluster, network, namespace or node. */
  name: (value: string) => checked(value, 'a name', /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/),
  /** A network device inside a container. */
  device: (value: string) => checked(value, 'a device', /^[A-Za-z0-9][A-Za-z0-9_./-]{0,30}$/),
  image: (value: string) =>
    checked(
      value,
      'an image',
      /^[A-Za-z0-9][A-Za-z0-9._-]*(:\d{1,5})?(\/[A-Za-z0-9._-]+)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    ),
  /** A file of this machine, from the root: its first sign is a slash. */
  path: (value: string) => checked(value, 'an absolute path', /^\/[^\x00-\x1f\x7f]{0,4000}$/),
  /** A file of this machine, or the https address of a manifest. */
  pathOrAddress: (value: string) =>
    checked(
      value,
      'an absolute path or https address',
      /^(\/[^\x00-\x1f\x7f]{0,4000}|https:\/\/[A-Za-z0-9.-]+\/[A-Za-z0-9._/@+~-]{1,400})$/,
    ),
  ipv4: (value: string) => (isIpv4(value) ? value : refuse(value, 'an IPv4 address')),
  prefix: (value: string) => (isPrefix(value) ? value : refuse(value, 'an IPv4 prefix')),
  addressWithLength: (value: string) =>
    isAddressWithLength(value) ? value : refuse(value, 'an address with its prefix length'),
  /** Not less than zero, fractions too, without an exponent. */
  amount: (value: number) =>
    /^\d+(\.\d+)?$/.test(`${value}`) ? `${value}` : refuse(`${value}`, 'an amount'),
  whole: (value: number) =>
    Number.isSafeInteger(value) && value >= 0 ? `${value}` : refuse(`${value}`, 'a whole number'),
};

function checked(value: string, what: string, pattern: RegExp): string {
  return pattern.test(value) ? value : refuse(value, what);
}

/** A broken promise: whoever read the value should have refused it with its place. */
function refuse(value: string, what: string): never {
  throw new Error(`${JSON.stringify(value)} is not ${what}: it is kept out of a command line`);
}
