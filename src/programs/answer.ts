/** What became of a question to a program or server: its value, or why there is none, in words. */
export type Answer<Value> =
  | { readonly outcome: 'done'; readonly value: Value }
  | { readonly outcome: 'failed'; readonly because: string };

export function done<Value>(value: Value): Answer<Value> {
  return { outcome: 'done', value };
}

export function failed(because: string): { readonly outcome: 'failed'; readonly because: string } {
  return { outcome: 'failed', because };
}
