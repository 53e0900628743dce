import type { Pod } from '../kube/objects.ts';
import { parseSelector, selectorMatches } from '../kube/selector.ts';
import { durationOfName, hasOption, optionOfName } from './arguments.ts';
import { podOf } from './pods.ts';
import type { Session } from './session.ts';
import { watching } from './watching.ts';

type Line = { readonly at: number; readonly text: string };

/** `kubectl logs`: what the lab knows that a program did, in the form in which that program says it. */
export async function logs(session: Session, words: readonly string[]): Promise<number> {
  const pods = podsMeant(session, words);
  if (typeof pods === 'string') return session.fail(pods);
  const { args } = session;
  const container = optionOfName(args, 'container');
  for (const pod of pods) {
    const refusal = refusalOf(pod, container, hasOption(args, 'previous'));
    if (refusal !== undefined) return session.fail(refusal);
  }
  const since = durationOfName(args, 'since');
  const from = since === undefined ? Number.NEGATIVE_INFINITY : session.now() - since;
  const tail = Number(optionOfName(args, 'tail') ?? -1);
  const printed = new Map<string, number>();
  for (const pod of pods) {
    const lines = linesOf(session, pod);
    if (lines === undefined && !hasOption(args, 'follow'))
      session.err(`(this lab keeps no log of ${pod.metadata.name}: it does not run this program)`);
    const recent = (lines ?? []).filter(({ at }) => at >= from);
    for (const line of tail < 0 ? recent : recent.slice(recent.length - Math.min(tail, recent.length)))
      print(session, pod, line);
    printed.set(pod.metadata.uid ?? '', lines?.at(-1)?.at ?? session.now());
  }
  return hasOption(args, 'follow') ? follow(session, pods, printed) : 0;
}

/** `-f`: new lines as they are written. */
function follow(session: Session, pods: readonly Pod[], printed: Map<string, number>): Promise<number> {
  return watching(session, () => {
    for (const pod of pods) {
      const uid = pod.metadata.uid ?? '';
      const after = printed.get(uid) ?? 0;
      const fresh = (linesOf(session, pod) ?? []).filter(({ at }) => at > after);
      for (const line of fresh) print(session, pod, line);
      printed.set(uid, fresh.at(-1)?.at ?? after);
    }
  });
}

function print(session: Session, pod: Pod, { at, text }: Line): void {
  const { args } = session;
  const container = optionOfName(args, 'container') ?? pod.spec.containers[0]?.name ?? '';
  const prefix = hasOption(args, 'prefix') ? `[pod/${pod.metadata.name}/${container}] ` : '';
  session.out(`${prefix}${hasOption(args, 'timestamps') ? `${session.date(at)} ` : ''}${text}`);
}

function podsMeant(session: Session, words: readonly string[]): Pod[] | string {
  const labels = optionOfName(session.args, 'selector');
  if (labels === undefined) {
    const pod = podOf(session, words);
    return typeof pod === 'string' ? pod : [pod];
  }
  const selector = parseSelector(labels);
  return session.run.cluster.store
    .list('Pod', session.namespace)
    .filter(pod => selectorMatches(selector, pod.metadata.labels));
}

/** Why the API server gives no log. */
function refusalOf(pod: Pod, container: string | undefined, previous: boolean): string | undefined {
  const { name } = pod.metadata;
  const names = pod.spec.containers.map(each => each.name);
  if (container !== undefined && !names.includes(container))
    return `error: container ${container} is not valid for pod ${name}; its containers are ${names.join(', ')}`;
  const status = pod.status.containerStatuses.find(
    each => container === undefined || each.name === container,
  );
  if (previous)
    return (status?.restartCount ?? 0) === 0
      ? `Error from server (BadRequest): previous terminated container "${status?.name ?? names[0]}" in pod "${name}" not found`
      : `error: this lab keeps no log of the container before the restart; kubectl describe pod ${name} tells why it ended`;
  const waiting = pod.status.containerStatuses.find(
    each => 'waiting' in each.state && each.restartCount === 0,
  );
  if (waiting !== undefined && 'waiting' in waiting.state)
    return `Error from server (BadRequest): container "${waiting.name}" in pod "${name}" is waiting to start: ${waiting.state.waiting.reason}`;
  return undefined;
}

/** Undefined for a program of which the lab knows nothing but that it runs. */
function linesOf(session: Session, pod: Pod): Line[] | undefined {
  const images = pod.spec.containers.map(container => container.image).join(' ');
  if (/metallb\/controller/.test(images)) return controllerLines(session);
  if (/metallb\/speaker/.test(images)) return speakerLines(session, pod);
  const requests = requestLines(session, pod);
  return requests.length > 0 ? requests : undefined;
}

/** The controller logs what it reports as Events. */
function controllerLines(session: Session): Line[] {
  return session.run.cluster.occurrences
    .all(session.now())
    .filter(each => each.from === 'metallb-controller')
    .map(each => {
      const failed = each.type === 'Warning';
      return logLine(session, each.lastAt, {
        caller: 'service.go',
        ...(failed ? { error: each.message, op: 'allocateIPs' } : { event: lowerFirst(each.reason) }),
        level: failed ? 'error' : 'info',
        msg: failed ? 'IP allocation failed' : each.message,
      });
    });
}

function speakerLines(session: Session, pod: Pod): Line[] {
  const node = pod.spec.nodeName ?? '';
  const { cluster } = session.run;
  const announced = cluster.occurrences
    .all(session.now())
    .filter(each => each.reason === 'nodeAssigned' && each.message.includes(`"${node}"`))
    .map(each =>
      logLine(session, each.lastAt, {
        caller: 'main.go',
        event: 'serviceAnnounced',
        level: 'info',
        msg: 'service has IP, announcing',
        protocol: 'bgp',
        service: `${each.namespace}/${each.name}`,
      }),
    );
  const refused = cluster.metallb.announcements().flatMap(({ service, node: where, decision }) =>
    where === node && !decision.announced
      ? [
          logLine(session, session.now(), {
            caller: 'bgp_controller.go',
            event: 'skipping should announce bgp',
            level: 'debug',
            reason: decision.reason,
            service: `${service.metadata.namespace}/${service.metadata.name}`,
          }),
        ]
      : [],
  );
  return [...announced, ...refused];
}

/** Both ends of the client traffic write down what they saw of the latest requests. */
function requestLines(session: Session, pod: Pod): Line[] {
  return session.requests().flatMap(each => {
    const answer = /^pod=(\S+) node=\S+ client=(\S+)$/.exec(each.answer ?? '');
    if (answer?.[1] === pod.metadata.name)
      return [{ at: each.at, text: `${answer[2]} - - [${session.date(each.at)}] "GET / HTTP/1.1" 200 -` }];
    if (each.client === pod.metadata.name && each.outcome !== 'answered')
      return [{ at: each.at, text: `request failed: ${FAILURES[each.outcome]}` }];
    return [];
  });
}

const FAILURES = {
  lost: 'timed out',
  reset: '[Errno 104] Connection reset by peer',
  refused: '[Errno 111] Connection refused',
} as const;

function logLine({ date }: Session, at: number, fields: Readonly<Record<string, string>>): Line {
  return { at, text: JSON.stringify({ ...fields, ts: date(at) }) };
}

function lowerFirst(word: string): string {
  return word === 'IPAllocated' ? 'ipAllocated' : word.charAt(0).toLowerCase() + word.slice(1);
}
