/** One line of `ip -ts -o monitor all-nsid link route`. `at` is milliseconds since 1970. */
export type MonitorFact = {
  readonly at: number;
  /** The namespace by its number; 'own': the one that `ip` runs in. */
  readonly nsid: number | 'own';
} & (
  | { readonly type: 'link'; readonly device: string; readonly up: boolean }
  | ({ readonly type: 'route' } & KernelRoute)
);

export type KernelRoute = {
  readonly prefix: string;
  readonly gone: boolean;
  readonly protocol: string;
  readonly gateways: readonly string[];
  /** Set for routes into a tunnel: the gateway is not on a connected network. */
  readonly onlink: boolean;
};

export const ipMonitorArgv: readonly string[] = ['ip', '-ts', '-o', 'monitor', 'all-nsid', 'link', 'route'];

/** Undefined for what nobody asked about: local routes, caches, devices that go. */
export function parseMonitorLine(line: string): MonitorFact | undefined {
  const head = /^\[([^\]]+)\]\s*\[nsid (\d+|current)\](?:\[[A-Z]+\])?(.*)$/.exec(line);
  if (head === null) return undefined;
  const at = momentOf(head[1] ?? '');
  const nsid = head[2] === 'current' ? 'own' : Number(head[2]);
  const text = (head[3] ?? '').trim();
  const link = /^\d+: ([^:@\s]+)(?:@\S+)?: <([^>]*)>/.exec(text);
  if (link !== null) {
    return { at, nsid, type: 'link', device: link[1] ?? '', up: isUp(link[2] ?? '') };
  }
  const route = parseRoute(text);
  return route === undefined ? undefined : { at, nsid, type: 'route', ...route };
}

/** "BROADCAST,MULTICAST,UP,LOWER_UP": switched on, and something at the other end of the cable. */
export function isUp(flags: string): boolean {
  const words = flags.split(',');
  return words.includes('UP') && words.includes('LOWER_UP') && !words.includes('NO-CARRIER');
}

/** A route as `ip -o route show` and the monitor print it. */
export function parseRoute(text: string): KernelRoute | undefined {
  const route = /^(Deleted )?(?:unicast )?(default|\d+\.\d+\.\d+\.\d+(?:\/\d+)?) (.*)$/.exec(text.trim());
  if (route === null) return undefined;
  const rest = route[3] ?? '';
  const destination = route[2] ?? '';
  const prefix =
    destination === 'default' ? '0.0.0.0/0' : destination.includes('/') ? destination : `${destination}/32`;
  return {
    prefix,
    gone: route[1] !== undefined,
    protocol: /\bproto (\S+)/.exec(rest)?.[1] ?? 'boot',
    gateways: [...rest.matchAll(/\bvia (\d+\.\d+\.\d+\.\d+)/g)].map(found => found[1] ?? ''),
    onlink: /\bonlink\b/.test(rest),
  };
}

/** "2026-11-23T13:35:48.051734", in UTC. */
function momentOf(text: string): number {
  const [whole = '', fraction = '0'] = text.split('.');
  return Date.parse(`${whole}Z`) + Number(`0.${fraction}`) * 1000;
}
