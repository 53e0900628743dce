export type Tellings = {
  tell(text: string): void;
  /** Who is told: of what was said before, too. */
  to(listener: (text: string) => void): void;
};

/** What is to be said about a lab before there is a screen to say it on. */
export function tellings(): Tellings {
  const waiting: string[] = [];
  let listener: ((text: string) => void) | undefined;
  return {
    tell(text) {
      if (listener === undefined) waiting.push(text);
      else listener(text);
    },
    to(next) {
      listener = next;
      for (const text of waiting.splice(0)) next(text);
    },
  };
}
