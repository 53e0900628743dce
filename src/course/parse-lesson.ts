import { Lexer, type Token } from 'marked';
import type { FileError } from '../lab/lab-error.ts';
import type { Block, Lesson, Step } from './lesson.ts';
import { readLiveBlock } from './live-block.ts';
import { type Mistakes, mistakesIn } from './mistakes.ts';
import { readBlock } from './read-block.ts';
import { readFrontMatter } from './read-front-matter.ts';
import type { Vocabulary } from './vocabulary.ts';

export type ParsedLesson = { readonly lesson: Lesson } | { readonly errors: readonly FileError[] };

/** Longer files are not lessons. */
const MAXIMUM_LENGTH = 1_000_000;

const START = { line: 1, column: 1 };

/** A lesson's text → Lesson, or every mistake in it with its position. `file` is the path shown: "lessons/05-service/lesson.md". */
export function parseLesson(text: string, file: string, ofLab: Vocabulary): ParsedLesson {
  const mistakes = mistakesIn(file);
  const normal = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const unreadable = whyUnreadable(normal);
  if (unreadable !== undefined) {
    mistakes.add(START, 'not-a-lesson', unreadable, 'Markdown with front matter, in UTF-8');
    return { errors: mistakes.found };
  }
  const parts = splitFrontMatter(normal);
  if (parts === undefined) {
    mistakes.add(
      START,
      'front-matter',
      'a lesson begins with front matter between two lines of ---',
      '---\nid: 05-service\ntitle: …\nminutes: 15\nstages: [metallb]\n---',
    );
    return { errors: mistakes.found };
  }
  const frontMatter = readFrontMatter(parts.frontMatter, ofLab, mistakes);
  const vocabulary = frontMatter?.lab === undefined ? ofLab : (ofLab.scaledOut ?? ofLab);
  const sections = readSections(parts.body, parts.bodyLine, vocabulary, mistakes);
  const [introduction, ...steps] = sections;
  if (steps.length === 0) {
    mistakes.add(
      { line: parts.bodyLine, column: 1 },
      'no-steps',
      'the lesson has no step',
      '## Title of the first step',
    );
  }
  noteRepeatedTitles(steps, mistakes);
  if (mistakes.found.length > 0 || frontMatter === undefined || introduction === undefined)
    return { errors: inOrder(mistakes.found) };
  return {
    lesson: {
      ...frontMatter,
      file,
      introduction: introduction.blocks,
      steps: steps.map(step => withPredictionIds(step, frontMatter.id)),
    },
  };
}

function whyUnreadable(text: string): string | undefined {
  if (text.includes('\0')) return 'this is not a text file';
  if (text.length > MAXIMUM_LENGTH)
    return `the file has ${text.length} characters; a lesson has less than a million`;
  return undefined;
}

function splitFrontMatter(text: string): { frontMatter: string; body: string; bodyLine: number } | undefined {
  if (!text.startsWith('---\n')) return undefined;
  const end = text.indexOf('\n---\n', 3);
  if (end < 0) return undefined;
  const frontMatter = text.slice(4, end + 1);
  return { frontMatter, body: text.slice(end + 5), bodyLine: countLines(text.slice(0, end + 5)) + 1 };
}

/** The part above the first `##`, then one section for each `##`. */
function readSections(body: string, bodyLine: number, vocabulary: Vocabulary, mistakes: Mistakes): Step[] {
  const sections: { id: string; title: string; line: number; blocks: Block[] }[] = [
    { id: '', title: '', line: bodyLine, blocks: [] },
  ];
  let line = bodyLine;
  let prose: { markdown: string; line: number } | undefined;
  const current = () => sections[sections.length - 1] ?? { id: '', title: '', line, blocks: [] };
  const endProse = () => {
    const markdown = prose?.markdown.trim() ?? '';
    if (prose !== undefined && markdown !== '')
      current().blocks.push({ type: 'prose', markdown, line: prose.line });
    prose = undefined;
  };
  for (const token of new Lexer().lex(body)) {
    if (token.type === 'heading' && token['depth'] <= 2) {
      endProse();
      const title = String(token['text']).trim();
      if (token['depth'] === 2) sections.push({ id: slug(title), title, line, blocks: [] });
      else if (sections.length > 1 || current().blocks.length > 0)
        mistakes.add({ line, column: 1 }, 'heading', 'a lesson has one title, at its top', '## for a step');
    } else {
      const block = token.type === 'code' ? fenced(token, line, vocabulary, mistakes) : 'prose';
      if (block === 'prose')
        prose = { markdown: (prose?.markdown ?? '') + token.raw, line: prose?.line ?? line };
      else {
        endProse();
        current().blocks.push(...block);
      }
    }
    if (prose !== undefined && prose.markdown.trim() === '') prose = undefined;
    line += countLines(token.raw);
  }
  endProse();
  for (const section of sections) numberHints(section.blocks);
  return sections;
}

function fenced(token: Token, line: number, vocabulary: Vocabulary, mistakes: Mistakes): Block[] | 'prose' {
  const fence = /^(`{3,}|~{3,})/.exec(token.raw)?.[1];
  if (fence === undefined) return 'prose';
  if (!token.raw.trimEnd().endsWith(fence) || token.raw.trimEnd() === fence) {
    mistakes.add({ line, column: 1 }, 'unclosed-block', 'this block is never closed', fence);
    return [];
  }
  const info = 'lang' in token ? String(token['lang'] ?? '') : '';
  const live = readLiveBlock(info, 'text' in token ? String(token['text']) : '', line, mistakes);
  return live === undefined ? 'prose' : readBlock(live, vocabulary, mistakes);
}

function numberHints(blocks: Block[]): void {
  let level = 0;
  for (const [index, block] of blocks.entries()) {
    if (block.type === 'hint') blocks[index] = { ...block, level: ++level };
  }
}

function withPredictionIds(step: Step, lesson: string): Step {
  let count = 0;
  return {
    ...step,
    blocks: step.blocks.map(block =>
      block.type === 'predict' ? { ...block, id: `${lesson}/${step.id}/${++count}` } : block,
    ),
  };
}

function noteRepeatedTitles(steps: readonly Step[], mistakes: Mistakes): void {
  const seen = new Map<string, Step>();
  for (const step of steps) {
    const earlier = seen.get(step.id);
    if (step.id === '')
      mistakes.add(
        { line: step.line, column: 1 },
        'step-title',
        'a step needs a title',
        '## Apply the service',
      );
    else if (earlier !== undefined)
      mistakes.add(
        { line: step.line, column: 4 },
        'step-title',
        `a step of this title begins in line ${earlier.line} already`,
      );
    seen.set(step.id, step);
  }
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function inOrder(errors: readonly FileError[]): FileError[] {
  return [...errors].sort((a, b) => a.line - b.line || a.column - b.column);
}

function countLines(text: string): number {
  let count = 0;
  for (const character of text) if (character === '\n') count++;
  return count;
}
