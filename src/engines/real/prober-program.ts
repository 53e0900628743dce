/**
 * The clients as one small program of Node.js in the clients' network namespace. Told over its standard input whom to
 * ask and how often, it opens real connections with exact source ports and writes one JSON line for each request.
 * In: {"clients":[{"name","address","destination":{"address","port"}}],"rate":n}; rate 0 is off.
 *     {"open":{"id","address","to","toPort","firstPort","count"}}: that many connections at once, one request each.
 * Out: {"open":id,"answers":[text or null]}, and {"client","address","port","to","toPort","at","ms","outcome","answer","kept"}; "at" is milliseconds since 1970.
 */
export const proberProgram = String.raw`
const net = require('node:net');
const TIMEOUT = 2000, FIRST = 32768, PORTS = 28232, KEPT = 3, KEPT_EVERY = 4;
const runs = new Map();
const wall = () => performance.timeOrigin + performance.now();
function say(value) { process.stdout.write(JSON.stringify(value) + '\n'); }
function portOf(run) { run.port = (run.port + 1) % PORTS; return FIRST + run.port; }
function ask(run, port, keep, socket, done) {
  const { name, address, destination } = run.client;
  const at = wall();
  const fresh = socket === undefined;
  let text = '', over = false;
  const end = (outcome, answer) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    socket.removeAllListeners('data');
    if (outcome !== 'answered' || !keep) outcome === 'answered' ? socket.destroy() : socket.resetAndDestroy();
    say({ client: name, address, port, to: destination.address, toPort: destination.port, at, ms: wall() - at,
      outcome, answer, kept: !fresh });
    done(outcome === 'answered' && keep ? socket : undefined);
  };
  if (fresh) {
    socket = net.connect({ host: destination.address, port: destination.port, localAddress: address, localPort: port });
    socket.setNoDelay(true);
  }
  const timer = setTimeout(() => end('lost'), TIMEOUT);
  socket.removeAllListeners('error').removeAllListeners('close').removeAllListeners('end');
  socket.on('error', error => end(error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset'
    : error.code === 'ECONNREFUSED' ? 'refused' : error.code === 'EADDRINUSE' ? 'busy' : 'lost'));
  socket.on('close', () => end('reset'));
  socket.on('data', chunk => {
    text += chunk;
    const found = /content-length: (\d+)\r\n[^]*?\r\n\r\n([^]*)$/i.exec(text);
    if (found !== null && found[2].length >= Number(found[1])) end('answered', found[2].trim());
  });
  const request = 'GET / HTTP/1.1\r\nHost: ' + destination.address + '\r\nConnection: ' + (keep ? 'keep-alive' : 'close') + '\r\n\r\n';
  socket.write(request);
}
function next(run) {
  run.turn++;
  if (run.turn % KEPT_EVERY === 0) {
    const place = (run.turn / KEPT_EVERY) % KEPT;
    const kept = run.kept[place];
    if (kept === undefined || !kept.busy) {
      const port = kept?.port ?? portOf(run);
      run.kept[place] = { port, busy: true, socket: kept?.socket };
      ask(run, port, true, kept?.socket, socket => {
        run.kept[place] = socket === undefined ? undefined : { port, busy: false, socket };
        if (socket !== undefined) socket.on('close', () => {
          if (run.kept[place]?.socket === socket && !run.kept[place].busy) run.kept[place] = undefined;
        }).on('error', () => {});
      });
      return;
    }
  }
  ask(run, portOf(run), false, undefined, () => {});
}
function stop(run) {
  clearInterval(run.timer);
  clearTimeout(run.timer);
  for (const kept of run.kept) kept?.socket?.destroy();
}
function follow(wanted) {
  for (const run of runs.values()) stop(run);
  const before = new Map(runs);
  runs.clear();
  wanted.clients.forEach((client, index) => {
    const run = { client, turn: 0, kept: [], port: before.get(client.address)?.port ?? Number(client.address.split('.')[3]) * 997 % PORTS };
    runs.set(client.address, run);
    if (!(wanted.rate > 0)) return;
    const interval = 1000 / wanted.rate;
    run.timer = setTimeout(() => { next(run); run.timer = setInterval(() => next(run), interval); },
      interval * index / wanted.clients.length);
  });
}
const AT_ONCE = 100;
function open({ id, address, to, toPort, firstPort, count }) {
  const answers = new Array(count).fill(null);
  let begun = 0, ended = 0;
  const more = () => {
    if (begun === count) return;
    const index = begun++;
    const socket = net.connect({ host: to, port: toPort, localAddress: address, localPort: firstPort + index });
    let text = '', over = false;
    const end = () => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      socket.resetAndDestroy();
      if (++ended === count) say({ open: id, answers });
      else more();
    };
    const timer = setTimeout(end, TIMEOUT);
    socket.on('error', end).on('close', end).on('data', chunk => {
      text += chunk;
      const found = /content-length: (\d+)\r\n[^]*?\r\n\r\n([^]*)$/i.exec(text);
      if (found === null || found[2].length < Number(found[1])) return;
      answers[index] = found[2].trim();
      end();
    });
    socket.write('GET / HTTP/1.1\r\nHost: ' + to + '\r\nConnection: close\r\n\r\n');
  };
  for (let lane = 0; lane < AT_ONCE; lane++) more();
}
function hear(said) {
  if (said.open === undefined) follow(said);
  else open(said.open);
}
let rest = '';
process.stdin.setEncoding('utf8').on('data', text => {
  rest += text;
  const lines = rest.split('\n');
  rest = lines.pop();
  for (const line of lines) if (line !== '') hear(JSON.parse(line));
});
process.stdin.on('end', () => process.exit(0));
say({ ready: true });
`;
