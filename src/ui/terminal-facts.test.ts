import { describe, expect, it } from 'vitest';
import { sgrStyle } from '../renderer/style.ts';
import { showsUnicode, themeFor } from './terminal-facts.ts';

describe('what a terminal can show', () => {
  it('is Unicode unless the locale or the console says otherwise', () => {
    expect(showsUnicode({ LANG: 'C.UTF-8' })).toBe(true);
    expect(showsUnicode({})).toBe(true);
    expect(showsUnicode({ LANG: 'C' })).toBe(false);
    expect(showsUnicode({ LANG: 'de_CH.utf8', LC_ALL: 'POSIX' })).toBe(false);
    expect(showsUnicode({ LANG: 'C.UTF-8', TERM: 'linux' })).toBe(false);
    expect(showsUnicode({ LANG: 'C.UTF-8', SRKLAB_ASCII: '1' })).toBe(false);
  });

  it('is dark unless it says that it is light; the learner has the last word', () => {
    const env = {};
    expect(themeFor({ env, depth: 3, background: undefined }).background).toBe('dark');
    expect(themeFor({ env, depth: 3, background: 'light' }).background).toBe('light');
    const wanted = { SRKLAB_THEME: 'dark' };
    expect(themeFor({ env: wanted, depth: 3, background: 'light' }).background).toBe('dark');
  });

  it('tells the selection apart without colours', () => {
    const { styleOf } = themeFor({ env: {}, depth: 0, background: undefined });
    const plain = sgrStyle(styleOf('plain'));
    const selected = sgrStyle(styleOf('plain', 'selected'));
    expect(plain).toEqual({ foreground: '', background: '', attributes: 0, link: '' });
    expect(selected.attributes).not.toBe(0);
    expect(selected.foreground + selected.background).toBe('');
  });
});
