/** How a person types, seconds a character. */
const KEYSTROKE = 0.035;
/** Nobody wants to watch longer waits than this, seconds. */
const LONGEST_PAUSE = 2;

/** A terminal session in the asciicast v2 format: a header line, then [seconds, "o", text] lines. */
export class Asciicast {
  private readonly lines: string[];
  private time = 0;

  constructor(options: { readonly title: string; readonly columns?: number; readonly rows?: number }) {
    const { title, columns = 100, rows = 30 } = options;
    this.lines = [
      JSON.stringify({ version: 2, width: columns, height: rows, title, env: { TERM: 'xterm-256color' } }),
    ];
  }

  /** Lets time pass in the recording; long waits are cut short. */
  pause(seconds: number): void {
    this.time += Math.min(Math.max(0, seconds), LONGEST_PAUSE);
  }

  print(text: string): void {
    this.add(text.replace(/\r?\n/g, '\r\n'));
  }

  /** Typed at a prompt, key by key, then Enter. */
  type(prompt: string, line: string): void {
    this.print(prompt);
    for (const character of line) {
      this.time += KEYSTROKE;
      this.add(character);
    }
    this.pause(0.4);
    this.add('\r\n');
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }

  private add(text: string): void {
    this.lines.push(JSON.stringify([Math.round(this.time * 1e6) / 1e6, 'o', text]));
  }
}
