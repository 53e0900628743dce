import { describe, expect, it } from 'vitest';
import { labOfTheTalk } from '../test-support/lab-of-the-talk.ts';
import { everythingUp, leafStopped, nothingBuilt } from '../test-support/snapshots.ts';
import { tutorState, after as when } from '../test-support/tutor-states.ts';
import { type PageElement, textOf } from './element.ts';
import { markdownElements } from './markdown-elements.ts';
import { pageModel } from './page-model.ts';
import { topologySvg } from './topology-svg.ts';

const onStage = when(tutorState([], leafStopped), [
  { type: 'presenter-started', lesson: '01-cable' },
  { type: 'slide-asked', to: 'next' },
]);

describe('the page', () => {
  it('shows the slide that is on', () => {
    const [where, title] = pageModel(onStage).slide;
    expect([where, title].map(of => of && textOf(of))).toEqual(['A cable · 2 of 6', 'Build it']);
  });

  it('shows nothing of the slide while the screen is black', () => {
    const black = pageModel(when(onStage, [{ type: 'black-asked' }]))
      .slide.map(textOf)
      .join(' ');
    expect(black).toBe('The presenter asks for your eyes up front.');
  });

  it('never shows what is for the speaker', () => {
    const text = JSON.stringify(pageModel(onStage));
    expect(text).not.toContain('notes');
  });

  it('says what is broken', () => {
    expect(pageModel(onStage).status.map(textOf)).toContain('✘ Stop LEAF-DC-1');
  });

  it('says what will fill it before anything is built', () => {
    const { routes, ecmp, sessions } = pageModel(when(tutorState([], nothingBuilt), []));
    expect([...routes.slice(1), ...ecmp, ...sessions].map(textOf)).toEqual([
      'No routes yet.',
      'No service to send flows to yet.',
      'No BGP sessions yet.',
    ]);
  });
});

describe('the topology', () => {
  const group = (svg: PageElement, text: string) =>
    svg.children?.find(child => typeof child !== 'string' && textOf(child).includes(text)) as PageElement;

  it('draws every node on the fabric and every link once', () => {
    const svg = topologySvg(labOfTheTalk, everythingUp);
    const classes = svg.children?.map(child =>
      typeof child === 'string' ? '' : child.attributes?.['class'],
    );
    expect(classes?.filter(name => name?.startsWith('node'))).toHaveLength(8);
    expect(classes?.filter(name => name?.startsWith('link'))).toHaveLength(labOfTheTalk.links.length);
  });

  it('tells state by word and class', () => {
    const svg = topologySvg(labOfTheTalk, leafStopped);
    expect(group(svg, 'LEAF-DC-1✘').attributes?.['class']).toBe('node down');
    expect(textOf(group(svg, 'LEAF-DC-1✘'))).toBe('LEAF-DC-1✘ stopped');
    expect(group(svg, 'LEAF-DC-1 e1-1 – SPINE-DC-1').attributes?.['class']).toBe('link down');
  });
});

describe('Markdown on the page', () => {
  it('becomes elements', () => {
    expect(markdownElements('A **b** `c`\n\n- d')).toEqual([
      {
        tag: 'p',
        children: ['A ', { tag: 'strong', children: ['b'] }, ' ', { tag: 'code', children: ['c'] }],
      },
      { tag: 'ul', children: [{ tag: 'li', children: ['d'] }] },
    ]);
  });

  it('keeps markup as text: no element and no attribute comes from it', () => {
    const hostile = 'a <img src=x onerror=alert(1)> [b](javascript:alert(1)) <script>alert(1)</script>';
    const tags: string[] = [];
    const attributes: string[] = [];
    const visit = (of: PageElement | string) => {
      if (typeof of === 'string') return;
      tags.push(of.tag);
      attributes.push(...Object.keys(of.attributes ?? {}));
      for (const child of of.children ?? []) visit(child);
    };
    for (const of of markdownElements(hostile)) visit(of);
    expect(new Set(tags)).toEqual(new Set(['p']));
    expect(attributes).toEqual([]);
  });
});
