/**
 * The pods of one node as one small program of Node.js: told over its standard input which pods there are, it answers
 * each on its own address and port. JSON lines: {"pods":[{"address","port","name","node"}]}.
 */
export const podProgram = String.raw`
const http = require('node:http');
const pods = new Map();
function follow(wanted) {
  const keys = new Set(wanted.map(pod => pod.key));
  for (const [key, server] of pods) {
    if (keys.has(key)) continue;
    pods.delete(key);
    server.close();
    server.closeAllConnections();
    for (const socket of server.sockets) socket.resetAndDestroy();
  }
  for (const pod of wanted) {
    if (pods.has(pod.key)) continue;
    const server = http.createServer((request, response) => {
      const { client } = request.socket;
      const text = 'pod=' + pod.name + ' node=' + pod.node + ' client=' + client + '\n';
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    });
    server.keepAliveTimeout = 0;
    server.sockets = new Set();
    server.on('connection', socket => {
      server.sockets.add(socket);
      // Asked later, a connection that was reset meanwhile no longer says it.
      socket.client = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
      socket.on('error', () => {});
      socket.on('close', () => server.sockets.delete(socket));
    });
    const listen = () => pods.get(pod.key) === server && server.listen(pod.port, pod.address, 511);
    server.on('error', () => setTimeout(listen, 20));
    server.on('listening', () => process.stdout.write(JSON.stringify({ listening: pod.key }) + '\n'));
    pods.set(pod.key, server);
    listen();
  }
}
let rest = '';
process.stdin.setEncoding('utf8').on('data', text => {
  rest += text;
  const lines = rest.split('\n');
  rest = lines.pop();
  for (const line of lines) if (line !== '') follow(JSON.parse(line).pods);
});
process.stdin.on('end', () => process.exit(0));
`;
