import type { SessionState } from './event.ts';

/** A session's state in the spelling of FRR and frr-k8s: "OpenSent", "Established". */
export function stateWord(state: SessionState): string {
  return state === 'opensent'
    ? 'OpenSent'
    : state === 'openconfirm'
      ? 'OpenConfirm'
      : state.slice(0, 1).toUpperCase() + state.slice(1);
}
