import type { Message } from '../tutor/message.ts';
import type { TutorState } from '../tutor/state.ts';

/** The running tutorial as the terminal sees it: the same three functions as React's external stores. */
export type Store = {
  readonly getState: () => TutorState;
  /** Called once after each batch of messages that changed the state. Returns the unsubscriber. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly send: (message: Message) => void;
  /** Settles with the exit code when the tutorial is over. */
  readonly done: Promise<number>;
};
