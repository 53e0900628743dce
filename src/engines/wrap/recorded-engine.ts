import type { LabEngine } from '../../lab/engine.ts';
import {
  type RecordedAnswer,
  type RecordedRequest,
  type RecordingEntry,
  recordingHeader,
} from '../../lab/recording.ts';
import type { Snapshot } from '../../lab/snapshot.ts';
import { wrapped } from './wrapped-engine.ts';

/**
 * An engine of which everything that goes through is written down, a line of JSON each. `now`: milliseconds, for engines
 * without a clock of their own. `stop` writes the last line.
 */
export function recorded(engine: LabEngine, writeLine: (line: string) => void, now: () => number): LabEngine {
  const began = engine.clock?.now() ?? now();
  const time = () => (engine.clock?.now() ?? now()) - began;
  let lastTime = 0;
  const write = (entry: WithoutTime<RecordingEntry>) => {
    lastTime = Math.max(lastTime, time());
    writeLine(JSON.stringify({ t: Math.round(lastTime * 1000) / 1000, ...entry }));
  };
  writeLine(JSON.stringify(recordingHeader(engine)));
  const stopListening = engine.subscribe(events => write({ type: 'events', events }));
  const looks = new LookMemory();
  let last = 0;
  let ended = false;
  const asked = async <A extends RecordedAnswer>(
    request: RecordedRequest,
    act: (id: number) => Promise<A>,
  ): Promise<A> => {
    const id = ++last;
    write({ type: 'asked', id, request });
    const answer = await act(id);
    write({ type: 'answered', id, answer });
    return answer;
  };
  return wrapped(
    engine,
    {
      build: (stage, options) => asked({ kind: 'build', stage }, () => engine.build(stage, options)),
      perform: command => asked({ kind: 'perform', command }, () => engine.perform(command)),
      run: (commandLine, options = {}) => {
        const { on, cluster } = options;
        const request: RecordedRequest = {
          kind: 'run',
          commandLine,
          ...(on === undefined ? {} : { on }),
          ...(cluster === undefined ? {} : { cluster }),
        };
        return asked(request, id =>
          engine.run(commandLine, {
            ...options,
            onOutput: chunk => {
              write({ type: 'output', id, chunk });
              options.onOutput?.(chunk);
            },
          }),
        );
      },
      async snapshot(wanted) {
        const snapshot = await engine.snapshot(wanted);
        const changed = looks.changesIn(snapshot);
        if (changed !== undefined) write({ type: 'looked', at: snapshot.at, ...changed });
        return snapshot;
      },
      async stop() {
        await engine.stop();
        stopListening();
        if (!ended) write({ type: 'end' });
        ended = true;
      },
    },
    { onlyForward: true },
  );
}

type WithoutTime<E> = E extends unknown ? Omit<E, 't'> : never;

/** Remembers what was written of snapshots, so that only changes are. */
class LookMemory {
  private overview = '';
  private wanted = '';
  private readonly tables = new Map<string, string>();

  changesIn(snapshot: Snapshot) {
    const { tables, at: _, ...overview } = snapshot;
    const text = JSON.stringify(overview);
    const changed = [...tables].filter(([key, rows]) => {
      const rowsText = JSON.stringify(rows);
      const before = this.tables.get(key);
      this.tables.set(key, rowsText);
      return before !== rowsText;
    });
    const keys = [...tables.keys()];
    const wanted = keys.join('\n');
    if (text === this.overview && wanted === this.wanted && changed.length === 0) return undefined;
    const news = {
      ...(text === this.overview ? {} : { overview }),
      ...(wanted === this.wanted ? {} : { wanted: keys }),
    };
    this.overview = text;
    this.wanted = wanted;
    return { ...news, tables: changed };
  }
}
