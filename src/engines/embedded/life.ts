import type { Command, CommandResult } from '../../lab/command.ts';
import type { BuildResult, OutputChunk } from '../../lab/engine.ts';
import type { StageId } from '../../lab/stage.ts';
import type { Asked, Point } from './chronicle.ts';
import { runCommandLine } from './commands/index.ts';
import type { EventLog } from './event-log.ts';
import type { RunningLab } from './running-lab.ts';

type Where = { readonly on?: string | undefined; readonly cluster?: string | undefined };

/** A lab being lived: what runs, and what was asked of it that still takes time. The same things asked at the same points lead to the same lab. */
export class Life {
  readonly running: RunningLab;
  readonly events: EventLog;
  private readonly controllers = new Map<number, AbortController>();
  private commands = 0;

  constructor(running: RunningLab, events: EventLog) {
    this.running = running;
    this.events = events;
  }

  get point(): Point {
    const { world } = this.running;
    return { steps: world.steps, at: world.now(), nextEvent: this.events.upcomingId };
  }

  /** Commands go on in microtasks: while some are under way, it matters when those get their turn. */
  get commandsUnderWay(): boolean {
    return this.commands > 0;
  }

  build(stage: StageId, request: number, done: (result: BuildResult) => void): void {
    this.running.build(stage, this.controllerOf(request).signal, result => {
      this.controllers.delete(request);
      done(result);
    });
  }

  perform(command: Exclude<Command, { readonly type: 'restore' }>): CommandResult {
    const { faults, clusters } = this.running;
    switch (command.type) {
      case 'break':
        return faults.break(command.fault);
      case 'heal':
        return faults.heal(command.fault);
      case 'traffic':
        return clusters.setTraffic(command.on, command.ratePerClient);
    }
  }

  async run(
    commandLine: string,
    { on, cluster }: Where,
    request: number,
    print: (chunk: OutputChunk) => void,
  ): Promise<number> {
    const { world, clusters } = this.running;
    const { signal } = this.controllerOf(request);
    const event = world.causedBy(undefined, () => world.emit({ type: 'command-run', commandLine }));
    this.events.flush();
    this.commands++;
    try {
      return await world.causedBy(event, () =>
        runCommandLine(commandLine, { lab: this.running, world, clusters, on, cluster, signal, print }),
      );
    } finally {
      this.commands--;
      this.controllers.delete(request);
    }
  }

  abort(request: number): void {
    this.controllerOf(request).abort();
  }

  /** What was asked once is asked again; nobody waits for the answers. */
  again(asked: Asked): void {
    switch (asked.kind) {
      case 'build':
        this.build(asked.stage, asked.request, () => undefined);
        return;
      case 'run':
        void this.run(asked.commandLine, asked, asked.request, () => undefined);
        return;
      case 'perform':
        if (asked.command.type !== 'restore') this.perform(asked.command);
        return;
      case 'abort':
        this.abort(asked.request);
        return;
      case 'unsettled':
        this.running.world.emit({ type: 'did-not-settle', after: asked.after });
        return;
      case 'skip':
        for (let event = 0; event < asked.events; event++) this.events.skip();
        return;
      case 'turn':
        return;
    }
  }

  private controllerOf(request: number): AbortController {
    const known = this.controllers.get(request);
    if (known !== undefined) return known;
    const made = new AbortController();
    this.controllers.set(request, made);
    return made;
  }
}

/** Longer than any chain of promises of a command that waits for nothing. */
const TURNS = 1000;

/** Lets commands go on as far as they can without time passing. */
export async function letCommandsGoOn(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await undefined;
}
