import { INTERRUPTED } from '../../../../lab/exit-code.ts';
import type { HttpAnswer } from '../../cluster-port.ts';
import type { Command, Terminal } from '../command.ts';
import { flag, readOptions, valued } from '../options.ts';
import { addressMeant } from './names.ts';
import { placeOf } from './place.ts';

/** `curl [-s] [-m seconds] [-o /dev/null] [-w format] [--local-port port] http://address:port/`. */
export const curl: Command = {
  name: 'curl',
  summary: 'one HTTP request: curl -s http://10.254.254.240:8080',
  async run(words, terminal) {
    const reading = readOptions(words, curlOptions);
    if (reading.outcome === 'refused') {
      terminal.err(
        `curl: option ${reading.because.replace(/^unknown (shorthand )?flag: /, '')}: is not answered here; -s, -m, -o /dev/null, -w, --local-port and --connect-timeout are`,
      );
      return 2;
    }
    const { options } = reading;
    const url = urlIn(options.words);
    if (url === undefined) {
      terminal.err('curl: no URL specified; curl [-s] [-m seconds] [--local-port port] http://address:port/');
      return 2;
    }
    const output = options.value('output');
    if (output !== undefined && output !== '/dev/null' && output !== '-') {
      terminal.err(`curl: -o ${output}: no file is written here; -o /dev/null drops the answer`);
      return 23;
    }
    if ((options.value('request') ?? 'GET') !== 'GET') {
      terminal.err(`curl: -X ${options.value('request')}: the application answers GET only`);
      return 1;
    }
    const limit = Number(options.value('max-time') ?? options.value('connect-timeout') ?? 130);
    const answer = await request(
      terminal,
      url,
      limit * 1000,
      Number(options.value('local-port') ?? Number.NaN),
    );
    if (answer === 'cancelled') return INTERRUPTED;
    if (typeof answer === 'string') {
      terminal.err(`curl: (6) ${answer}`);
      return 6;
    }
    const format = options.value('write-out');
    if (answer.outcome === 'answered' && output !== '/dev/null') terminal.out(answer.body.trimEnd());
    if (format !== undefined) terminal.out(writtenOut(format, url, answer).replace(/\n$/, ''));
    if (answer.outcome === 'answered') return 0;
    const refused = answer.outcome === 'refused';
    if (!options.has('silent') || options.has('show-error'))
      terminal.err(
        refused
          ? `curl: (7) Failed to connect to ${url.host} port ${url.port}: Connection refused`
          : `curl: (28) Connection timed out to ${url.host} port ${url.port}`,
      );
    terminal.err(`why (only the embedded lab can tell): ${answer.because}`);
    return refused ? 7 : 28;
  },
};

/** What the application does not look at (headers, the IP version, redirects) changes nothing. */
const curlOptions = [
  flag('silent', 's'),
  flag('show-error', 'S'),
  flag('fail', 'f'),
  flag('location', 'L'),
  flag('ipv4', '4'),
  valued('max-time', 'm'),
  valued('connect-timeout'),
  valued('local-port'),
  valued('output', 'o'),
  valued('write-out', 'w'),
  valued('header', 'H'),
  valued('request', 'X'),
];

/** curl's `%{http_code}` and the like; a variable that is not known is empty, as in curl. */
function writtenOut(format: string, url: Url, answer: HttpAnswer): string {
  const answered = answer.outcome === 'answered';
  const values: Readonly<Record<string, string>> = {
    http_code: answered ? '200' : '000',
    response_code: answered ? '200' : '000',
    time_total: ((answered ? answer.latencyMs : 0) / 1000).toFixed(6),
    size_download: `${answered ? answer.body.length : 0}`,
    remote_ip: url.host,
    remote_port: `${url.port}`,
    local_port: `${answer.sourcePort}`,
    url_effective: `http://${url.host}:${url.port}/`,
  };
  return format
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

/** busybox `wget -qO- URL`. */
export const wget: Command = {
  name: 'wget',
  summary: 'one HTTP request: wget -qO- http://10.254.254.240:8080',
  async run(words, terminal) {
    const reading = readOptions(words, [
      flag('quiet', 'q'),
      valued('output-document', 'O'),
      valued('timeout', 'T'),
      valued('tries', 't'),
      valued('header'),
    ]);
    if (reading.outcome === 'refused') {
      terminal.err(`wget: ${reading.because}; -q, -O and -T are answered here`);
      return 1;
    }
    const { options } = reading;
    const url = urlIn(options.words);
    if (url === undefined) {
      terminal.err('Usage: wget -qO- http://address:port/');
      return 1;
    }
    const output = options.value('output-document');
    if (output !== '-' && output !== '/dev/null') {
      terminal.err(`wget: no file is written here: -O - prints the answer, -O /dev/null drops it`);
      return 1;
    }
    const limit = Number(options.value('timeout') ?? 130);
    const answer = await request(terminal, url, limit * 1000, Number.NaN);
    if (answer === 'cancelled') return INTERRUPTED;
    if (typeof answer === 'string') {
      terminal.err(`wget: ${answer}`);
      return 1;
    }
    if (answer.outcome === 'answered') {
      if (output === '-') terminal.out(answer.body.trimEnd());
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
    return Promise.resolve('your own machine is not on the fabric: send the request from a node or pod');
  }
  const address = addressMeant(terminal, url.host);
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
