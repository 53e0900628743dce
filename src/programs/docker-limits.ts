/** How long Docker may be silent. Milliseconds. */
export type Limits = {
  /** After a question. */
  readonly question: number;
  /** When it has to do something: start a container, make a network. */
  readonly change: number;
  /** Before a stream begins; how long it then is silent, nobody minds. A pull begins when the registry has answered. */
  readonly begin: number;
};

export const usualLimits: Limits = { question: 10_000, change: 60_000, begin: 60_000 };

/** Docker did not answer in time. */
export class Silence extends Error {
  readonly seconds: number;

  constructor(milliseconds: number) {
    super(`no answer for ${milliseconds / 1000} s`);
    this.seconds = milliseconds / 1000;
  }
}

/** Work that is given up after `limit` milliseconds, or when `signal` says so: then what it was given is aborted. */
export async function limited<Value>(
  limit: number,
  work: (abort: AbortSignal) => Promise<Value>,
  signal?: AbortSignal,
): Promise<Value> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    abort();
  }, limit);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    return await work(controller.signal);
  } catch (error) {
    throw late ? new Silence(limit) : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
