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
  const look = (snapshot: Snapshot) => {
    // Who looks at other tables ends a series of looks, the last of which counts.
    if (!looks.wantsTheSame(snapshot)) writeLastLook();
    const changed = looks.changesIn(snapshot, time());
    if (changed !== undefined) write({ type: 'looked', at: snapshot.at, ...changed });
  };
  /** How things stood before what comes now: the last look counts even if it came too soon after another. */
  const writeLastLook = () => {
    const { passedOver } = looks;
    looks.passedOver = undefined;
    looks.lookClosely();
    if (passedOver !== undefined) look(passedOver);
    looks.lookClosely();
  };
  const asked = async <A extends RecordedAnswer>(
    request: RecordedRequest,
    act: (id: number) => Promise<A>,
  ): Promise<A> => {
    const id = ++last;
    writeLastLook();
    write({ type: 'asked', id, request });
    const answer = await act(id);
    looks.lookClosely();
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
        look(snapshot);
        return snapshot;
      },
      async stop() {
        await engine.stop();
        stopListening();
        if (!ended) {
          writeLastLook();
          write({ type: 'end' });
        }
        ended = true;
      },
    },
    { onlyForward: true },
  );
}

type WithoutTime<E> = E extends unknown ? Omit<E, 't'> : never;

/** Milliseconds between two looks that are worth writing when nobody asked for anything in between. */
const LOOK_EVERY = 250;
/** Counters of the traffic change with every request and are large. */
const TRAFFIC_EVERY = 1000;

/** Remembers what was written of snapshots, so that only changes are. */
class LookMemory {
  private readonly sections = new Map<string, string>();
  private readonly tables = new Map<string, string>();
  private wanted = '';
  private lookedAt = Number.NEGATIVE_INFINITY;
  private trafficAt = Number.NEGATIVE_INFINITY;
  /** The newest look, when it was not written, or not all of it. */
  passedOver: Snapshot | undefined;

  wantsTheSame(snapshot: Snapshot): boolean {
    return [...snapshot.tables.keys()].join('\n') === this.wanted;
  }

  /** Something was asked or answered: the next look is written whatever the time. */
  lookClosely(): void {
    this.lookedAt = Number.NEGATIVE_INFINITY;
    this.trafficAt = Number.NEGATIVE_INFINITY;
  }

  changesIn(snapshot: Snapshot, now: number) {
    const { tables, at: _, ...overview } = snapshot;
    const keys = [...tables.keys()];
    const wanted = keys.join('\n');
    this.passedOver = undefined;
    if (wanted === this.wanted && now - this.lookedAt < LOOK_EVERY) {
      this.passedOver = snapshot;
      return undefined;
    }
    const sections = Object.entries(overview).filter(
      ([name, value]) =>
        (name !== 'traffic' || now - this.trafficAt >= TRAFFIC_EVERY) && isNew(this.sections, name, value),
    );
    const changed = [...tables].filter(([key, rows]) => isNew(this.tables, key, rows));
    if (now - this.trafficAt < TRAFFIC_EVERY) this.passedOver = snapshot;
    else this.trafficAt = now;
    this.lookedAt = now;
    if (wanted === this.wanted && sections.length === 0 && changed.length === 0) return undefined;
    const news = {
      ...(sections.length === 0 ? {} : { overview: Object.fromEntries(sections) }),
      ...(wanted === this.wanted ? {} : { wanted: keys }),
    };
    this.wanted = wanted;
    return { ...news, tables: changed };
  }
}

function isNew(written: Map<string, string>, key: string, value: unknown): boolean {
  const text = JSON.stringify(value);
  if (written.get(key) === text) return false;
  written.set(key, text);
  return true;
}
