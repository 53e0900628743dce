import type { ProgramIo } from './program-io.ts';

/** Whether there is a terminal that a screen can be drawn on. */
export function drawsScreens(io: ProgramIo): boolean {
  return (
    io.stdin.isTTY === true &&
    io.stdout.isTTY === true &&
    io.env['TERM'] !== 'dumb' &&
    io.env['INK_SCREEN_READER'] !== 'true'
  );
}
