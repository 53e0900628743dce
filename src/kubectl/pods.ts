import type { KubeObject, LabelSelector, Pod, Service } from '../kube/objects.ts';
import { isDeleting } from '../kube/pod.ts';
import { selectorMatches } from '../kube/selector.ts';
import { NOT_FOUND } from '../lab/exit-code.ts';
import { optionOfName } from './arguments.ts';
import { selectOne } from './resources.ts';
import type { Session } from './session.ts';

/** `kubectl exec POD|deploy/NAME -- COMMAND`. */
export async function exec(session: Session, words: readonly string[]): Promise<number> {
  const { rest } = session.args;
  const [target, ...more] = words;
  const command = rest.length > 0 ? rest : more;
  if (target === undefined) return session.fail('error: pod, type/name or --filename must be specified');
  const pod = podOf(session, [target]);
  if (typeof pod === 'string') return session.fail(pod);
  if (command.length === 0)
    return session.fail('error: you must specify at least one command for the container');
  const container = optionOfName(session.args, 'container');
  if (container !== undefined && !pod.spec.containers.some(each => each.name === container))
    return session.fail(
      `Error from server (BadRequest): container ${container} is not valid for pod ${pod.metadata.name} out of: ${pod.spec.containers.map(({ name }) => name).join(', ')}`,
    );
  const [first, ...others] = pod.spec.containers;
  if (container === undefined && others.length > 0)
    session.err(
      `Defaulted container "${first?.name}" out of: ${pod.spec.containers.map(({ name }) => name).join(', ')}`,
    );
  if (!session.run.cluster.podAlive(pod, session.now()))
    return session.fail(
      `error: unable to upgrade connection: container not found ("${pod.spec.containers[0]?.name ?? ''}")`,
    );
  const inside = container ?? first?.name;
  const bgp = session.run.cluster.metallb.bgpContainer(pod.spec.nodeName ?? '');
  if (command[0] === 'vtysh' && bgp?.pod === pod && bgp.container !== inside) {
    session.err(
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "vtysh": executable file not found in $PATH',
    );
    session.err(
      `command terminated with exit code ${NOT_FOUND}; FRR is in the container ${bgp.container}: -c ${bgp.container}`,
    );
    return NOT_FOUND;
  }
  const exitCode = await session.exec(pod, command);
  if (exitCode !== 0) session.err(`command terminated with exit code ${exitCode}`);
  return exitCode;
}

/** The pod that is meant: itself, or the first running one of a workload or service. */
export function podOf(session: Session, words: readonly string[]): Pod | string {
  const found = selectOne(session, words, 'pods');
  if (typeof found === 'string') return found;
  const { object } = found;
  if (object.kind === 'Pod') return object as Pod;
  const pods = podsBehind(session, object);
  const running = pods.find(pod => pod.status.phase === 'Running' && !isDeleting(pod)) ?? pods[0];
  return running ?? `error: no pods found for ${object.kind.toLowerCase()}/${object.metadata.name}`;
}

function podsBehind(session: Session, object: KubeObject): Pod[] {
  const spec = object.spec as { readonly selector?: LabelSelector } | undefined;
  const selector: LabelSelector | undefined =
    object.kind === 'Service' ? { matchLabels: (object as Service).spec.selector ?? {} } : spec?.selector;
  return session.run.cluster.store
    .list('Pod', object.metadata.namespace)
    .filter(pod => selectorMatches(selector, pod.metadata.labels));
}
