import type { LabClock, LabEngine, OutputChunk, RunResult } from '../lab/engine.ts';
import type { Fact, LabEvent } from '../lab/event.ts';
import { type ActiveFault, faultId } from '../lab/fault.ts';
import type { Lab } from '../lab/lab.ts';
import type { Snapshot } from '../lab/snapshot.ts';
import { type StageState, stagesUpTo } from '../lab/stage.ts';
import { noTraffic } from '../lab/traffic-state.ts';
import { labOfTheTalk } from './lab-of-the-talk.ts';

export type FakeEngine = LabEngine & {
  readonly clock: LabClock;
  /** Everything asked of it, in order: "build fabric", "run echo hi", "break …", "restore …", "stop". */
  readonly asked: readonly string[];
  tell(fact: Fact, cause?: number): void;
};

/**
 * A lab in name only: stages take a second, faults are just remembered, `echo`, `sleep <seconds>` and `false` are the commands it
 * knows. Promises settle while its clock is wound, as an engine's do.
 */
export function createFakeEngine(lab: Lab = labOfTheTalk): FakeEngine {
  const asked: string[] = [];
  const listeners = new Set<(events: readonly LabEvent[]) => void>();
  const stages = new Map<string, StageState['progress']>();
  let faults: ActiveFault[] = [];
  let traffic = false;
  let now = 0;
  let nextEvent = 1;
  let due: { at: number; call: () => void }[] = [];

  const tell = (fact: Fact, cause?: number) => {
    const event: LabEvent = { id: nextEvent++, at: now, ...(cause !== undefined && { cause }), ...fact };
    for (const listener of listeners) listener([event]);
    return event.id;
  };
  const after = (milliseconds: number, call: () => void) => {
    due.push({ at: now + milliseconds, call });
    due.sort((a, b) => a.at - b.at);
  };
  const runDue = (until: number) => {
    for (let next = due[0]; next !== undefined && next.at <= until; next = due[0]) {
      due = due.slice(1);
      now = Math.max(now, next.at);
      next.call();
    }
  };
  const clock: LabClock = {
    now: () => now,
    advance(milliseconds) {
      const until = now + milliseconds;
      runDue(until);
      now = until;
    },
    step() {
      const next = due[0];
      if (next === undefined) return false;
      runDue(next.at);
      return true;
    },
    busy: () => due.length > 0,
    runUntilQuiet(limit = 600_000) {
      const until = now + limit;
      runDue(until);
      return due.length === 0;
    },
  };

  const run = (line: string, signal?: AbortSignal): Promise<RunResult> =>
    new Promise(resolve => {
      const [program = '', ...words] = line.split(' ');
      const finish = (exitCode: number, stream: OutputChunk['stream'], text: string) =>
        resolve({ exitCode, output: text === '' ? [] : [{ stream, text }] });
      signal?.addEventListener('abort', () => finish(130, 'stderr', ''));
      if (program === 'echo') after(10, () => finish(0, 'stdout', `${words.join(' ')}\n`));
      else if (program === 'sleep') after(Number(words[0]) * 1000, () => finish(0, 'stdout', ''));
      else if (program === 'false') after(10, () => finish(1, 'stderr', 'no\n'));
      else after(0, () => finish(127, 'stderr', `${program}: not known here\n`));
    });

  return {
    name: 'embedded',
    lab,
    absent: new Map(),
    clock,
    asked,
    tell,
    build(stage, options) {
      asked.push(`build ${stage}`);
      stages.set(stage, 'running');
      tell({ type: 'stage-started', stage });
      return new Promise(resolve => {
        options?.signal?.addEventListener('abort', () => {
          stages.set(stage, 'cancelled');
          resolve({ outcome: 'cancelled' });
        });
        after(1000, () => {
          if (stages.get(stage) !== 'running') return;
          stages.set(stage, 'done');
          tell({ type: 'stage-finished', stage });
          resolve({ outcome: 'done' });
        });
      });
    },
    async perform(command) {
      switch (command.type) {
        case 'break': {
          const id = faultId(command.fault);
          asked.push(`break ${id}`);
          const event = tell({ type: 'fault-injected', fault: command.fault });
          faults = [...faults, { id, fault: command.fault, since: now, event }];
          return { outcome: 'done', event };
        }
        case 'heal': {
          asked.push(`heal ${command.fault}`);
          const healed = faults.filter(active => command.fault === 'all' || active.id === command.fault);
          if (healed.length === 0)
            return { outcome: 'refused', because: 'That is not broken.', nextSteps: [] };
          faults = faults.filter(active => !healed.includes(active));
          for (const { fault } of healed) tell({ type: 'fault-healed', fault });
          return { outcome: 'done' };
        }
        case 'traffic':
          asked.push(`traffic ${command.on ? 'on' : 'off'}`);
          traffic = command.on;
          return { outcome: 'done' };
        case 'restore':
          asked.push(`restore ${command.stage}`);
          await new Promise<void>(resolve => after(500, resolve));
          stages.clear();
          faults = [];
          traffic = false;
          for (const id of stagesUpTo(lab.stages, command.stage) ?? []) stages.set(id, 'done');
          return { outcome: 'done' };
      }
    },
    async run(commandLine, options) {
      asked.push(`run ${commandLine}`);
      const result = await run(commandLine, options?.signal);
      for (const chunk of result.output) options?.onOutput?.(chunk);
      return result;
    },
    async snapshot(): Promise<Snapshot> {
      return {
        at: now,
        stages: lab.stages.map(plan => ({
          id: plan.id,
          title: plan.title,
          progress: stages.get(plan.id) ?? 'waiting',
          tasks: [],
        })),
        nodes: lab.nodes.map(node => ({
          name: node.name,
          state: stages.has('fabric') ? 'running' : 'absent',
        })),
        links: lab.links.map(link => ({
          id: link.id,
          state: faults.some(({ fault }) => fault.kind === 'link-cut' && fault.link === link.id)
            ? 'down'
            : 'up',
          rateAToB: 0,
          rateBToA: 0,
        })),
        faults,
        clusters: [],
        traffic: { ...noTraffic, on: traffic },
        tables: new Map(),
      };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      asked.push('stop');
    },
  };
}
