import { type PlannedCommand, plannedText } from '../../../programs/planned-command.ts';
import { commandsOf, type Setting } from './step-commands.ts';
import type { Step } from './steps.ts';

/** A step of a build that was not begun: what --dry-run prints. */
export type PlannedStep = {
  readonly id: string;
  readonly stage: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly limitSeconds: number;
  readonly commands: readonly (PlannedCommand & { readonly text: string })[];
};

export function plannedSteps(steps: readonly Step[], setting: Setting): PlannedStep[] {
  return steps.map(step => ({
    id: step.id,
    stage: step.stage,
    title: step.title,
    needs: step.needs,
    limitSeconds: step.limitSeconds,
    commands: commandsOf(step, setting).map(command => ({ ...command, text: plannedText(command) })),
  }));
}

/** The plan for a person: a comment for each step, then its commands. "#!" marks what changes the machine with root's rights. */
export function planLines(steps: readonly PlannedStep[]): string[] {
  const stages = new Map(steps.map(({ id, stage }) => [id, stage]));
  // Many steps of a stage are said as the stage.
  const after = (needs: readonly string[]) =>
    needs.length <= 3
      ? needs.join(', ')
      : [...new Set(needs.map(id => stages.get(id) ?? id))].map(stage => `all of ${stage}`).join(', ');
  return steps.flatMap(({ id, title, needs, limitSeconds, commands }) => [
    '',
    `# [${id}] ${title}: at most ${limitSeconds} s${needs.length > 0 ? `, after ${after(needs)}` : ''}`,
    ...commands.flatMap(({ text, asRoot }) => (asRoot === true ? ['#! with root’s rights:', text] : [text])),
  ]);
}
