import { describe, expect, it } from 'vitest';
import { lineText, lineWidth } from '../cells/line.ts';
import { markdownLines } from './markdown-lines.ts';

function shown(markdown: string, width = 40): string[] {
  return markdownLines(markdown, width).map(lineText);
}

describe('lesson text', () => {
  it('wraps paragraphs and keeps one blank line between them', () => {
    expect(shown('The border knows\ntwo ways.\n\nBoth are equally good: ECMP.', 22)).toEqual([
      'The border knows two',
      'ways.',
      '',
      'Both are equally good:',
      'ECMP.',
    ]);
  });

  it('shows bold and code inside list items as bold and code', () => {
    const [first] = markdownLines('- a **type 5** route in `kube-ipvrf`', 60);
    expect(first).toEqual([
      { text: '• ', look: 'accent' },
      { text: 'a', look: 'plain' },
      { text: ' ', look: 'plain' },
      { text: 'type', look: 'strong' },
      { text: ' ', look: 'strong' },
      { text: '5', look: 'strong' },
      { text: ' ', look: 'plain' },
      { text: 'route', look: 'plain' },
      { text: ' ', look: 'plain' },
      { text: 'in', look: 'plain' },
      { text: ' ', look: 'plain' },
      { text: 'kube-ipvrf', look: 'code' },
    ]);
  });

  it('hangs wrapped list items under their text and nests', () => {
    expect(shown('1. first point that is long\n   - inner\n2. second', 16)).toEqual([
      '1. first point',
      '   that is long',
      '   • inner',
      '2. second',
    ]);
  });

  it('shows tasks once', () => {
    expect(shown('- [ ] open\n- [x] done')).toEqual(['☐ open', '✔ done']);
  });

  it('lays out tables and wraps their widest column', () => {
    expect(shown('| who | what |\n| --- | ---: |\n| LEAF-DC-1 | announces the prefix |', 26)).toEqual(
      [
        'who       │           what',
        '──────────┼───────────────',
        'LEAF-DC-1 │  announces the',
        '          │         prefix',
      ].map(text => text.replace('          │', '          │')),
    );
  });

  it('keeps the columns of code and marks what goes on below', () => {
    expect(shown('```\nset / network-instance kube-ipvrf type ip-vrf\n```', 24)).toEqual([
      '│ set / network-instance',
      '↪  kube-ipvrf type ',
      '↪ ip-vrf',
    ]);
  });

  it('shows where a link goes, unless it is another lesson', () => {
    expect(shown('see [RFC 2992](https://www.rfc-editor.org/rfc/rfc2992)', 80)).toEqual([
      'see RFC 2992 <https://www.rfc-editor.org/rfc/rfc2992>',
    ]);
    expect(shown('ours is [topo.yml](../../topo.yml)')).toEqual(['ours is topo.yml']);
    expect(shown('see [lesson 06](../06-load-balancing/lesson.md)')).toEqual(['see lesson 06']);
  });

  it('wraps wide characters by the cells they take', () => {
    for (const line of markdownLines('- 路由器 路由器 路由器 路由器', 12))
      expect(lineWidth(line)).toBeLessThanOrEqual(12);
  });

  it('does not show the author’s comments', () => {
    expect(shown('before\n\n<!-- for the speaker -->\n\nafter')).toEqual(['before', '', 'after']);
  });
});
