import type { Lesson } from '../course/lesson.ts';
import { observed } from '../engines/wrap/observed-engine.ts';
import type { Command } from '../lab/command.ts';
import type { LabEngine } from '../lab/engine.ts';
import { faultId } from '../lab/fault.ts';
import { Asciicast } from './asciicast.ts';
import { runLesson } from './run-lesson.ts';

const COLUMNS = 110;

/** Plays a lesson as a terminal session: headings, commands typed, their output, what the checks saw. Waits last as long as lab time, cut short. Stops the engine. */
export async function castOfLesson(
  engine: LabEngine,
  lesson: Lesson,
  signal: AbortSignal,
): Promise<{ readonly cast: string; readonly passed: boolean }> {
  const cast = new Asciicast({ title: `${lesson.id}: ${lesson.title}`, columns: COLUMNS, rows: 32 });
  const clock = () => engine.clock?.now() ?? performance.now();
  let last = clock();
  const elapse = () => {
    const now = clock();
    cast.pause((now - last) / 1000);
    last = now;
  };
  const say = (text: string) => {
    elapse();
    cast.print(`${text}\n`);
  };
  cast.print(`${bold(lesson.title)}\n${dim(`srklab-tutor, ${engine.name} lab`)}\n`);
  const watched = observed(engine, {
    built: (stage, { outcome }) => say(`${dim('build')} ${stage}: ${outcome}`),
    performed: command => {
      const text = performedText(command);
      if (text !== undefined) say(text);
    },
    running: commandLine => {
      elapse();
      for (const line of commandLine.split('\n')) cast.type(dim('$ '), line);
    },
    ran: (_, { output }) => {
      elapse();
      cast.print(output.map(chunk => chunk.text).join(''));
      cast.pause(0.8);
    },
  });
  const report = await runLesson(watched, lesson, {
    signal,
    stepBegins: ({ title }) => {
      cast.pause(1.2);
      cast.print(`\n${bold(`── ${title} `)}\n`);
    },
    stepDone: ({ verdicts, measured }) => {
      elapse();
      for (const { question, answer } of measured) cast.print(`${dim(`? ${question}`)}\n  ${answer}\n`);
      for (const { holds, expected } of verdicts) cast.print(`${holds ? '✔' : '✘'} ${expected}\n`);
      cast.pause(1);
    },
  });
  await watched.stop();
  return { cast: cast.toString(), passed: report.passed };
}

function performedText(command: Command): string | undefined {
  switch (command.type) {
    case 'break':
      return `${bold('break')} ${faultId(command.fault)}`;
    case 'heal':
      return `${bold('heal')} ${command.fault}`;
    case 'traffic':
      return command.on ? `${dim('traffic on')}` : `${dim('traffic off')}`;
    case 'restore':
      return undefined;
  }
}

function bold(text: string): string {
  return `\x1b[1m${text}\x1b[0m`;
}

function dim(text: string): string {
  return `\x1b[2m${text}\x1b[0m`;
}
