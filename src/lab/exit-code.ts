/** Exit code of a program that does not exist, as a shell gives it. */
export const NOT_FOUND = 127;
/** Exit code after Ctrl-C. */
export const INTERRUPTED = 130;
