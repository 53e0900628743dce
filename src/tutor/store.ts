import type { Message } from './message.ts';
import type { TutorState } from './state.ts';

/**
 * The running tutorial as a terminal sees it: the functions of React's external stores.
 * `src/ui/start.tsx` exports `startUi(store: Store, io: TerminalIo): Promise<void>`: draws until `store.done` settles, then
 * leaves the terminal as it found it and resolves.
 */
export type Store = {
  readonly getState: () => TutorState;
  /** Called once after each batch of messages that changed the state. Returns the unsubscriber. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly send: (message: Message) => void;
  /** Settles with the exit code when the tutorial is over. */
  readonly done: Promise<number>;
};

/** The streams and surroundings that a terminal program is given. */
export type TerminalIo = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
};
