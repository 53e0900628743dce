import { INTERRUPTED } from '../../../../lab/exit-code.ts';
import { DEFAULT_TTL } from '../../packet.ts';
import type { Terminal } from '../command.ts';
import { flag, readOptions, valued } from '../options.ts';
import { echo } from './echo.ts';
import { addressMeant } from './names.ts';
import type { Place } from './place.ts';

/** `ping [-c count] [-i seconds] <address>`, as iputils prints it, with the reason where nothing comes back. */
export async function pingFrom(terminal: Terminal, from: Place, words: readonly string[]): Promise<number> {
  const { world } = terminal.context;
  const reading = readOptions(words, known);
  if (reading.outcome === 'refused') {
    terminal.err(`ping: ${reading.because}; -c, -i, -t, -s, -W, -n and -q are answered here`);
    return 2;
  }
  const { options } = reading;
  const count = Number(options.value('count') ?? 3);
  const interval = Number(options.value('interval') ?? 1) * 1000;
  const ttl = Number(options.value('ttl') ?? DEFAULT_TTL);
  const size = Number(options.value('size') ?? 56);
  const target = options.words.at(-1);
  const sound = Number.isInteger(count) && count >= 1 && interval >= 0 && ttl >= 1 && ttl <= 255 && size >= 0;
  if (target === undefined || options.words.length > 1 || !sound) {
    terminal.err('Usage: ping [-c count] [-i interval] [-t ttl] <destination>');
    return 2;
  }
  const destination = addressMeant(terminal, target);
  if (destination === undefined) {
    terminal.err(`ping: ${target}: Name or service not known`);
    return 2;
  }
  const sent = Math.min(count, 1000);
  terminal.out(`PING ${target} (${destination}) ${size}(${size + 28}) bytes of data.`);
  const times: number[] = [];
  const started = world.now();
  let lastReason = '';
  for (let sequence = 1; sequence <= sent; sequence++) {
    if (sequence > 1 && !(await terminal.wait(interval))) return INTERRUPTED;
    const result = echo(world, from, destination, ttl);
    if (result.outcome === 'unroutable') {
      terminal.err(`ping: connect: ${result.because}`);
      return 2;
    }
    if (result.outcome === 'replied') {
      times.push(result.milliseconds);
      if (!options.has('quiet'))
        terminal.out(
          `${size + 8} bytes from ${destination}: icmp_seq=${sequence} ttl=${result.ttl} time=${result.milliseconds.toFixed(3)} ms`,
        );
    } else if (result.outcome === 'error') {
      const what = result.expired ? 'Time to live exceeded' : 'Destination Host Unreachable';
      terminal.out(`From ${result.from ?? result.at} icmp_seq=${sequence} ${what}`);
      lastReason = `${result.at}: ${result.because}`;
    } else lastReason = `${result.onTheWayBack ? 'the reply was lost: ' : ''}${result.at}: ${result.because}`;
  }
  const loss = Math.round(((sent - times.length) / sent) * 100);
  terminal.out('');
  terminal.out(`--- ${target} ping statistics ---`);
  terminal.out(
    `${sent} packets transmitted, ${times.length} received, ${loss}% packet loss, time ${Math.round(world.now() - started)}ms`,
  );
  if (times.length > 0) {
    const sum = times.reduce((total, time) => total + time, 0);
    terminal.out(
      `rtt min/avg/max = ${Math.min(...times).toFixed(3)}/${(sum / times.length).toFixed(3)}/${Math.max(...times).toFixed(3)} ms`,
    );
  }
  if (lastReason !== '') terminal.err(`why (only the embedded lab can tell): ${lastReason}`);
  return times.length > 0 ? 0 : 1;
}

/** `-I` is not among them: the source address is the one that the route gives. */
const known = [
  valued('count', 'c'),
  valued('interval', 'i'),
  valued('ttl', 't'),
  valued('size', 's'),
  valued('timeout', 'W'),
  flag('numeric', 'n'),
  flag('quiet', 'q'),
  flag('4', '4'),
];
