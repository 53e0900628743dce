/**
 * What engines/real/prober-program.ts says in Node.js, for images that have Python 3 and nothing else: the same lines in, the
 * same lines out. Every connection has an exact source address and port; one request in four goes over one of three
 * connections that stay open.
 */
export const pythonProber = String.raw`
import asyncio, json, socket, struct, sys, time

TIMEOUT, FIRST, PORTS, KEPT, KEPT_EVERY = 2.0, 32768, 28232, 3, 4
started = time.time() - time.monotonic()

def wall():
    return (started + time.monotonic()) * 1000

def say(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()

class Run:
    def __init__(self, client, port):
        self.client, self.turn, self.port, self.kept, self.task = client, 0, port, [None] * KEPT, None

    def next_port(self):
        self.port = (self.port + 1) % PORTS
        return FIRST + self.port

def reset(writer):
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()

async def connected(address, port, to, to_port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        sock.bind((address, port))
        await asyncio.get_running_loop().sock_connect(sock, (to, to_port))
        return await asyncio.open_connection(sock=sock)
    except BaseException:
        sock.close()
        raise

async def exchange(pair, to, keep):
    reader, writer = pair
    how = "keep-alive" if keep else "close"
    writer.write(f"GET / HTTP/1.1\r\nHost: {to}\r\nConnection: {how}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.split("content-length:")[1].split("\r\n")[0])
    return (await reader.readexactly(length)).decode().strip()

async def ask(client, port, keep, pair):
    to, to_port = client["destination"]["address"], client["destination"]["port"]
    at, fresh, outcome, answer = wall(), pair is None, "answered", None
    try:
        async def whole():
            nonlocal pair
            if pair is None:
                pair = await connected(client["address"], port, to, to_port)
            return await exchange(pair, to, keep)
        answer = await asyncio.wait_for(whole(), TIMEOUT)
    except (asyncio.TimeoutError, TimeoutError):
        outcome = "lost"
    except ConnectionRefusedError:
        outcome = "refused"
    except (ConnectionResetError, BrokenPipeError, asyncio.IncompleteReadError):
        outcome = "reset"
    except OSError as error:
        outcome = "busy" if error.errno == 98 else "lost"
    except Exception:
        outcome = "lost"
    if pair is not None and (outcome != "answered" or not keep):
        if outcome == "answered":
            pair[1].close()
        else:
            reset(pair[1])
    line = dict(client=client["name"], address=client["address"], port=port, to=to, toPort=to_port, at=at,
                ms=wall() - at, outcome=outcome, kept=not fresh)
    if answer is not None:
        line["answer"] = answer
    say(line)
    return pair if outcome == "answered" and keep else None

async def over_kept(run, place):
    known = run.kept[place]
    port = known["port"] if known else run.next_port()
    pair = known["pair"] if known else None
    if pair is not None and pair[0].at_eof():
        pair, port = None, run.next_port()
    run.kept[place] = dict(port=port, busy=True, pair=pair)
    pair = await ask(run.client, port, True, pair)
    run.kept[place] = None if pair is None else dict(port=port, busy=False, pair=pair)

async def go(run, interval, delay):
    pending = set()
    await asyncio.sleep(delay)
    due = time.monotonic()
    while True:
        run.turn += 1
        place = run.turn // KEPT_EVERY % KEPT
        if run.turn % KEPT_EVERY == 0 and not (run.kept[place] and run.kept[place]["busy"]):
            task = asyncio.ensure_future(over_kept(run, place))
        else:
            task = asyncio.ensure_future(ask(run.client, run.next_port(), False, None))
        pending.add(task)
        task.add_done_callback(pending.discard)
        due = max(due + interval, time.monotonic() - 1)
        await asyncio.sleep(max(0, due - time.monotonic()))

runs = {}

def follow(wanted):
    before = dict(runs)
    for run in runs.values():
        if run.task is not None:
            run.task.cancel()
        for kept in run.kept:
            if kept and kept["pair"]:
                kept["pair"][1].close()
    runs.clear()
    rate = wanted["rate"]
    for index, client in enumerate(wanted["clients"]):
        known = before.get(client["address"])
        port = known.port if known else int(client["address"].split(".")[3]) * 997 % PORTS
        run = runs[client["address"]] = Run(client, port)
        if rate > 0:
            delay = index / len(wanted["clients"]) / rate
            run.task = asyncio.ensure_future(go(run, 1 / rate, delay))

async def main():
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 22)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    say(dict(ready=True))
    while True:
        line = await reader.readline()
        if not line:
            return
        if line.strip():
            follow(json.loads(line))

asyncio.run(main())
`;
