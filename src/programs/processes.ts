import { readFile } from 'node:fs/promises';

/** When a process started: boot and clock ticks since then. Undefined when there is no such process, "" where the system does not say. */
export async function startOfProcess(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return isThere(pid) ? '' : undefined;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name in brackets may hold blanks and brackets; what follows the last one is fields 3 and on.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()} ${ticks}`;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
