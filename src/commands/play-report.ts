import type { Lesson } from '../course/lesson.ts';
import type { LessonReport, StepReport } from '../effects/run-lesson.ts';

export type ReportFormat = 'tap' | 'json' | 'markdown';

/** Hears of a run as it goes on and writes it down. */
export type Report = {
  start(): void;
  step(lesson: Lesson, step: StepReport): void;
  lesson(report: LessonReport): void;
  end(): void;
};

export function playReport(
  format: ReportFormat,
  lessons: readonly Lesson[],
  write: (text: string) => void,
): Report {
  switch (format) {
    case 'tap':
      return tapReport(lessons, write);
    case 'json':
      return jsonReport(write);
    case 'markdown':
      return markdownReport(write);
  }
}

/** Test Anything Protocol 14: one line for each step, as soon as it is known. */
function tapReport(lessons: readonly Lesson[], write: (text: string) => void): Report {
  let number = 0;
  let failures = 0;
  const began = performance.now();
  return {
    start() {
      write(`TAP version 14\n1..${lessons.reduce((sum, lesson) => sum + lesson.steps.length, 0)}\n`);
    },
    step(lesson, step) {
      number++;
      const right = step.problems.length === 0;
      if (!right) failures++;
      const title = `${lesson.id}: ${step.title}`.replace(/[#\\]/g, '\\$&');
      const took =
        step.checkTookMs === undefined ? '' : ` # check held after ${seconds(step.checkTookMs)} of lab time`;
      write(`${right ? 'ok' : 'not ok'} ${number} - ${title}${took}\n`);
      if (!right) {
        const problems = step.problems.map(problem => `    - ${JSON.stringify(problem)}\n`).join('');
        write(
          `  ---\n  at: ${JSON.stringify(`${lesson.file}:${step.line}`)}\n  problems:\n${problems}  ...\n`,
        );
      }
    },
    lesson() {},
    end() {
      const took = ((performance.now() - began) / 1000).toFixed(1);
      write(`# ${number - failures} of ${number} steps passed in ${took} s\n`);
    },
  };
}

function jsonReport(write: (text: string) => void): Report {
  const reports: LessonReport[] = [];
  return {
    start() {},
    step() {},
    lesson: report => reports.push(report),
    end() {
      const passed = reports.every(report => report.passed);
      write(`${JSON.stringify({ passed, lessons: reports }, undefined, 2)}\n`);
    },
  };
}

function markdownReport(write: (text: string) => void): Report {
  return {
    start() {
      write('# Lessons played\n');
    },
    step() {},
    lesson(report) {
      const mark = report.passed ? 'passed' : '**failed**';
      write(
        `\n## ${report.lesson} ${report.title}: ${mark}\n\n| step | outcome | check held after | measured |\n|---|---|--:|---|\n`,
      );
      for (const step of report.steps) {
        const outcome = step.problems.length === 0 ? 'passed' : `**failed**: ${step.problems.join('<br>')}`;
        const held = step.checkTookMs === undefined ? '' : seconds(step.checkTookMs);
        const measured = step.measured.map(({ question, answer }) => `${question} ${answer}`).join('<br>');
        write(`| ${[step.title, outcome, held, measured].map(cell).join(' | ')} |\n`);
      }
    },
    end() {},
  };
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
