import type { PresenterMessage } from './message.ts';
import type { NotesModel } from './notes-model.ts';

/**
 * What presenter and notes tell each other: one JSON object a line, UTF-8, each with `v`. Lines of another version, unknown types and
 * damaged lines are passed over, so that old and new programs can stand on one stage.
 */
export const protocolVersion = 1;

/** Longest line, in characters: what the presenter says holds a slide, what notes say is a word. */
export const longestFromPresenter = 256 * 1024;
export const longestFromNotes = 1024;

export type FromPresenter =
  /** First thing on every connection. */
  { readonly type: 'hello'; readonly pid: number } | { readonly type: 'notes'; readonly model: NotesModel };

export type FromNotes =
  | { readonly type: 'hello'; readonly pid: number }
  | { readonly type: 'drive'; readonly order: DriveOrder };

/** What a second terminal may ask for; none of it changes the lab. */
export const driveOrders = ['next', 'previous', 'first', 'last', 'black', 'view', 'restart-timer'] as const;
export type DriveOrder = (typeof driveOrders)[number];

/** An order as the tutor knows it. */
export function messageOfOrder(order: DriveOrder): PresenterMessage {
  switch (order) {
    case 'black':
      return { type: 'black-asked' };
    case 'view':
      return { type: 'view-asked' };
    case 'restart-timer':
      return { type: 'timer-restarted' };
    default:
      return { type: 'slide-asked', to: order };
  }
}

export function encode(message: FromPresenter | FromNotes): string {
  return `${JSON.stringify({ v: protocolVersion, ...message })}\n`;
}

/** Undefined for what is not understood. */
export function decodeFromPresenter(text: string): FromPresenter | undefined {
  const message = objectOf(text);
  if (message === undefined) return undefined;
  if (message['type'] === 'hello' && isPid(message['pid'])) return { type: 'hello', pid: message['pid'] };
  const model = message['model'];
  if (message['type'] === 'notes' && isModel(model)) return { type: 'notes', model };
  return undefined;
}

/** Undefined for what is not understood. */
export function decodeFromNotes(text: string): FromNotes | undefined {
  const message = objectOf(text);
  if (message === undefined) return undefined;
  if (message['type'] === 'hello' && isPid(message['pid'])) return { type: 'hello', pid: message['pid'] };
  const order = driveOrders.find(known => known === message['order']);
  if (message['type'] === 'drive' && order !== undefined) return { type: 'drive', order };
  return undefined;
}

/** Lines out of the pieces a socket hands over. A line longer than `longest` gives undefined once: hang up. */
export function lineReader(longest: number): (piece: string) => readonly string[] | undefined {
  let rest = '';
  return piece => {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longest || lines.some(line => line.length > longest)) {
      rest = '';
      return undefined;
    }
    return lines.filter(line => line.trim() !== '');
  };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(parsed) || parsed['v'] !== protocolVersion) return undefined;
  return parsed;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPid(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** Looks at what a terminal would stumble over; who owns the socket is trusted with the words. */
function isModel(value: unknown): value is NotesModel {
  if (!isObject(value)) return false;
  const { lesson, slide, step, time, lab, notes, audience, panes, next, page } = value;
  const texts = (of: unknown) => Array.isArray(of) && of.every(each => typeof each === 'string');
  const numbers = (of: unknown, ...names: readonly string[]) =>
    isObject(of) && names.every(name => typeof of[name] === 'number');
  const words = (of: unknown, ...names: readonly string[]) =>
    isObject(of) && names.every(name => typeof of[name] === 'string');
  return (
    words(lesson, 'id', 'title') &&
    numbers(slide, 'number', 'of') &&
    words(slide, 'title') &&
    numbers(step, 'number', 'of') &&
    words(step, 'title') &&
    texts(notes) &&
    texts(panes) &&
    typeof audience === 'string' &&
    typeof value['black'] === 'boolean' &&
    typeof value['armedMs'] === 'number' &&
    (value['deed'] === undefined || typeof value['deed'] === 'string') &&
    (next === undefined || words(next, 'title', 'text')) &&
    (page === undefined || (words(page, 'url') && numbers(page, 'viewers'))) &&
    numbers(time, 'elapsedMs', 'stepSpentMs', 'stepPlannedMs', 'behindMs') &&
    isObject(lab) &&
    words(lab, 'engine') &&
    numbers(lab, 'at') &&
    numbers(lab['sessions'], 'up', 'configured') &&
    numbers(lab['nodes'], 'running', 'all') &&
    numbers(lab['stages'], 'done', 'all') &&
    texts(lab['faults']) &&
    (lab['traffic'] === undefined || numbers(lab['traffic'], 'rate', 'lost', 'sent'))
  );
}
