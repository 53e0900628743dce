import type { ApiObject, KubernetesApi } from '../../../programs/kubernetes-api.ts';
import type { WatchedKind } from './resources.ts';

export type KindListener = {
  /** Everything of the kind that is there. What was known and is not among it is gone. */
  readonly onList: (objects: readonly ApiObject[]) => void;
  readonly onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: ApiObject) => void;
  /** It cannot be listed or watched now; it is tried again. */
  readonly onTrouble: (because: string) => void;
};

/** Between tries: twice as long each time, up to two seconds. Milliseconds. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 2_000;
/** A kind whose definition is not there yet is looked for that often. */
const NOT_DEFINED_PAUSE = 2_000;

/** Lists a kind and watches it from there, again and again, until the signal. */
export async function watchKind(
  api: KubernetesApi,
  watched: WatchedKind,
  listener: KindListener,
  signal: AbortSignal,
): Promise<void> {
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    const answer = await api.list(watched.path, signal);
    if (signal.aborted) return;
    if (answer.outcome === 'failed') {
      listener.onTrouble(answer.because);
      await waited(pause, signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      continue;
    }
    const list = answer.value;
    listener.onList(list?.items ?? []);
    if (list === undefined) {
      await waited(NOT_DEFINED_PAUSE, signal);
      continue;
    }
    pause = FIRST_PAUSE;
    await watchFrom(api, watched, list.resourceVersion, listener, signal);
  }
}

/** Ends when everything has to be listed again. */
async function watchFrom(
  api: KubernetesApi,
  watched: WatchedKind,
  resourceVersion: string,
  listener: KindListener,
  signal: AbortSignal,
): Promise<void> {
  let from = resourceVersion;
  while (!signal.aborted) {
    const end = await api.watch(
      watched.path,
      from,
      ({ type, object }) => listener.onChange(type, { kind: watched.kind, ...object }),
      signal,
    );
    if (signal.aborted) return;
    if (end.because !== 'closed') {
      if (end.because !== 'gone') {
        listener.onTrouble(end.because);
        await waited(FIRST_PAUSE, signal);
      }
      return;
    }
    from = end.resourceVersion;
  }
}

function waited(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}
