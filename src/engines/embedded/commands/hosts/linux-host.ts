import { NodeDevice } from '../../cluster/node-device.ts';
import type { Terminal } from '../command.ts';

/** The Kubernetes node a command runs on, in the node's own network namespace; undefined elsewhere. */
export function nodeOf(terminal: Terminal): NodeDevice | undefined {
  const place = terminal.host === undefined ? undefined : terminal.context.clusters.hostNamed(terminal.host);
  return place !== undefined && place.instance === '' && place.device instanceof NodeDevice
    ? place.device
    : undefined;
}
