import { readArguments } from '../../../kubectl/arguments.ts';
import { wantedCluster } from '../../../kubectl/session.ts';
import { INTERRUPTED, NOT_FOUND } from '../../../lab/exit-code.ts';
import { containerlabEnv } from '../../../programs/containerlab.ts';
import { complain } from '../../real/typed-line.ts';
import { kubeconfigOf } from '../build/step-commands.ts';
import type { CommandContext } from './context.ts';
import { ipChanges } from './looks.ts';

/** Building and clearing are stages: what they make stands in the ledger. From here these programs only look. */
const containerlabLooks = new Set(['inspect', 'version', 'graph', 'exec', 'events', 'validate']);
const kindLooks = new Set(['get', 'version']);
const kubectlLooking = new Set([
  ...['get', 'describe', 'logs', 'events', 'wait', 'diff', 'top'],
  ...['explain', 'version', 'api-resources', 'cluster-info'],
]);
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
  const argv = [name, ...(name === 'kubectl' ? kubeconfig(words, context) : []), ...words];
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

/** Whether a command of kubectl changes nothing. */
export function kubectlLooks(words: readonly string[]): boolean {
  const [verb = '', what = ''] = readArguments(words).words;
  if (verb === 'rollout') return /^(status|history)$/.test(what);
  return kubectlLooking.has(verb);
}

/** Each cluster has a kubeconfig of its own. */
function kubeconfig(words: readonly string[], { machine, cluster }: CommandContext): string[] {
  const { lab, folder } = machine;
  const name = wantedCluster({ lab, cluster }, readArguments(words));
  const found = lab.clusters.find(each => each.name === name);
  return found === undefined ? [] : ['--kubeconfig', kubeconfigOf(found, folder)];
}
