import { marked } from 'marked';
import type { Block, Lesson } from './lesson.ts';

/** What a learner did and saw, to stand beside the lesson's text. */
export type StepTake = {
  readonly outcome?: 'passed' | 'skipped';
  /** In the order they were run. */
  readonly outputs: readonly {
    readonly commandLine: string;
    readonly text: string;
    readonly exitCode: number;
  }[];
  readonly predictions: readonly {
    readonly question: string;
    readonly answer?: string;
    readonly measured?: string;
  }[];
  /** What the check saw, probe by probe. */
  readonly seen: readonly { readonly expected: string; readonly observed: string; readonly holds: boolean }[];
};

export type Handout = {
  readonly title: string;
  /** Where the outputs come from: "the embedded lab, seed 1" – what a figure stands for. */
  readonly origin: string;
  readonly lessons: readonly { readonly lesson: Lesson; readonly steps: ReadonlyMap<string, StepTake> }[];
};

/** The talk to take home, as Markdown. */
export function handoutMarkdown({ title, origin, lessons }: Handout): string {
  const parts = [`# ${title}`, `Outputs and measurements: ${origin}.`];
  for (const { lesson, steps } of lessons) {
    parts.push(
      `## ${lesson.title}`,
      ...lesson.introduction.flatMap(block => blockMarkdown(block, undefined)),
    );
    for (const step of lesson.steps) {
      const take = steps.get(step.id);
      const mark = take?.outcome === undefined ? '' : ` (${take.outcome})`;
      parts.push(`### ${step.title}${mark}`, ...step.blocks.flatMap(block => blockMarkdown(block, take)));
      parts.push(...seenMarkdown(take));
    }
  }
  return `${parts.filter(part => part !== '').join('\n\n')}\n`;
}

/** The same as one HTML file that needs nothing else: no script, no font, no picture from anywhere. */
export function handoutHtml(handout: Handout): string {
  const renderer = new marked.Renderer();
  // Lessons may quote anything; nothing of it becomes markup of the page.
  renderer.html = ({ text }) => escaped(text);
  renderer.link = ({ text, href }) =>
    /^https:\/\//.test(href) ? `<a href="${escaped(href)}">${escaped(text)}</a>` : escaped(text);
  renderer.image = ({ text }) => escaped(text);
  const body = marked.parser(marked.lexer(handoutMarkdown(handout)), { renderer });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(handout.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}</main>
</body>
</html>
`;
}

function blockMarkdown(block: Block, take: StepTake | undefined): string[] {
  switch (block.type) {
    case 'prose':
      return [block.markdown.trim()];
    case 'run': {
      const where = block.on === undefined ? '' : ` on ${block.on}`;
      const output = take?.outputs.findLast(one => one.commandLine === block.commandLine);
      const lines = block.commandLine.split('\n').map(line => `$ ${line}`);
      const text = output === undefined ? [] : [output.text.trimEnd()];
      const ended = output === undefined || output.exitCode === 0 ? [] : [`(exit code ${output.exitCode})`];
      return [...(where === '' ? [] : [`Typed${where}:`]), fenced([...lines, ...text, ...ended].join('\n'))];
    }
    case 'stage':
      return [`Build the stage **${block.stage}**.`];
    case 'predict': {
      const kept = take?.predictions.find(one => one.question === block.question);
      const answers = [
        ...(kept?.answer === undefined ? [] : [`predicted: **${kept.answer}**`]),
        ...(kept?.measured === undefined ? [] : [`measured: **${kept.measured}**`]),
      ];
      const choices =
        block.answer.kind === 'choice'
          ? block.answer.choices.map(choice => `- ${choice.text}`).join('\n')
          : '';
      return [`> ${block.question}${answers.length === 0 ? '' : `  \n> ${answers.join(', ')}`}`, choices];
    }
    case 'break':
      return [`Break: \`${Object.values(block.fault).join(' ')}\``];
    case 'heal':
      return [block.fault === 'all' ? 'Heal everything.' : `Heal: \`${block.fault}\``];
    case 'watch':
    case 'check':
    case 'hint':
    case 'solution':
    case 'notes':
      return [];
  }
}

function seenMarkdown(take: StepTake | undefined): string[] {
  if (take === undefined || take.seen.length === 0) return [];
  return [
    take.seen
      .map(({ expected, observed, holds }) => `- ${holds ? '✔' : '✘'} ${expected} — ${observed}`)
      .join('\n'),
  ];
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

const STYLE = `
:root { color-scheme: light dark; --text: #1c2128; --dim: #57606a; --accent: #0969a2; --box: #f3f5f7; --page: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --text: #d8dee6; --dim: #8b95a1; --accent: #5db4e8; --box: #1a212b; --page: #10151c; } }
body { margin: 0; background: var(--page); color: var(--text); font: 17px/1.55 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.2rem 6rem; }
h1 { font-size: 2rem; line-height: 1.2; } h2 { margin-top: 4rem; color: var(--accent); } h3 { margin-top: 2.4rem; }
pre, code { font-family: ui-monospace, Menlo, Consolas, monospace; }
code { background: var(--box); padding: .1em .3em; border-radius: 3px; font-size: .9em; }
pre { background: var(--box); padding: .9rem 1rem; border-radius: 6px; overflow-x: auto; font-size: .8rem; line-height: 1.35; }
pre code { background: none; padding: 0; font-size: inherit; }
blockquote { margin: 1rem 0; padding: .4rem 1rem; border-left: 4px solid var(--accent); color: var(--dim); }
table { border-collapse: collapse; display: block; overflow-x: auto; } td, th { padding: .3rem .8rem; border-bottom: 1px solid var(--box); text-align: left; }
a { color: var(--accent); }
@media print { h2 { break-before: page; } pre { white-space: pre-wrap; } }
`;
