import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** Processes that were started with a mark in their environment, and whatever these started. */
export class MarkedProcesses {
  private readonly value = randomUUID();

  get env(): Readonly<Record<string, string>> {
    return { SRKLAB_TEST_MARK: this.value };
  }

  /** Command lines of those that run. */
  running(): string[] {
    const lines: string[] = [];
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`SRKLAB_TEST_MARK=${this.value}`))
          continue;
        lines.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 120));
      } catch {
        // It has ended meanwhile.
      }
    }
    return lines;
  }

  /** Waits until they hold what is asked for, or `limit` milliseconds have passed. */
  async until(holds: (running: readonly string[]) => boolean, limit: number): Promise<readonly string[]> {
    const end = performance.now() + limit;
    for (;;) {
      const running = this.running();
      if (holds(running) || performance.now() > end) return running;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
}
