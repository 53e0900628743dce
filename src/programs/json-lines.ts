/** Newline-separated JSON objects as they arrive in pieces. Lines that are none are passed over. */
export class JsonLines {
  private rest = '';
  private readonly take: (value: Readonly<Record<string, unknown>>) => void;

  constructor(take: (value: Readonly<Record<string, unknown>>) => void) {
    this.take = take;
  }

  write(text: string): void {
    const lines = `${this.rest}${text}`.split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const value = parsed(line);
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        this.take(value as Readonly<Record<string, unknown>>);
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
