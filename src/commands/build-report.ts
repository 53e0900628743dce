import type { FileHandle } from 'node:fs/promises';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Step } from '../engines/containerlab/build/steps.ts';
import type { StepReport, WalkResult } from '../engines/containerlab/build/walk.ts';
import type { ProgramIo } from './program-io.ts';

/** While nothing else is said, what runs is said that often. Milliseconds. */
const STILL = 15_000;

/** Tells what a build does, in lines with the time since it began, or as a JSON object a line. Everything goes into a log too. */
export class BuildReport {
  private readonly io: ProgramIo;
  private readonly json: boolean;
  private readonly log: FileHandle | undefined;
  private readonly startedAt = performance.now();
  private readonly running = new Map<string, { readonly since: number; last: string }>();
  private readonly timer: NodeJS.Timeout;
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(io: ProgramIo, json: boolean, log: FileHandle | undefined) {
    this.io = io;
    this.json = json;
    this.log = log;
    this.timer = setInterval(() => this.still(), STILL);
    this.timer.unref();
  }

  /** The log stands beside the ledger, and only its owner may read it. */
  static async begin(io: ProgramIo, ledgerPath: string, json: boolean): Promise<BuildReport> {
    const path = logPath(ledgerPath);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch(() => undefined);
    const log = await open(path, 'w', 0o600).catch(() => undefined);
    return new BuildReport(io, json, log);
  }

  step({ step, progress, milliseconds }: StepReport): void {
    if (progress === 'running') this.running.set(step.id, { since: performance.now(), last: '' });
    else this.running.delete(step.id);
    const took = milliseconds === undefined ? '' : ` (${seconds(milliseconds)})`;
    const text = {
      there: `is there: ${step.title}`,
      running: `begins: ${step.title}`,
      done: `done: ${step.title}${took}`,
      failed: `FAILED: ${step.title}${took}`,
      cancelled: `cut off: ${step.title}${took}`,
    }[progress];
    this.write({ step: step.id, stage: step.stage, progress, milliseconds }, text);
  }

  said(step: Step, line: string): void {
    const running = this.running.get(step.id);
    if (running !== undefined) running.last = line;
    this.note(`${this.elapsed()} ${step.id}: ${line}`);
  }

  end(result: WalkResult, until: string): void {
    for (const { step, because, nextSteps } of result.failures) {
      const lines = [because, ...nextSteps.map(next => `  ${next}`)];
      this.write({ step: step.id, because, nextSteps }, lines.join('\n'), this.io.stderr);
    }
    const text = {
      done: `the lab is built up to ${until}`,
      failed: 'the build stopped. What is done stays; the same command goes on from there',
      cancelled: 'interrupted. What is done stays; the same command goes on from there',
    }[result.outcome];
    this.write({ outcome: result.outcome, until }, text);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    await this.log?.close();
  }

  private still(): void {
    for (const [id, { since, last }] of this.running) {
      const said = last === '' ? '' : `, last said: ${last}`;
      this.write(
        { step: id, progress: 'running', last },
        `still at it: ${id} (${seconds(performance.now() - since)}${said})`,
      );
    }
  }

  private write(
    value: object,
    text: string,
    stream: { write(text: string): unknown } = this.io.stdout,
  ): void {
    const at = Math.round(performance.now() - this.startedAt);
    if (this.json) this.io.stdout.write(`${JSON.stringify({ at, ...value })}\n`);
    else stream.write(`${this.elapsed()} ${text}\n`);
    this.note(`${this.elapsed()} ${text}`);
  }

  private note(line: string): void {
    const { log } = this;
    if (log !== undefined)
      this.writing = this.writing.then(() => log.write(`${line}\n`)).catch(() => undefined);
  }

  private elapsed(): string {
    return `[${seconds(performance.now() - this.startedAt).padStart(8)}]`;
  }
}

/** Where a lab's last build is written down. */
export function logPath(ledgerPath: string): string {
  return ledgerPath.replace(/\.json$/, '.log');
}

function seconds(milliseconds: number): string {
  return milliseconds < 60_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${Math.floor(milliseconds / 60_000)} m ${String(Math.floor((milliseconds % 60_000) / 1000)).padStart(2, '0')} s`;
}
