import type { SwitchNode } from '../../lab/lab.ts';
import { Chronicle } from '../real/chronicle.ts';
import type { EventLog } from '../real/event-log.ts';
import type { LabTime } from '../real/lab-time.ts';
import { OpenedFlows } from '../real/opened-flows.ts';
import { RouterTables } from '../real/router-tables.ts';
import { Traffic } from '../real/traffic.ts';
import { createBuilder, type LabBuilder } from './build/builder.ts';
import { FaultKit } from './faults/fault-kit.ts';
import { Hands } from './faults/hands.ts';
import type { ObservedCluster } from './kubernetes/observed-cluster.ts';
import type { Machine } from './machine.ts';
import type { ObservedSwitch } from './srlinux/observed-switch.ts';
import { Oracle } from './traffic/oracle.ts';
import { startProberIn } from './traffic/prober.ts';
import { LinkRates } from './watch/link-rates.ts';
import { Watch } from './watch/watch.ts';

/** A lab that is looked at, built, broken and healed. */
export type Running = {
  readonly machine: Machine;
  readonly builder: LabBuilder;
  readonly watch: Watch;
  readonly tables: RouterTables;
  readonly chronicle: Chronicle;
  readonly faults: FaultKit;
  readonly traffic: Traffic;
  readonly oracle: Oracle;
  readonly openedFlows: OpenedFlows;
  readonly rates: LinkRates;
  stop(): void;
};

/** What those who watch are given. */
export type Followed = {
  readonly machine: Machine;
  readonly chronicle: Chronicle;
  readonly events: EventLog;
  readonly time: LabTime;
};

export type RunningOptions = {
  readonly machine: Machine;
  readonly time: LabTime;
  readonly events: EventLog;
  readonly srLinux?: (node: SwitchNode, followed: Followed) => ObservedSwitch;
  /** Undefined for a cluster without an API server. */
  readonly cluster?: (name: string, followed: Followed) => ObservedCluster | undefined;
};

/** Begins to look; a sentence when Docker does not answer. */
export async function startRunning(options: RunningOptions): Promise<Running | string> {
  const { machine, time, events, srLinux, cluster } = options;
  const { lab, docker } = machine;
  const chronicle = new Chronicle(lab, time, events);
  const tables = new RouterTables(lab, chronicle);
  const followed = { machine, chronicle, events, time };
  const watch = new Watch({
    lab,
    docker,
    tables,
    chronicle,
    time,
    events,
    srLinux: node => srLinux?.(node, followed),
    cluster: name => cluster?.(name, followed),
  });
  const failed = await watch.start();
  if (failed !== undefined) {
    watch.stop();
    return failed;
  }
  const hands = new Hands(machine, container => watch.shellIn(container));
  const faults = new FaultKit({ machine, watch, hands, time, events, chronicle });
  const oracle = new Oracle(lab, watch);
  const traffic = new Traffic(startProberIn(machine), time, events, flows => oracle.leavesOf(flows));
  return {
    machine,
    builder: createBuilder(machine),
    watch,
    tables,
    chronicle,
    faults,
    traffic,
    oracle,
    openedFlows: new OpenedFlows({
      lab,
      traffic,
      entry: () => oracle.entry,
      nft: (node, words, input) => oracle.nft(node, words, input),
    }),
    rates: new LinkRates(watch),
    stop() {
      faults.stop();
      traffic.stop();
      watch.stop();
      chronicle.tell();
    },
  };
}
