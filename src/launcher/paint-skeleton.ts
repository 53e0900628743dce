import { writeSync } from 'node:fs';
import { leaveSkeleton } from '../renderer/skeleton-handover.ts';
import { enterScreen, leaveScreen } from '../renderer/terminal-modes.ts';

/** Shows within a few milliseconds that something is coming. The screen is given back at the first sign of trouble. */
export function paintSkeleton(): { readonly giveBack: () => void } {
  const { columns = 80, rows = 24 } = process.stdout;
  let ours = true;
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map(stream => stream.write);
  const release = (): boolean => {
    if (!ours) return false;
    ours = false;
    streams.forEach((stream, index) => {
      stream.write = writes[index] ?? stream.write;
    });
    process.off('exit', giveBack);
    return true;
  };
  const giveBack = (): void => {
    if (!release()) return;
    try {
      writeSync(1, leaveScreen);
    } catch {
      // The terminal is gone; there is nothing to restore.
    }
  };
  // These stay when the screen is taken over: a signal that came while the program was loading is delivered after that,
  // and only to listeners that were there when it came.
  const interrupted = (signal: NodeJS.Signals): void => {
    const nobodyElse = ours || process.listenerCount(signal) === 1;
    giveBack();
    if (nobodyElse) process.exit(exitCodes[signal]);
  };
  // Text that does not come from whoever takes the screen over is a message: it belongs on the normal screen.
  for (const stream of streams) {
    stream.write = ((...text: Parameters<typeof stream.write>) => {
      giveBack();
      return stream.write(...text);
    }) as typeof stream.write;
  }
  process.on('exit', giveBack);
  for (const signal of Object.keys(exitCodes)) process.on(signal, interrupted);
  leaveSkeleton({ takeOver: release });
  writeSync(1, enterScreen + picture(columns, rows));
  return { giveBack };
}

/** 128 + the number of the signal, as shells report it. */
const exitCodes: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

function picture(columns: number, rows: number): string {
  const title = ' srklab-tutor';
  const wait = 'Opening the lab …';
  const left = Math.max(0, Math.floor((columns - wait.length) / 2));
  return `${title.slice(0, columns)}\x1b[${Math.ceil(rows / 2)};${left + 1}H\x1b[2m${wait.slice(0, columns)}\x1b[0m`;
}
