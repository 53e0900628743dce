import { PassThrough } from 'node:stream';

/** A mouse report: columns and rows start at 0. `wheel` is -1 (up), 1 (down) or 0. */
export type MouseEvent = {
  readonly x: number;
  readonly y: number;
  readonly button: 'left' | 'middle' | 'right' | 'none';
  readonly wheel: -1 | 0 | 1;
  readonly kind: 'press' | 'release' | 'drag' | 'wheel';
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
};

export type Heard =
  | { readonly kind: 'mouse'; readonly event: MouseEvent }
  /** An answer to an operating system command, for example 11: the background colour. */
  | { readonly kind: 'colour'; readonly number: number; readonly value: string }
  /** Device attributes, mode reports and other answers. */
  | { readonly kind: 'reply'; readonly text: string }
  | { readonly kind: 'suspend' };

// In order: SGR mouse report, OSC reply, device attributes and the like, mode report, device control string, focus.
const spoken =
  /\x1b\[<(\d+);(\d+);(\d+)([Mm])|\x1b\](\d+);([^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b\[\?[\d;]*[cnuyS]|\x1b\[\?[\d;]+\$y|\x1bP[^\x1b]*\x1b\\|\x1b\[[IO]/g;
// Alt+] and Alt+P begin like reports too; what the learner may have typed is not kept back.
const unfinished = /\x1b(?:\[[<?]?[\d;$]*|\]\d+(?:;[^\x07\x1b]*)?)$/;
/** An unfinished report longer than this is no report. */
const longestReport = 4096;

/** Splits what a terminal sends into what the terminal says and what the learner types. Keeps unfinished reports back. */
export class TerminalListener {
  #kept = '';

  hear(chunk: string): { readonly typed: string; readonly heard: readonly Heard[] } {
    let text = this.#kept + chunk;
    this.#kept = unfinished.exec(text)?.[0] ?? '';
    text = text.slice(0, text.length - this.#kept.length);
    if (this.#kept.length > longestReport) this.#kept = '';
    const heard: Heard[] = [];
    const typed = text.replace(spoken, (whole, button, x, y, ending, number, value) => {
      if (button !== undefined) heard.push({ kind: 'mouse', event: mouseEvent(+button, +x, +y, ending) });
      else if (number !== undefined) heard.push({ kind: 'colour', number: +number, value });
      else heard.push({ kind: 'reply', text: whole });
      return '';
    });
    // Ctrl+Z, unless it is part of a paste.
    if (!typed.includes('\x1a') || typed.includes('\x1b[200~')) return { typed, heard };
    return { typed: typed.replaceAll('\x1a', ''), heard: [...heard, { kind: 'suspend' }] };
  }
}

/** xterm's SGR mouse encoding: two bits of button, then shift, alt, ctrl, motion, wheel. */
function mouseEvent(code: number, x: number, y: number, ending: string): MouseEvent {
  const wheel = (code & 64) === 0 ? 0 : code & 1 ? 1 : -1;
  const button = wheel === 0 ? (['left', 'middle', 'right', 'none'] as const)[code & 3] : 'none';
  return {
    x: x - 1,
    y: y - 1,
    button: button ?? 'none',
    wheel,
    kind: wheel !== 0 ? 'wheel' : ending === 'm' ? 'release' : code & 32 ? 'drag' : 'press',
    shift: (code & 4) !== 0,
    alt: (code & 8) !== 0,
    ctrl: (code & 16) !== 0,
  };
}

/** Stands in for stdin before Ink: a terminal in raw mode from which mouse reports and replies were taken out. */
export class TerminalInput {
  readonly stream: NodeJS.ReadStream;
  readonly #source: NodeJS.ReadStream;
  readonly #listener = new TerminalListener();
  readonly #typed = new PassThrough({ highWaterMark: 1 << 16 });
  readonly #onHeard: (heard: Heard) => void;
  #listening = false;

  constructor(source: NodeJS.ReadStream, onHeard: (heard: Heard) => void) {
    this.#source = source;
    this.#onHeard = onHeard;
    // Whoever owns the screen owns raw mode; Ink's wishes are granted already.
    this.stream = Object.assign(this.#typed, {
      isTTY: true,
      fd: 0,
      setRawMode: () => this.stream,
      ref: () => this.stream,
      unref: () => this.stream,
    }) as unknown as NodeJS.ReadStream;
  }

  start(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#source.setRawMode?.(true);
    this.#source.setEncoding('utf8');
    this.#source.on('data', this.#hear);
    this.#source.on('end', this.#end);
    this.#source.resume();
  }

  stop(): void {
    this.#listening = false;
    this.#source.off('data', this.#hear);
    this.#source.off('end', this.#end);
    this.#source.pause();
    this.#source.setRawMode?.(false);
  }

  readonly #hear = (chunk: string): void => {
    const { typed, heard } = this.#listener.hear(chunk);
    if (typed !== '') this.#typed.write(typed);
    for (const one of heard) this.#onHeard(one);
  };

  readonly #end = (): void => {
    this.#typed.end();
  };
}
