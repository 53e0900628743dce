import { describe, expect, it } from 'vitest';
import { createGrid, type Grid, rowText } from './grid.ts';
import { plain, style } from './style.ts';
import { createSurface } from './surface.ts';

const rows = (grid: Grid): string[] =>
  Array.from({ length: grid.height }, (_, row) => rowText(grid, row, true));

describe('a surface', () => {
  it('writes text and says where it ends', () => {
    const grid = createGrid(8, 1);
    expect(createSurface(grid).put(1, 0, 'LEAF')).toBe(5);
    expect(rows(grid)).toEqual([' LEAF   ']);
  });

  it('cuts off what falls outside and still says where the text would have ended', () => {
    const grid = createGrid(4, 2);
    const surface = createSurface(grid);
    expect(surface.put(2, 0, 'SPINE')).toBe(7);
    expect(surface.put(-3, 1, 'SPINE')).toBe(2);
    surface.put(0, 2, 'below');
    surface.put(0, -1, 'above');
    expect(rows(grid)).toEqual(['  SP', 'NE  ']);
  });

  it('gives a wide character two columns, and a blank where only half of it would fit', () => {
    const grid = createGrid(5, 1);
    expect(createSurface(grid).put(0, 0, '日本語')).toBe(6);
    expect(rows(grid)).toEqual(['日本 ']);
  });

  it('blanks the other half of a wide character that is written over', () => {
    const grid = createGrid(6, 2);
    const surface = createSurface(grid);
    surface.put(0, 0, '日本語');
    surface.put(1, 0, 'x');
    surface.put(0, 1, '日本語');
    surface.put(2, 1, 'x');
    expect(rows(grid)).toEqual([' x本語', '日x 語']);
  });

  it('draws emoji terminals disagree about in a form they agree about, at the same width', () => {
    const grid = createGrid(12, 1);
    expect(createSurface(grid).put(0, 0, '👨‍👩‍👧🇨🇭👍🏽1️⃣❤️')).toBe(10);
    expect(rows(grid)).toEqual(['👨CH👍1 ❤   ']);
  });

  it('keeps a combining mark with its letter in one cell', () => {
    const grid = createGrid(4, 1);
    expect(createSurface(grid).put(0, 0, 'e\u0301x')).toBe(2);
    expect(rows(grid)).toEqual(['e\u0301x  ']);
  });

  it('never lets control characters reach the terminal', () => {
    const grid = createGrid(6, 1);
    createSurface(grid).put(0, 0, 'a\x1b[31mb\n');
    expect(rows(grid)).toEqual(['a[31mb']);
  });

  it('fills, restyles and cuts out a part with its own origin', () => {
    const grid = createGrid(6, 3);
    const surface = createSurface(grid);
    surface.fill(0, 0, 6, 3, plain, '·');
    const part = surface.inset(1, 1, 3, 5);
    expect([part.width, part.height]).toEqual([3, 2]);
    part.put(-1, 0, 'abcdef');
    part.restyle(0, 1, 9, 9, style({ inverse: true }));
    expect(rows(grid)).toEqual(['······', '·bcd··', '·\x1b[7m···\x1b[27m··']);
  });

  it('paints only cells that are its own', () => {
    const grid = createGrid(6, 1);
    const cells = Uint16Array.from([1, 1, 0, 1, 1, 1]);
    createSurface(grid, { x: 0, y: 0, width: 6, height: 1 }, { cells, owner: 1 }).put(0, 0, 'a日日b');
    expect(rows(grid)).toEqual(['a  日b']);
  });
});
