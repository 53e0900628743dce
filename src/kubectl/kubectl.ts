import { NOT_FOUND } from '../lab/exit-code.ts';
import { apiResources, clusterInfo, config, version } from './about.ts';
import { apply } from './apply.ts';
import { readArguments } from './arguments.ts';
import { create, expose, run } from './create.ts';
import { remove } from './delete.ts';
import { describe } from './describe.ts';
import { diff } from './diff.ts';
import { label, patch, scale, set } from './edit.ts';
import { getEvents } from './events.ts';
import { get } from './get.ts';
import { flagsOf, unknownFlag, wrongValue } from './known-flags.ts';
import { logs } from './logs.ts';
import { cordon, drain } from './nodes.ts';
import { exec } from './pods.ts';
import { rollout } from './rollout.ts';
import { openSession, type Session, wantedCluster } from './session.ts';
import type { Surroundings } from './surroundings.ts';
import { taint } from './taint.ts';
import { wait } from './wait.ts';

type Verb = (session: Session, words: readonly string[]) => number | Promise<number>;

const verbs: Readonly<Record<string, Verb>> = {
  get,
  describe,
  apply: session => apply(session, 'apply'),
  create,
  diff,
  expose,
  run,
  taint,
  replace: session => apply(session, 'replace'),
  delete: remove,
  scale,
  rollout,
  logs,
  exec,
  patch,
  set,
  label: (session, words) => label(session, words, 'labels'),
  annotate: (session, words) => label(session, words, 'annotations'),
  cordon: (session, words) => cordon(session, words, true),
  uncordon: (session, words) => cordon(session, words, false),
  drain,
  wait,
  events: session => getEvents(session),
  'api-resources': apiResources,
  version,
  'cluster-info': clusterInfo,
};

/** What the real kubectl knows and this one answers with a way around. */
const refusals: Readonly<Record<string, string>> = {
  edit: 'edit opens an editor, which this lab has not; use: kubectl patch TYPE NAME -p \'{"spec":…}\', or change a file and kubectl apply -f it',
  'port-forward':
    'port-forward is not modelled; ask from a client’s pod: kubectl exec POD -- wget -qO- http://…',
  proxy: 'proxy is not modelled; use kubectl get -o json',
  top: 'Metrics API not available',
  cp: 'cp is not modelled: pods of this lab have no files',
  attach: 'attach is not modelled; use kubectl logs',
  debug: 'debug is not modelled; use kubectl exec, or docker exec on a node',
  autoscale: 'autoscaling is not modelled; use kubectl scale',
  explain:
    'explain is not modelled; docs/lab-files.md names the kinds and fields that the lab reads, kubectl get -o yaml shows them',
  auth: 'authorization is not modelled: everybody may do everything',
};

/** kubectl against the lab's modelled clusters; resolves with the exit code. Without a context it speaks to the cluster that has workers. */
export async function kubectl(words: readonly string[], around: Surroundings): Promise<number> {
  const args = readArguments(words);
  const [verb, ...rest] = args.words;
  if (verb === undefined || verb === 'help') {
    around.out('kubectl, as this lab models it, knows:');
    around.out(`  ${[...Object.keys(verbs), 'config'].join(', ')}`);
    around.out('Choose the cluster with --context kind-NAME or --kubeconfig FILE.');
    return verb === undefined ? 1 : 0;
  }
  const refusal = refusals[verb];
  if (refusal !== undefined) {
    around.err(`error: ${refusal}`);
    return 1;
  }
  const act = verbs[verb];
  const wrong = unknownFlag(verb, args);
  if (wrong !== undefined) {
    around.err(wrong);
    around.err(`Known here for ${verb}: ${flagsOf(verb)}; for all: --namespace, --context, --kubeconfig`);
    return 1;
  }
  const invalid = wrongValue(args);
  if (invalid !== undefined) {
    around.err(invalid);
    return 1;
  }
  if (act === undefined && verb !== 'config') {
    around.err(`error: unknown command "${verb}" for "kubectl"`);
    around.err(`This lab knows: ${[...Object.keys(verbs), 'config'].join(', ')}.`);
    return NOT_FOUND;
  }
  if (act === undefined) return config(around, rest, wantedCluster(around, args));
  const session = openSession(around, args);
  return typeof session === 'number' ? session : act(session, rest);
}
