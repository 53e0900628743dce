import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Viewer } from './viewer.ts';

/** A browser whose willingness to take more is ours to say. */
class Response extends EventEmitter {
  writableNeedDrain = false;
  destroyed = false;
  readonly written: string[] = [];
  write(text: string): boolean {
    this.written.push(text);
    return true;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

const slide = (text: string) => [{ name: 'slide', text } as const];

function watching() {
  const response = new Response();
  return { response, viewer: new Viewer(response as unknown as ServerResponse) };
}

describe('a viewer', () => {
  it('gets each section when it changed', () => {
    const { response, viewer } = watching();
    viewer.show(slide('1'), 0);
    viewer.show(slide('1'), 1);
    viewer.show(slide('2'), 2);
    expect(response.written).toEqual(['event: section\ndata: 1\n\n', 'event: section\ndata: 2\n\n']);
  });

  it('who is slow misses what is past and gets the newest', () => {
    const { response, viewer } = watching();
    response.writableNeedDrain = true;
    for (const text of ['1', '2', '3']) viewer.show(slide(text), 100);
    viewer.beat();
    expect(response.written).toEqual([]);
    expect(viewer.stuckSince).toBe(100);
    response.writableNeedDrain = false;
    response.emit('drain');
    expect(response.written).toEqual(['event: section\ndata: 3\n\n']);
    expect(viewer.stuckSince).toBeUndefined();
  });
});
