import type { Update } from '../../bgp/message.ts';
import type { ConnectionId, RouteChange } from '../../bgp/outcome.ts';
import { nlriKey } from '../../bgp/route.ts';
import type { Task } from './queue.ts';
import type { World } from './world.ts';

export type DecidedOptions = {
  readonly world: World;
  /** How long changes are gathered before they leave. Milliseconds. */
  readonly delay: number;
  readonly offerRoutes: (changes: readonly RouteChange[]) => void;
  readonly sendUpdate: (connection: ConnectionId, update: Update) => void;
};

/**
 * What a decision process came to and has not let go of yet: routes for the route table, updates for the peers. They
 * leave together, each with its cause; a route that changes again before that leaves once, as it is then.
 */
export class Decided {
  private readonly options: DecidedOptions;
  private readonly updates: {
    readonly connection: ConnectionId;
    readonly update: Update;
    readonly cause: number | undefined;
  }[] = [];
  /** The last change of each route, IPv4 prefixes and keys of EVPN routes side by side. */
  private readonly changes = new Map<string, { change: RouteChange; cause: number | undefined }>();
  private leaving: Task | undefined;

  constructor(options: DecidedOptions) {
    this.options = options;
  }

  addChange(change: RouteChange): void {
    this.changes.set(nlriKey(change.nlri), { change, cause: this.options.world.cause });
  }

  addUpdate(connection: ConnectionId, update: Update): void {
    this.updates.push({ connection, update, cause: this.options.world.cause });
  }

  /** What is here leaves when the time for gathering is over. */
  leaveSoon(): void {
    if (this.leaving !== undefined || (this.changes.size === 0 && this.updates.length === 0)) return;
    this.leaving = this.options.world.schedule(this.options.delay, () => this.leave());
  }

  /** Nothing leaves until `leaveSoon` is called again. */
  stay(): void {
    this.options.world.cancel(this.leaving);
    this.leaving = undefined;
  }

  forget(): void {
    this.stay();
    this.updates.length = 0;
    this.changes.clear();
  }

  private leave(): void {
    const { world, offerRoutes, sendUpdate } = this.options;
    this.leaving = undefined;
    const changes = [...this.changes.values()];
    this.changes.clear();
    const updates = this.updates.splice(0);
    for (const run of runsOfOneCause(changes)) world.causedBy(run.cause, () => offerRoutes(run.changes));
    for (const { connection, update, cause } of updates)
      world.causedBy(cause, () => sendUpdate(connection, update));
  }
}

/** Neighbouring changes with the same cause, together. */
function runsOfOneCause(changes: readonly { change: RouteChange; cause: number | undefined }[]) {
  const runs: { cause: number | undefined; changes: RouteChange[] }[] = [];
  for (const { change, cause } of changes) {
    const last = runs.at(-1);
    if (last !== undefined && last.cause === cause) last.changes.push(change);
    else runs.push({ cause, changes: [change] });
  }
  return runs;
}
