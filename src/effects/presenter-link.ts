import { createServer, type Socket } from 'node:net';
import type { Message } from '../tutor/message.ts';
import { notesModel } from '../tutor/notes-model.ts';
import {
  decodeFromNotes,
  encode,
  lineReader,
  longestFromNotes,
  messageOfOrder,
} from '../tutor/presenter-protocol.ts';
import type { Store } from '../tutor/store.ts';
import { type Claim, claimSocket } from './presenter-socket.ts';

export type PresenterLink = {
  /** Terminals with notes that are attached. */
  readonly attached: () => number;
  readonly close: () => Promise<void>;
};

export type LinkOutcome =
  | { readonly outcome: 'open'; readonly link: PresenterLink }
  | Exclude<Claim, { readonly outcome: 'ours' }>;

/** Tells attached notes what happens at most this often. */
const pauseMs = 100;

/** The presenter's end: every terminal with notes hears the latest state, never a queue of old ones, and may drive. */
export async function openPresenterLink(
  path: string,
  parts: {
    readonly store: () => Pick<Store, 'getState' | 'subscribe' | 'send'> | undefined;
    readonly attachedChanged: () => void;
  },
): Promise<LinkOutcome> {
  const sockets = new Set<Socket>();
  /** Those of them that said hello. */
  const listeners = new Map<Socket, Listener>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    const listener = new Listener(socket);
    const read = lineReader(longestFromNotes);
    let counted = false;
    socket.on('data', (piece: string) => {
      const lines = read(piece);
      if (lines === undefined) {
        socket.destroy();
        return;
      }
      for (const line of lines) {
        const message = decodeFromNotes(line);
        if (message?.type === 'hello' && !counted) {
          counted = true;
          listeners.set(socket, listener);
          parts.attachedChanged();
          tell();
        } else if (message?.type === 'drive') {
          const order: Message = messageOfOrder(message.order);
          parts.store()?.send(order);
        }
      }
    });
    socket.on('close', () => {
      sockets.delete(socket);
      if (listeners.delete(socket)) parts.attachedChanged();
    });
    socket.write(encode({ type: 'hello', pid: process.pid }));
  });
  const claim = await claimSocket(server, path);
  if (claim.outcome !== 'ours') {
    server.close();
    return claim;
  }
  server.on('error', () => undefined);
  server.unref();

  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    if (timer !== undefined || listeners.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      const state = parts.store()?.getState();
      const model = state === undefined ? undefined : notesModel(state);
      if (model === undefined) return;
      const text = encode({ type: 'notes', model });
      for (const listener of listeners.values()) listener.tell(text);
    }, pauseMs);
    timer.unref();
  };
  let unsubscribe: (() => void) | undefined;
  const follow = setInterval(() => {
    const store = parts.store();
    if (store === undefined) return;
    clearInterval(follow);
    unsubscribe = store.subscribe(tell);
    tell();
  }, 20);
  follow.unref();

  return {
    outcome: 'open',
    link: {
      attached: () => listeners.size,
      close: async () => {
        clearInterval(follow);
        clearTimeout(timer);
        unsubscribe?.();
        for (const socket of sockets) socket.end();
        // The server takes its name away with it.
        await new Promise<void>(resolve => {
          server.close(() => resolve());
          setTimeout(() => {
            for (const socket of sockets) socket.destroy();
          }, 200).unref();
        });
      },
    },
  };
}

/** One attached terminal: while it has not taken the last text, only the newest is kept for it. */
class Listener {
  readonly #socket: Socket;
  #waiting: string | undefined;
  #last = '';

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('drain', () => {
      const text = this.#waiting;
      this.#waiting = undefined;
      if (text !== undefined) this.tell(text);
    });
  }

  tell(text: string): void {
    if (this.#socket.destroyed || text === this.#last) return;
    if (this.#socket.writableLength > 0) {
      this.#waiting = text;
      return;
    }
    this.#last = text;
    this.#socket.write(text);
  }
}
