import { isIpv4 } from '../../../../net/address.ts';
import { INTERRUPTED, type Terminal } from '../command.ts';
import { echo } from './echo.ts';
import { addressNamed } from './names.ts';
import type { Place } from './place.ts';

const MOST_HOPS = 30;
/** After this many silent hops in a row there is nothing more to see. */
const MOST_SILENT = 3;

/** `traceroute [-n] [-I] <address>`: hop by hop, with ICMP. */
export async function tracerouteFrom(
  terminal: Terminal,
  from: Place,
  words: readonly string[],
): Promise<number> {
  const target = words.filter(word => !word.startsWith('-')).at(-1);
  if (target === undefined) {
    terminal.err('Usage: traceroute <destination>');
    return 2;
  }
  const destination = isIpv4(target) ? target : addressNamed(terminal, target);
  if (destination === undefined) {
    terminal.err(`${target}: Name or service not known`);
    return 2;
  }
  const { world } = terminal.context;
  terminal.out(`traceroute to ${target} (${destination}), ${MOST_HOPS} hops max, 60 byte packets`);
  let silent = 0;
  for (let ttl = 1; ttl <= MOST_HOPS; ttl++) {
    const result = echo(world, from, destination, ttl);
    if (result.outcome === 'unroutable') {
      terminal.err(`connect: ${result.because}`);
      return 1;
    }
    const number = `${ttl}`.padStart(2);
    if (result.outcome === 'replied') {
      terminal.out(`${number}  ${destination}  ${result.milliseconds.toFixed(3)} ms`);
      return 0;
    }
    if (result.outcome === 'error') {
      silent = 0;
      const mark = result.expired ? '' : ' !N';
      terminal.out(
        `${number}  ${result.from ?? '*'} (${result.at})  ${result.milliseconds.toFixed(3)} ms${mark}`,
      );
      if (!result.expired) return 1;
    } else {
      silent++;
      terminal.out(`${number}  * * *`);
      if (silent >= MOST_SILENT) {
        terminal.err(`why (only the embedded lab can tell): ${result.at}: ${result.because}`);
        return 1;
      }
      if (!(await terminal.wait(5000))) return INTERRUPTED;
    }
  }
  return 1;
}
