import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of processor time a process has used, all its threads together. Linux only. */
export function processorTime(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + threadTime(pid, thread), 0);
}

/** The same of the thread that runs its JavaScript. */
export function mainThreadTime(pid: number): number {
  return threadTime(pid, `${pid}`);
}

function threadTime(pid: number, thread: string): number {
  return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** Resident memory of a process in megabytes. Linux only. */
export function residentMemory(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
