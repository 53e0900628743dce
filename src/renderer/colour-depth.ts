/** How many colours may be written: 0 none, 1 the terminal's 16, 2 the 256-colour palette, 3 any RGB. */
export type ColourDepth = 0 | 1 | 2 | 3;

/** Reads the conventions terminals and users have: FORCE_COLOR, NO_COLOR, TERM, COLORTERM. FORCE_COLOR wins. */
export function colourDepth(environment: Readonly<Record<string, string | undefined>>): ColourDepth {
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forcedDepth(forced);
  if (environment['NO_COLOR']) return 0;
  const terminal = environment['TERM'] ?? '';
  if (terminal === 'dumb') return 0;
  const announced = environment['COLORTERM'] ?? '';
  if (announced === 'truecolor' || announced === '24bit' || environment['WT_SESSION']) return 3;
  if (/-(256|direct)(color)?$/.test(terminal)) return 2;
  return terminal === '' && announced === '' ? 0 : 1;
}

function forcedDepth(forced: string): ColourDepth {
  switch (forced) {
    case '0':
    case 'false':
      return 0;
    case '2':
      return 2;
    case '3':
      return 3;
    default:
      return 1;
  }
}
