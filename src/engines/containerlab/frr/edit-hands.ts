import type { LinkEnd, SwitchNode } from '../../../lab/lab.ts';
import { withInput } from '../../../programs/shell-text.ts';
import { jsonOf } from '../../../programs/vty.ts';
import { configChanges } from '../../real/config-changes.ts';
import { isVrf } from '../../real/device-names.ts';
import { hashFieldsOf } from '../../real/hash-fields.ts';
import { hushRules, UNHUSH } from '../../real/hush-rules.ts';
import type { Kernel } from '../../real/resilient-routes.ts';
import type { EditedRouter, EditHands, Running } from '../../real/switch-edits.ts';
import type { Watch } from '../watch/watch.ts';
import { FrrRouter } from './frr-router.ts';

/** What fabric/frr/switch.sh starts FRR with, and where it sees that something was committed. */
const CONFIG = '/etc/frr/frr.conf';
const COMMITTED = '/etc/frr/committed';
const HASH = '/etc/frr/committed.hash';

/**
 * How FRR in containers is told of a commit: by the vtysh and the shell that run there. What was committed stands in the container
 * itself, for whoever comes next and for FRR when it starts again; with the container it is gone.
 */
export class ContainerHands implements EditHands {
  private readonly watch: Watch;
  /** What was read last, of switches that do not answer now. */
  private readonly lastRead = new Map<string, string>();
  readonly setPort: (end: LinkEnd, up: boolean) => Promise<void>;

  constructor(watch: Watch, setPort: ContainerHands['setPort']) {
    this.watch = watch;
    this.setPort = setPort;
  }

  async router(name: string): Promise<EditedRouter | string> {
    const router = this.answering(name);
    if (router === undefined) return `${name} does not answer`;
    const { exitCode, output: config } = await router.script(`cat ${CONFIG}`);
    if (exitCode !== 0) return `${name}: ${config.trim()}`;
    return {
      name,
      running: true,
      config,
      configure: async wanted => {
        const complaint = await router.configure(configChanges(config, wanted));
        const written = await router.script(withInput(`cat >${CONFIG}`, wanted));
        return [complaint, written.exitCode === 0 ? undefined : written.output.trim()].filter(
          said => said !== undefined,
        );
      },
      json: command => router.json('bgpd', command),
      ask: command => router.cli(command),
    };
  }

  async committed(name: string): Promise<string | undefined> {
    const router = this.answering(name);
    if (router === undefined) return this.lastRead.get(name);
    const { exitCode, output } = await router.script(`cat ${COMMITTED}`);
    if (exitCode === 0) this.lastRead.set(name, output.trim());
    else this.lastRead.delete(name);
    return this.lastRead.get(name);
  }

  async keep({ name, config }: SwitchNode, running: Running | undefined): Promise<void> {
    const { hash, networkInstances } = running?.config ?? config;
    const settings = `${hashFieldsOf(hash)} ${hash?.seed ?? 0}`;
    const write =
      'echo "$1" >/proc/sys/net/ipv4/fib_multipath_hash_fields; [ "$2" = 0 ] || echo "$2" >/proc/sys/net/ipv4/fib_multipath_hash_seed';
    const places = ['', ...networkInstances.filter(isVrf).map(vrf => `ip netns exec ${vrf.name} `)];
    await this.answering(name)?.script(
      [
        ...(running === undefined
          ? [`rm -f ${COMMITTED} ${HASH}`]
          : [withInput(`cat >${COMMITTED}`, running.text), withInput(`cat >${HASH}`, settings)]),
        ...places.map(place => `${place}sh -c '${write}' sh ${settings} 2>/dev/null`),
      ].join('\n'),
    );
  }

  async hush(peers: ReadonlyMap<string, readonly string[]>): Promise<() => Promise<void>> {
    const inEach = async (words: (peers: readonly string[]) => string) => {
      await Promise.all(
        [...peers].map(([name, each]) => this.answering(name)?.script(`nft '${words(each)}'`)),
      );
    };
    await inEach(hushRules);
    return () => inEach(() => UNHUSH);
  }

  private answering(name: string): FrrRouter | undefined {
    const router = this.watch.routers.get(name);
    return router instanceof FrrRouter && router.answering.state === 'answering' ? router : undefined;
  }
}

export function kernelOf(watch: Watch): Kernel {
  const run = async (node: string, script: string) => {
    const router = watch.routers.get(node);
    return router instanceof FrrRouter
      ? router.script(script)
      : { exitCode: 1, output: `${node} does not answer` };
  };
  return {
    ip: (_, instance) => (instance === 'default' ? 'ip' : `ip -n ${instance}`),
    said: async (node, command) => jsonOf((await run(node, command)).output),
    run,
  };
}
