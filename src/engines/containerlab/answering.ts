/** Whether something that should answer does. What it said before it fell silent is not to be shown as if it still held. Lab milliseconds. */
export type Answering =
  /** It never answered yet: it may still be starting. */
  | { readonly state: 'waiting'; readonly because: string }
  | { readonly state: 'answering' }
  | { readonly state: 'unknown'; readonly since: number; readonly because: string };
