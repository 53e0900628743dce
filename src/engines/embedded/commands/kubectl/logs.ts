import type { Pod } from '../../../../kube/objects.ts';
import { parseSelector, selectorMatches } from '../../../../kube/selector.ts';
import { dateText } from './age.ts';
import { optionOfName } from './arguments.ts';
import { podOf } from './pods.ts';
import type { Session } from './session.ts';

type Line = { readonly at: number; readonly text: string };

/** `kubectl logs`: what the lab knows that a program did, in the form in which that program says it. */
export function logs(session: Session, words: readonly string[]): number {
  const labels = optionOfName(session.args, 'selector');
  const pods: Pod[] = [];
  if (labels !== undefined) {
    const selector = parseSelector(labels);
    pods.push(
      ...session.run.cluster.store
        .list('Pod', session.namespace)
        .filter(pod => selectorMatches(selector, pod.metadata.labels)),
    );
  } else {
    const pod = podOf(session, words);
    if (typeof pod === 'string') return session.fail(pod);
    pods.push(pod);
  }
  const tail = Number(optionOfName(session.args, 'tail') ?? Number.POSITIVE_INFINITY);
  for (const pod of pods) {
    const waiting = pod.status.containerStatuses.find(
      status => 'waiting' in status.state && status.restartCount === 0,
    );
    if (waiting !== undefined && 'waiting' in waiting.state)
      return session.fail(
        `Error from server (BadRequest): container "${waiting.name}" in pod "${pod.metadata.name}" is waiting to start: ${waiting.state.waiting.reason}`,
      );
    const lines = linesOf(session, pod);
    if (lines === undefined) {
      session.terminal.err(
        `(the embedded lab keeps no log of ${pod.metadata.name}: it does not run this program)`,
      );
      continue;
    }
    for (const { text } of lines.slice(-Math.min(tail, lines.length))) session.out(text);
  }
  return 0;
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
      return logLine(each.lastAt, {
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
      logLine(each.lastAt, {
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
          logLine(session.now(), {
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
  const { recent } = session.terminal.context.clusters.traffic();
  return recent.flatMap(each => {
    const answer = /^pod=(\S+) node=\S+ client=(\S+)$/.exec(each.answer ?? '');
    if (answer?.[1] === pod.metadata.name)
      return [{ at: each.at, text: `${answer[2]} - - [${dateText(each.at)}] "GET / HTTP/1.1" 200 -` }];
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

function logLine(at: number, fields: Readonly<Record<string, string>>): Line {
  return { at, text: JSON.stringify({ ...fields, ts: dateText(at) }) };
}

function lowerFirst(word: string): string {
  return word === 'IPAllocated' ? 'ipAllocated' : word.charAt(0).toLowerCase() + word.slice(1);
}
