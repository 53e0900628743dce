import { INTERRUPTED, NOT_FOUND } from '../../../lab/exit-code.ts';
import type { LabCluster } from '../../../lab/lab.ts';
import { containerlabEnv } from '../../../programs/containerlab.ts';
import { complain } from '../../real/typed-line.ts';
import { kubeconfigOf } from '../build/step-commands.ts';
import type { CommandContext } from './context.ts';
import { ipChanges } from './looks.ts';

/** Building and clearing are stages: what they make stands in the ledger. From here these programs only look. */
const containerlabLooks = new Set(['inspect', 'version', 'graph', 'exec', 'events', 'validate']);
const kindLooks = new Set(['get', 'version']);
const LONGEST = 120_000;

/** A real program of the learner's machine, with the lab's own kubeconfig. */
export async function onThisMachine(
  name: string,
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { machine, heldBy, signal, print } = context;
  const [verb = ''] = words;
  const looks = name === 'containerlab' ? containerlabLooks : name === 'kind' ? kindLooks : undefined;
  if (looks !== undefined && !looks.has(verb))
    return complain(
      context,
      `${name} ${verb}: not run from here, where a stage or a fault does it and writes it down; ${[...looks].join(', ')} are`,
      NOT_FOUND,
    );
  if (name === 'ip' && ipChanges(words))
    return complain(context, 'ip: from here it only shows; on a node: docker exec <node> ip …', 1);
  const argv = [name, ...(name === 'kubectl' ? kubeconfig(context) : []), ...words];
  if (name === 'kubectl' && heldBy !== undefined && !kubectlLooks(words)) return complain(context, heldBy, 1);
  const result = await machine.run(argv, {
    timeout: LONGEST,
    ...(signal === undefined ? {} : { signal }),
    ...(name === 'containerlab' ? { env: containerlabEnv } : {}),
    onOutput: (stream, text) => print({ stream, text }),
  });
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.problem === 'interrupted') return INTERRUPTED;
  return complain(
    context,
    `${name}: ${result.problem ?? 'it did not end'}`,
    /ENOENT/.test(result.problem ?? '') ? NOT_FOUND : 1,
  );
}

/** Whether a command of kubectl changes nothing: its verb is the first word. */
export function kubectlLooks([verb = '']: readonly string[]): boolean {
  return /^(get|describe|logs|top|explain|version|events|api-resources|cluster-info|diff)$/.test(verb);
}

/** The cluster that is named, else the one that has workers, else the only one. */
function kubeconfig(context: CommandContext): string[] {
  const found = clusterMeant(context);
  return found === undefined ? [] : ['--kubeconfig', kubeconfigOf(found, context.machine.folder)];
}

export function clusterMeant({ machine, cluster }: CommandContext): LabCluster | undefined {
  const { lab } = machine;
  const withWorkers = lab.clusters.find(({ name }) =>
    lab.nodes.some(node => node.kind === 'cluster-node' && node.cluster === name && node.role === 'worker'),
  );
  return cluster === undefined
    ? (withWorkers ?? lab.clusters[0])
    : lab.clusters.find(({ name }) => name === cluster);
}
