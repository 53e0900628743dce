import { isIpv4 } from '../../../../net/address.ts';
import type { HttpAnswer } from '../../cluster-port.ts';
import { type Command, INTERRUPTED, type Terminal } from '../command.ts';
import { addressNamed } from './names.ts';
import { placeOf } from './place.ts';

/** `curl [-s] [-m seconds] [--local-port port] http://address:port/`. */
export const curl: Command = {
  name: 'curl',
  summary: 'one HTTP request: curl -s http://10.254.254.240:8080',
  async run(words, terminal) {
    const url = urlIn(words);
    if (url === undefined) {
      terminal.err('curl: no URL specified; curl [-s] [-m seconds] [--local-port port] http://address:port/');
      return 2;
    }
    const limit = Number(
      optionValue(words, '-m') ??
        optionValue(words, '--max-time') ??
        optionValue(words, '--connect-timeout') ??
        130,
    );
    const answer = await request(
      terminal,
      url,
      limit * 1000,
      Number(optionValue(words, '--local-port') ?? Number.NaN),
    );
    if (answer === 'cancelled') return INTERRUPTED;
    if (typeof answer === 'string') {
      terminal.err(`curl: (6) ${answer}`);
      return 6;
    }
    if (answer.outcome === 'answered') {
      terminal.out(answer.body.trimEnd());
      return 0;
    }
    const refused = answer.outcome === 'refused';
    terminal.err(
      refused
        ? `curl: (7) Failed to connect to ${url.host} port ${url.port}: Connection refused`
        : `curl: (28) Connection timed out to ${url.host} port ${url.port}`,
    );
    terminal.err(`why (only the embedded lab can tell): ${answer.because}`);
    return refused ? 7 : 28;
  },
};

/** busybox `wget -qO- URL`. */
export const wget: Command = {
  name: 'wget',
  summary: 'one HTTP request: wget -qO- http://10.254.254.240:8080',
  async run(words, terminal) {
    const url = urlIn(words);
    if (url === undefined) {
      terminal.err('Usage: wget -qO- http://address:port/');
      return 1;
    }
    const limit = Number(optionValue(words, '-T') ?? 130);
    const answer = await request(terminal, url, limit * 1000, Number.NaN);
    if (answer === 'cancelled') return INTERRUPTED;
    if (typeof answer === 'string') {
      terminal.err(`wget: ${answer}`);
      return 1;
    }
    if (answer.outcome === 'answered') {
      terminal.out(answer.body.trimEnd());
      return 0;
    }
    const refused = answer.outcome === 'refused';
    terminal.err(
      refused
        ? `wget: can't connect to remote host (${url.host}): Connection refused`
        : 'wget: download timed out',
    );
    terminal.err(`why (only the embedded lab can tell): ${answer.because}`);
    return 1;
  },
};

type Url = { readonly host: string; readonly port: number };

function urlIn(words: readonly string[]): Url | undefined {
  for (const word of words) {
    const match = /^(?:http:\/\/)?([A-Za-z0-9.-]+)(?::(\d{1,5}))?(?:\/.*)?$/.exec(word);
    const host = match?.[1];
    if (host === undefined || word.startsWith('-') || /^\d+$/.test(word)) continue;
    if (!word.startsWith('http://') && !host.includes('.') && match?.[2] === undefined) continue;
    return { host, port: Number(match?.[2] ?? 80) };
  }
  return undefined;
}

/** The answer, or a sentence why nothing could be sent, or 'cancelled'. */
function request(
  terminal: Terminal,
  url: Url,
  timeout: number,
  sourcePort: number,
): Promise<HttpAnswer | string> {
  const from = placeOf(terminal, terminal.host);
  const { clusters, signal, world } = terminal.context;
  if (from === undefined || clusters.hostNamed(terminal.host ?? '') === undefined) {
    return Promise.resolve(
      'your own machine is not on the fabric: send the request from a node or pod, as in "kubectl exec deploy/clients -- wget -qO- …"',
    );
  }
  const address = isIpv4(url.host) ? url.host : addressNamed(terminal, url.host);
  if (address === undefined) return Promise.resolve(`Could not resolve host: ${url.host}`);
  return new Promise(resolve => {
    let settled = false;
    const settle = (answer: HttpAnswer | string) => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', cancelled);
      resolve(answer);
    };
    const stop = clusters.request(
      {
        from,
        to: { address, port: url.port },
        timeout,
        ...(Number.isNaN(sourcePort) ? {} : { sourcePort }),
      },
      // Even an answer takes its time: whoever waits for it lets lab time pass.
      answer => world.schedule(answer.outcome === 'answered' ? answer.latencyMs : 0, () => settle(answer)),
    );
    const cancelled = () => {
      stop();
      settle('cancelled');
    };
    signal?.addEventListener('abort', cancelled, { once: true });
  });
}

function optionValue(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
}
