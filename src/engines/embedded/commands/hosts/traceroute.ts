import { INTERRUPTED } from '../../../../lab/exit-code.ts';
import type { Terminal } from '../command.ts';
import { flag, readOptions, valued } from '../options.ts';
import { echo } from './echo.ts';
import { addressMeant } from './names.ts';
import type { Place } from './place.ts';

const MOST_HOPS = 30;
/** After this many silent hops in a row there is nothing more to see. */
const MOST_SILENT = 3;

/** One probe a hop and ICMP are what is sent anyway: `-q`, `-w` and `-I` change nothing. */
const known = [
  flag('numeric', 'n'),
  flag('icmp', 'I'),
  valued('max-hops', 'm'),
  valued('queries', 'q'),
  valued('wait', 'w'),
];

/** `traceroute [-n] [-I] <address>`: hop by hop, with ICMP. */
export async function tracerouteFrom(
  terminal: Terminal,
  from: Place,
  words: readonly string[],
): Promise<number> {
  const reading = readOptions(words, known);
  if (reading.outcome === 'refused') {
    terminal.err(`traceroute: ${reading.because}; -n, -I, -m, -q and -w are answered here`);
    return 2;
  }
  const { options } = reading;
  const target = options.words.at(-1);
  const most = Number(options.value('max-hops') ?? MOST_HOPS);
  if (target === undefined || !(most >= 1 && most <= 255)) {
    terminal.err('Usage: traceroute [-n] [-m max hops] <destination>');
    return 2;
  }
  const destination = addressMeant(terminal, target);
  if (destination === undefined) {
    terminal.err(`${target}: Name or service not known`);
    return 2;
  }
  const { world } = terminal.context;
  terminal.out(`traceroute to ${target} (${destination}), ${most} hops max, 60 byte packets`);
  let silent = 0;
  for (let ttl = 1; ttl <= most; ttl++) {
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
        `${number}  ${result.from ?? '*'}${options.has('numeric') ? '' : ` (${result.at})`}  ${result.milliseconds.toFixed(3)} ms${mark}`,
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
