/** One line of `ip -ts -o monitor all-nsid link route`. `at` is milliseconds since 1970. */
export type MonitorFact = { readonly at: number; readonly nsid: number } & (
  | { readonly type: 'link'; readonly device: string; readonly up: boolean }
  | {
      readonly type: 'route';
      readonly prefix: string;
      readonly gone: boolean;
      readonly protocol: string;
      readonly gateways: readonly string[];
      /** Set for routes into a tunnel: the gateway is not on a connected network. */
      readonly onlink: boolean;
    }
);

export const ipMonitorArgv: readonly string[] = ['ip', '-ts', '-o', 'monitor', 'all-nsid', 'link', 'route'];

/** Undefined for what nobody asked about: local routes, caches, devices that go. */
export function parseMonitorLine(line: string): MonitorFact | undefined {
  const head = /^\[([^\]]+)\]\s*\[nsid (\d+)\](?:\[[A-Z]+\])?(.*)$/.exec(line);
  if (head === null) return undefined;
  const at = momentOf(head[1] ?? '');
  const nsid = Number(head[2]);
  const text = (head[3] ?? '').trim();
  const link = /^\d+: ([^:@\s]+)(?:@\S+)?: <([^>]*)>/.exec(text);
  if (link !== null) {
    const flags = (link[2] ?? '').split(',');
    const up = flags.includes('UP') && flags.includes('LOWER_UP') && !flags.includes('NO-CARRIER');
    return { at, nsid, type: 'link', device: link[1] ?? '', up };
  }
  const route = /^(Deleted )?(?:unicast )?(default|\d+\.\d+\.\d+\.\d+(?:\/\d+)?) (.*)$/.exec(text);
  if (route === null) return undefined;
  const rest = route[3] ?? '';
  const protocol = /\bproto (\S+)/.exec(rest)?.[1] ?? 'boot';
  const gateways = [...rest.matchAll(/\bvia (\d+\.\d+\.\d+\.\d+)/g)].map(found => found[1] ?? '');
  const destination = route[2] ?? '';
  const prefix =
    destination === 'default' ? '0.0.0.0/0' : destination.includes('/') ? destination : `${destination}/32`;
  return {
    at,
    nsid,
    type: 'route',
    prefix,
    gone: route[1] !== undefined,
    protocol,
    gateways,
    onlink: /\bonlink\b/.test(rest),
  };
}

/** "2026-11-23T13:35:48.051734", in UTC. */
function momentOf(text: string): number {
  const [whole = '', fraction = '0'] = text.split('.');
  return Date.parse(`${whole}Z`) + Number(`0.${fraction}`) * 1000;
}
