import type { Fault } from '../lab/fault.ts';
import { suggestion } from '../lab/nearest.ts';
import { parseDuration } from './duration.ts';
import { findLink } from './link-name.ts';
import type { Vocabulary } from './vocabulary.ts';

export type ParsedFault = { readonly fault: Fault } | { readonly problem: string; readonly expected: string };

export const faultKinds = [
  'link-cut',
  'silent-loss',
  'link-flap',
  'link-impaired',
  'node-silent',
  'node-stopped',
  'speaker-killed',
  'speaker-terminated',
  'speaker-frozen',
  'pod-killed',
] as const satisfies readonly Fault['kind'][];

/**
 * A fault as lessons and the palette write it: "link-cut LEAF-DC-1 SPINE-DC-1", "silent-loss LEAF-DC-1 SPINE-DC-1 a-to-b"
 * (a is the end named first), "link-flap A B 200ms 1s 3" (down, up, times), "link-impaired A B 100ms 10ms 20%"
 * (what A sends to B: delay, jitter, loss), "node-stopped LEAF-DC-1", "node-silent …", "speaker-killed datacenter-worker",
 * "speaker-terminated …", "speaker-frozen …", "pod-killed datacenter/default/hello-1". A link is two nodes, or its two ends.
 */
export function parseFault(text: string, vocabulary: Vocabulary): ParsedFault {
  const [kind = '', ...rest] = text.trim().split(/\s+/);
  switch (kind) {
    case 'link-cut': {
      const [a = '', b = '', ...more] = rest;
      if (b === '' || more.length > 0) return wrong(text, 'link-cut <node> <node>');
      const named = findLink(a, b, vocabulary);
      return 'problem' in named ? named : { fault: { kind, link: named.link } };
    }
    case 'silent-loss': {
      const [a = '', b = '', direction = 'both', ...more] = rest;
      if (b === '' || more.length > 0 || !isDirection(direction)) {
        return wrong(text, 'silent-loss <node> <node> [both|a-to-b|b-to-a]');
      }
      const named = findLink(a, b, vocabulary);
      if ('problem' in named) return named;
      return {
        fault: { kind, link: named.link, direction: named.reversed ? turned(direction) : direction },
      };
    }
    case 'link-flap':
      return linkFlap(text, rest, vocabulary);
    case 'link-impaired':
      return linkImpaired(text, rest, vocabulary);
    case 'node-silent':
    case 'node-stopped':
    case 'speaker-killed':
    case 'speaker-terminated':
    case 'speaker-frozen': {
      const [node = '', ...more] = rest;
      if (node === '' || more.length > 0) return wrong(text, `${kind} <node>`);
      if (!vocabulary.nodes.includes(node)) {
        return { problem: `there is no node ${node}`, expected: suggestion(node, vocabulary.nodes) };
      }
      return { fault: { kind, node } };
    }
    case 'pod-killed': {
      const [cluster = '', namespace = '', pod = '', ...more] = (rest[0] ?? '').split('/');
      if (pod === '' || more.length > 0 || rest.length !== 1) {
        return wrong(text, 'pod-killed <cluster>/<namespace>/<pod>');
      }
      if (!vocabulary.clusters.includes(cluster)) {
        return {
          problem: `there is no cluster ${cluster}`,
          expected: suggestion(cluster, vocabulary.clusters),
        };
      }
      return { fault: { kind, cluster, namespace, pod } };
    }
    default:
      return { problem: `unknown fault "${kind}"`, expected: suggestion(kind, faultKinds) };
  }
}

function linkFlap(text: string, rest: readonly string[], vocabulary: Vocabulary): ParsedFault {
  const [a = '', b = '', down = '', up = '', times = '', ...more] = rest;
  const downMs = parseDuration(down);
  const upMs = parseDuration(up);
  const count = /^[1-9]\d{0,2}$/.test(times) ? Number(times) : undefined;
  if (downMs === undefined || upMs === undefined || count === undefined || more.length > 0) {
    return wrong(text, 'link-flap <node> <node> <down, as 200ms> <up, as 1s> <times>');
  }
  const named = findLink(a, b, vocabulary);
  return 'problem' in named
    ? named
    : { fault: { kind: 'link-flap', link: named.link, downMs, upMs, times: count } };
}

function linkImpaired(text: string, rest: readonly string[], vocabulary: Vocabulary): ParsedFault {
  const [a = '', b = '', delay = '', jitter = '', loss = '', ...more] = rest;
  const delayMs = parseDuration(delay);
  const jitterMs = parseDuration(jitter);
  const lossPercent = /^\d{1,3}(\.\d+)?%$/.test(loss) ? Number.parseFloat(loss) : undefined;
  const wellFormed = delayMs !== undefined && jitterMs !== undefined && more.length === 0;
  if (!wellFormed || lossPercent === undefined || lossPercent > 100 || (jitterMs > 0 && delayMs === 0)) {
    return wrong(text, 'link-impaired <from> <to> <delay, as 100ms> <jitter, as 0ms> <loss, as 20%>');
  }
  const named = findLink(a, b, vocabulary);
  if ('problem' in named) return named;
  const direction = named.reversed ? 'b-to-a' : 'a-to-b';
  return { fault: { kind: 'link-impaired', link: named.link, direction, delayMs, jitterMs, lossPercent } };
}

type Direction = 'both' | 'a-to-b' | 'b-to-a';

function isDirection(text: string): text is Direction {
  return text === 'both' || text === 'a-to-b' || text === 'b-to-a';
}

function turned(direction: Direction): Direction {
  return direction === 'both' ? 'both' : direction === 'a-to-b' ? 'b-to-a' : 'a-to-b';
}

function wrong(text: string, form: string): ParsedFault {
  return { problem: `"${text}" is not a complete fault`, expected: form };
}
