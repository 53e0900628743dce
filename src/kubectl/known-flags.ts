import { readGoDuration } from '../kube/go-duration.ts';
import type { Arguments } from './arguments.ts';

/** Flags of every kubectl command; those about the connection change nothing here. */
const everywhere = [
  'namespace',
  'kubeconfig',
  'context',
  'cluster',
  'request-timeout',
  'v',
  'warnings-as-errors',
];

const selecting = ['selector', 'field-selector', 'all-namespaces'];
const files = ['filename', 'kustomize', 'recursive', 'R'];
/** Saved or not, validated by the server or by kubectl: it is the same to the model. */
const writing = ['save-config', 'validate', 'field-manager', 'show-managed-fields'];

/** What each command takes here. A flag that is not in its row is refused by name. */
const byVerb: Readonly<Record<string, readonly string[]>> = {
  get: [
    ...selecting,
    'output',
    'watch',
    'watch-only',
    'output-watch-events',
    'show-labels',
    'label-columns',
    'no-headers',
    'sort-by',
    'ignore-not-found',
    'show-kind',
    'show-managed-fields',
  ],
  describe: [...selecting, 'show-events'],
  apply: [...files, ...writing, 'output'],
  create: [...files, ...writing, 'image', 'replicas', 'port', 'tcp'],
  replace: [...files, ...writing],
  diff: [...files],
  delete: [
    ...files,
    ...selecting,
    'all',
    'force',
    'grace-period',
    'ignore-not-found',
    'now',
    'wait',
    'timeout',
    'output',
  ],
  scale: ['replicas', 'selector', 'all'],
  rollout: ['timeout', 'watch', 'to-revision', 'revision', 'selector'],
  logs: [
    'selector',
    'tail',
    'since',
    'follow',
    'previous',
    'timestamps',
    'container',
    'all-containers',
    'prefix',
    'max-log-requests',
  ],
  exec: ['container', 'stdin', 'tty', 'quiet'],
  patch: ['patch', 'type'],
  set: [],
  label: ['overwrite', 'selector', 'all'],
  annotate: ['overwrite', 'selector', 'all'],
  taint: ['overwrite'],
  cordon: [],
  uncordon: [],
  drain: ['ignore-daemonsets', 'force', 'delete-emptydir-data'],
  wait: ['for', 'timeout', 'selector', 'all'],
  events: ['all-namespaces', 'for', 'field-selector'],
  expose: ['port', 'target-port', 'type', 'name', 'external-ip'],
  run: ['image', 'port', 'labels', 'restart'],
  'api-resources': ['output'],
  version: ['output', 'client'],
  'cluster-info': [],
  config: ['output', 'minify'],
};

/** The first flag that the command does not have here, as kubectl complains about it; undefined when all is well. */
export function unknownFlag(verb: string, args: Arguments): string | undefined {
  const known = byVerb[verb];
  if (known === undefined) return undefined;
  for (const [name, values] of args.options) {
    if (everywhere.includes(name) || known.includes(name)) continue;
    if (name === 'dry-run' && values.at(-1) === 'none') continue;
    return name.startsWith('-') || name.length === 1
      ? `error: unknown shorthand flag: '${name.replace(/^-/, '')}' in -${name.replace(/^-/, '')}`
      : `error: unknown flag: --${name}`;
  }
  return undefined;
}

/** Flags whose value is a Go duration. */
const durations: readonly string[] = ['since', 'timeout'];

/** The first value that its flag cannot have, as kubectl complains about it; undefined when all is well. */
export function wrongValue(args: Arguments): string | undefined {
  for (const name of durations)
    for (const text of args.options.get(name) ?? []) {
      const read = readGoDuration(text);
      if (typeof read === 'string') return `error: invalid argument "${text}" for "--${name}" flag: ${read}`;
    }
  return undefined;
}

/** What may stand there instead. */
export function flagsOf(verb: string): string {
  const own = byVerb[verb] ?? [];
  return own.length === 0 ? 'no flags of its own' : own.map(name => `--${name}`).join(', ');
}
