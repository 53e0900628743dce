import { connect, type Socket } from 'node:net';
import type { NotesView } from '../tutor/notes-model.ts';
import {
  type DriveOrder,
  decodeFromPresenter,
  encode,
  lineReader,
  longestFromPresenter,
} from '../tutor/presenter-protocol.ts';

export type NotesLink = {
  readonly getView: () => NotesView;
  readonly subscribe: (listener: () => void) => () => void;
  /** False when nobody is there to hear it. */
  readonly drive: (order: DriveOrder) => boolean;
  readonly close: () => void;
};

const shortestPause = 100;
const longestPause = 2_000;

/** The notes' end: finds the presenter, and finds it again after a crash of either. */
export function openNotesLink(path: string): NotesLink {
  let view: NotesView = { link: { state: 'waiting', lost: false } };
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pause = shortestPause;
  let closed = false;
  const listeners = new Set<() => void>();
  const show = (next: NotesView) => {
    view = next;
    for (const listener of listeners) listener();
  };

  const attempt = () => {
    timer = undefined;
    const mine = connect(path);
    socket = mine;
    let because: string | undefined;
    const read = lineReader(longestFromPresenter);
    mine.setEncoding('utf8');
    mine.on('connect', () => mine.write(encode({ type: 'hello', pid: process.pid })));
    mine.on('data', (piece: string) => {
      const lines = read(piece);
      if (lines === undefined) {
        because = 'the presenter says more than can be understood';
        mine.destroy();
        return;
      }
      for (const line of lines) {
        const message = decodeFromPresenter(line);
        if (message?.type === 'hello') {
          pause = shortestPause;
          show({ ...view, link: { state: 'connected', pid: message.pid } });
        } else if (message?.type === 'notes') show({ ...view, model: message.model });
      }
    });
    mine.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'ECONNREFUSED' && error.code !== 'ECONNRESET')
        because = error.message;
    });
    mine.on('close', () => {
      if (closed) return;
      const lost = view.link.state === 'connected' || view.link.lost;
      if (view.link.state === 'connected' || view.link.because !== because)
        show({ ...view, link: { state: 'waiting', lost, ...(because !== undefined && { because }) } });
      timer = setTimeout(attempt, pause);
      pause = Math.min(longestPause, pause * 2);
    });
  };
  attempt();

  return {
    getView: () => view,
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drive: order => {
      if (view.link.state !== 'connected' || socket === undefined) return false;
      socket.write(encode({ type: 'drive', order }));
      return true;
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket?.destroy();
    },
  };
}
