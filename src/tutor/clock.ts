/** How lab time passes; only where the engine has a clock. */
export type ClockState = {
  readonly mode: 'running' | 'paused' | 'until-quiet';
  /** Lab seconds per real second while running: one of `speeds`. */
  readonly speed: number;
};

export const speeds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 100] as const;

export const firstClock: ClockState = { mode: 'running', speed: 1 };
