import type { FileError } from '../lab/lab-error.ts';
import {
  type Action,
  type Block,
  blocksOf,
  type CommandToRun,
  type Course,
  type Lesson,
  type Step,
  solutionOf,
} from './lesson.ts';

/** What the content rules need from outside. */
export type CourseSurroundings = {
  /** Whether a path relative to the lessons folder's parent exists. */
  readonly fileExists: (path: string) => boolean;
  /** Undefined when the embedded lab understands the command; else why not. */
  readonly misunderstood: (command: CommandToRun) => string | undefined;
  /** Lines that the step's screen needs too many at 80×24; 0 when it fits. */
  readonly linesTooMany: (lesson: Lesson, step: Step) => number;
};

/**
 * Every broken rule about content that can be read: ids, order, commands, sizes, links, things forgotten. Unknown names
 * are found by the parser already; what only running shows is `lesson-run.ts`'s.
 */
export function checkCourse(course: Course, surroundings: CourseSurroundings): FileError[] {
  return [
    ...checkOrder(course),
    ...course.lessons.flatMap(lesson => [
      ...checkIntroduction(lesson, surroundings),
      ...lesson.steps.flatMap(step => checkStep(lesson, step, surroundings)),
    ]),
  ];
}

function checkOrder({ lessons }: Course): FileError[] {
  const errors: FileError[] = [];
  const fileOf = new Map<string, string>();
  for (const lesson of lessons) {
    const earlier = fileOf.get(lesson.id);
    if (earlier !== undefined)
      errors.push(mistake(lesson, 2, 'repeated-id', `the id "${lesson.id}" is used by ${earlier} too`));
    fileOf.set(lesson.id, lesson.file);
    const folder = lesson.file.split('/').at(-2);
    if (folder !== lesson.id)
      errors.push(
        mistake(
          lesson,
          2,
          'id-and-folder',
          `the id "${lesson.id}" is not the folder's name`,
          `id: ${folder}`,
        ),
      );
    if (!/^\d\d-/.test(lesson.id))
      errors.push(
        mistake(
          lesson,
          2,
          'order',
          `the id "${lesson.id}" does not say where the lesson comes`,
          'two digits first, as 05-service',
        ),
      );
  }
  return errors;
}

function checkIntroduction(lesson: Lesson, surroundings: CourseSurroundings): FileError[] {
  const live = lesson.introduction.find(block => block.type !== 'prose' && block.type !== 'notes');
  return [
    ...(live === undefined
      ? []
      : [
          mistake(
            lesson,
            live.line,
            'block-outside-step',
            `a ${live.type} block stands before the first step`,
          ),
        ]),
    ...lesson.introduction.flatMap(block => checkLinks(lesson, block, surroundings)),
  ];
}

function checkStep(lesson: Lesson, step: Step, surroundings: CourseSurroundings): FileError[] {
  const errors: FileError[] = [];
  const add = (line: number, code: string, message: string, expected?: string) =>
    errors.push(mistake(lesson, line, code, message, expected));
  const checks = blocksOf(step, 'check');
  const check = checks[0];
  const second = checks[1];
  const actions = solutionOf(step);
  if (step.blocks.every(block => block.type === 'notes'))
    add(step.line, 'empty-step', `the step "${step.title}" shows nothing`);
  if (second !== undefined)
    add(second.line, 'two-checks', 'a step has one check', 'all probes in one check block');
  if (check !== undefined && actions.length === 0)
    add(
      check.line,
      'no-solution',
      'nothing in this step makes its check hold',
      'a run, stage, break, heal or solution block',
    );
  for (const item of check?.items ?? []) {
    if (item.hint === undefined)
      add(
        check?.line ?? step.line,
        'no-hint',
        `the probe ${item.probe.probe} has no hint`,
        'hint: what to look at',
      );
  }
  if (check !== undefined && blocksOf(step, 'hint').length === 0)
    add(check.line, 'no-hint', 'a step with a check has a hint block');
  for (const [index, block] of step.blocks.entries()) {
    if (block.type === 'predict' && step.blocks.slice(0, index).some(changesTheLab))
      add(block.line, 'late-prediction', 'a prediction comes before what it is about');
  }
  for (const { command, line } of commandsOf(step, actions)) {
    const reason = surroundings.misunderstood(command);
    if (reason !== undefined)
      add(
        line,
        'unknown-command',
        `the embedded lab does not understand "${command.commandLine}": ${reason}`,
      );
  }
  errors.push(...step.blocks.flatMap(block => checkLinks(lesson, block, surroundings)));
  const tooMany = surroundings.linesTooMany(lesson, step);
  if (tooMany > 0)
    add(
      step.line,
      'too-long',
      `the step "${step.title}" needs ${tooMany} ${tooMany === 1 ? 'line' : 'lines'} more than an 80×24 screen has`,
      'a shorter text, or two steps',
    );
  return errors;
}

/** A command may just look, so it may stand before a question. */
function changesTheLab(block: Block): boolean {
  return ['stage', 'break', 'heal'].includes(block.type);
}

function commandsOf(step: Step, actions: readonly Action[]): { command: CommandToRun; line: number }[] {
  const shown = blocksOf(step, 'run').map(block => ({ command: block as CommandToRun, line: block.line }));
  const written = blocksOf(step, 'solution');
  const solved =
    written.length === 0 ? [] : actions.flatMap(action => (action.verb === 'run' ? [action] : []));
  return [...shown, ...solved.map(command => ({ command, line: written[0]?.line ?? step.line }))];
}

/** Links of the text to files of the repository must lead somewhere. */
function checkLinks(lesson: Lesson, block: Block, { fileExists }: CourseSurroundings): FileError[] {
  if (block.type !== 'prose' && block.type !== 'hint' && block.type !== 'notes') return [];
  const folder = lesson.file.split('/').slice(0, -1);
  return [...block.markdown.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(match => {
    const target = match[1] ?? '';
    if (/^(https?:|mailto:|#)/.test(target)) return [];
    const path = resolve(folder, target.split('#', 1)[0] ?? '');
    if (path !== undefined && fileExists(path)) return [];
    const line = block.line + block.markdown.slice(0, match.index).split('\n').length - 1;
    return [mistake(lesson, line, 'dead-link', `the link to ${target} leads nowhere`)];
  });
}

/** The path below the lessons folder's parent; undefined when it climbs out. */
function resolve(folder: readonly string[], target: string): string | undefined {
  const parts = [...folder];
  for (const part of target.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function mistake(lesson: Lesson, line: number, code: string, message: string, expected?: string): FileError {
  return {
    code,
    file: lesson.file,
    line,
    column: 1,
    message,
    ...(expected !== undefined && { expected }),
    severity: 'error',
  };
}
