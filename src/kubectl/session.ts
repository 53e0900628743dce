import { filePath } from '../lab/lab-path.ts';
import { apiPortOf } from './api-port.ts';
import { type Arguments, hasOption, optionOfName } from './arguments.ts';
import type { AskedCluster, Surroundings } from './surroundings.ts';

/** A kubectl command that has found its cluster. */
export type Session = Surroundings & {
  readonly run: AskedCluster;
  readonly args: Arguments;
  /** The namespace given or "default"; undefined with `-A`. */
  readonly namespace: string | undefined;
  /** Prints to the error output; returns exit code 1. */
  readonly fail: (message: string) => number;
};

/**
 * Finds the cluster: `--context kind-NAME`, `--kubeconfig` of srklab.yml, `--cluster`, else what the step of the lesson
 * says, else the cluster that has workers. Prints and returns an exit code when it cannot be asked.
 */
export function openSession(around: Surroundings, args: Arguments): Session | number {
  const fail = (message: string) => {
    for (const line of message.split('\n')) around.err(line);
    return 1;
  };
  const name = wantedCluster(around, args);
  if (name === undefined) return fail(unknownCluster(around, args));
  const run = around.clusters.get(name);
  if (run === undefined)
    return fail(
      `The connection to the server localhost:8080 was refused - did you specify the right host or port?\n` +
        `(the cluster ${name} does not exist: kind create cluster, or the stage clusters, makes it)`,
    );
  if (!run.apiAnswers)
    return fail(
      `The connection to the server 127.0.0.1:${apiPortOf(around.lab, name)} was refused - did you specify the right host or port?\n` +
        `(no control-plane node of ${name} is running)`,
    );
  return {
    ...around,
    run,
    args,
    namespace: hasOption(args, 'all-namespaces') ? undefined : (optionOfName(args, 'namespace') ?? 'default'),
    fail,
  };
}

/** The namespace for an object that must be in one. */
export function namespaceOf(session: Session): string {
  return session.namespace ?? 'default';
}

/** The cluster that a line means, a model or a real one; undefined when the lab has none of that name. */
export function wantedCluster(
  around: Pick<Surroundings, 'lab' | 'cluster'>,
  args: Arguments,
): string | undefined {
  const { cluster } = around;
  const { clusters, nodes } = around.lab;
  const contextName = optionOfName(args, 'context') ?? optionOfName(args, 'cluster');
  if (contextName !== undefined)
    return clusters.find(({ name }) => contextName === name || contextName === `kind-${name}`)?.name;
  const file = optionOfName(args, 'kubeconfig');
  if (file !== undefined) return clusters.find(each => filePath(each.kubeconfig) === filePath(file))?.name;
  if (cluster !== undefined) return clusters.find(({ name }) => name === cluster)?.name;
  const withWorkers = clusters.find(({ name }) =>
    nodes.some(node => node.kind === 'cluster-node' && node.cluster === name && node.role === 'worker'),
  );
  return (withWorkers ?? clusters[0])?.name;
}

function unknownCluster(around: Surroundings, args: Arguments): string {
  const { clusters } = around.lab;
  const contextName = optionOfName(args, 'context') ?? optionOfName(args, 'cluster');
  if (contextName !== undefined)
    return `error: context "${contextName}" does not exist\n(this lab has: ${clusters.map(({ name }) => `kind-${name}`).join(', ')})`;
  const file = optionOfName(args, 'kubeconfig') ?? '';
  return `error: stat ${file}: no such file or directory\n(this lab has: ${clusters.map(each => each.kubeconfig).join(', ')})`;
}
