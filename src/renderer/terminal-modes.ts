/** Alternate screen, no autowrap (a character of doubtful width must not scroll the screen), no cursor. */
export const enterScreen = '\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[H';
/** Undoes everything that may have been switched on, mouse and bracketed paste included. */
export const leaveScreen = '\x1b[0m\x1b[?1006l\x1b[?1002l\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l';
export const mouseOn = '\x1b[?1002h\x1b[?1006h';
export const mouseOff = '\x1b[?1006l\x1b[?1002l';
