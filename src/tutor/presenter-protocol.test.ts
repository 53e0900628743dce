import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, tutorState } from '../test-support/tutor-states.ts';
import { notesModel } from './notes-model.ts';
import {
  decodeFromNotes,
  decodeFromPresenter,
  driveOrders,
  encode,
  lineReader,
  longestFromPresenter,
} from './presenter-protocol.ts';

const model = notesModel(after(tutorState(), [{ type: 'presenter-started', lesson: '01-cable' }]));
if (model === undefined) throw new Error('somebody presents');

describe('what presenter and notes tell each other', () => {
  it('arrives as it was said', () => {
    expect(decodeFromPresenter(encode({ type: 'notes', model }))).toEqual({ type: 'notes', model });
    expect(decodeFromPresenter(encode({ type: 'hello', pid: 7 }))).toEqual({ type: 'hello', pid: 7 });
    for (const order of driveOrders)
      expect(decodeFromNotes(encode({ type: 'drive', order }))).toEqual({ type: 'drive', order });
  });

  it.each([
    '{"v":2,"type":"drive","order":"next"}',
    '{"v":1,"type":"drive","order":"break"}',
    '{"v":1,"type":"later-invention"}',
    '{"v":1,"type":"hello","pid":-1}',
    '[]',
    'null',
    'nonsense',
    '',
  ])('passes over %j', text => {
    expect(decodeFromNotes(text)).toBeUndefined();
    expect(decodeFromPresenter(text)).toBeUndefined();
  });

  it('passes over a model in which any part is missing or of another kind', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(model).filter(key => !['deed', 'next', 'page'].includes(key))),
        fc.constantFrom(null, 7, 'x', {}, [7]),
        (key, value) => {
          const right = typeof value === typeof model[key as keyof typeof model] && typeof value !== 'object';
          const text = JSON.stringify({ v: 1, type: 'notes', model: { ...model, [key]: value } });
          if (!right) expect(decodeFromPresenter(text)).toBeUndefined();
        },
      ),
    );
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), text => {
        decodeFromNotes(text);
        decodeFromPresenter(text);
      }),
    );
  });
});

describe('lines out of pieces', () => {
  it('are the same however the pieces are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 }).map(text => `x${text.replaceAll('\n', '')}`)),
        fc.array(fc.nat(20)),
        (lines, cuts) => {
          const read = lineReader(longestFromPresenter);
          let rest = lines.map(text => `${text}\n`).join('');
          const got: string[] = [];
          for (const cut of cuts) {
            got.push(...(read(rest.slice(0, cut)) ?? []));
            rest = rest.slice(cut);
          }
          got.push(...(read(rest) ?? []));
          expect(got).toEqual(lines);
        },
      ),
    );
  });

  it('are refused when they are too long, with an end or without', () => {
    expect(lineReader(10)('12345678901')).toBeUndefined();
    expect(lineReader(10)('12345678901\n')).toBeUndefined();
    expect(lineReader(10)('1234567890\n')).toEqual(['1234567890']);
  });
});
