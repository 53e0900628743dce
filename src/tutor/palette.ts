import { breakMenu, healMenu } from './break-menu.ts';
import { paneKinds } from './layout.ts';
import { type MenuEntry, matching } from './menu.ts';
import { presenterMenu } from './presenter-menu.ts';
import { currentLesson, type TutorState } from './state.ts';

/** Everything the command palette offers, filtered by what is typed into it. */
export function paletteEntries(state: TutorState): MenuEntry[] {
  if (state.screen.name === 'presenter') return presenterMenu(state);
  const typed = state.overlay.name === 'palette' ? state.overlay.input.text : '';
  const entries = [
    ...stepEntries(state),
    ...lessonEntries(state),
    ...stageEntries(state),
    ...labEntries(state),
    ...paneEntries(state),
    ...clockEntries(state),
    ...programEntries(state),
    ...prefixed('Heal', healMenu(state)),
    ...prefixed('Break', breakMenu(state)),
  ];
  return matching(entries, typed);
}

function stepEntries(state: TutorState): MenuEntry[] {
  const lesson = currentLesson(state);
  return (lesson?.steps ?? []).map((step, index) => ({
    key: `step ${index + 1}`,
    group: 'Go to step',
    label: `${index + 1} ${step.title}`,
    detail: 'brings the lab to where this step begins',
    ...(index === state.lesson?.step && { disabledBecause: 'you are here' }),
    message: { type: 'goto-step-asked', lesson: lesson?.id ?? '', step: index },
  }));
}

function lessonEntries(state: TutorState): MenuEntry[] {
  return state.course.lessons.map(lesson => ({
    key: `lesson ${lesson.id}`,
    group: 'Open lesson',
    label: lesson.title,
    detail: `${lesson.minutes} min`,
    message: { type: 'lesson-asked', lesson: lesson.id },
  }));
}

function stageEntries(state: TutorState): MenuEntry[] {
  const because = state.engine.absent.get('restore');
  const disabled = because === undefined ? {} : { disabledBecause: because };
  const empty: MenuEntry = {
    key: 'stage empty',
    group: 'Go to stage',
    label: 'empty: nothing built',
    ...disabled,
    message: { type: 'goto-stage-asked', stage: 'empty' },
  };
  return [
    empty,
    ...state.lab.stages.map(
      (stage): MenuEntry => ({
        key: `stage ${stage.id}`,
        group: 'Go to stage',
        label: `${stage.id}: ${stage.title}`,
        detail: 'built up to here, nothing broken',
        ...disabled,
        message: { type: 'goto-stage-asked', stage: stage.id },
      }),
    ),
  ];
}

function labEntries(state: TutorState): MenuEntry[] {
  const on = state.view?.traffic.on === true;
  const rates = [1, 5, 20];
  return [
    {
      key: 'traffic off',
      group: 'Traffic',
      label: 'Stop the clients',
      ...(!on && { disabledBecause: 'the clients are quiet' }),
      message: { type: 'traffic-asked', on: false },
    },
    ...rates.map(
      (ratePerClient): MenuEntry => ({
        key: `traffic ${ratePerClient}`,
        group: 'Traffic',
        label: `Let the clients ask: ${ratePerClient} requests/s each`,
        message: { type: 'traffic-asked', on: true, ratePerClient },
      }),
    ),
  ];
}

function paneEntries(state: TutorState): MenuEntry[] {
  return [
    ...paneKinds.map((pane): MenuEntry => {
      const shown = state.layout.shown.includes(pane);
      return {
        key: `pane ${pane}`,
        group: shown ? 'Hide pane' : 'Show pane',
        label: pane,
        message: { type: 'pane-toggled', pane },
      };
    }),
    { key: 'panes reset', group: 'Panes', label: 'As the step has them', message: { type: 'panes-reset' } },
  ];
}

function clockEntries(state: TutorState): MenuEntry[] {
  if (state.clock === undefined) return [];
  const speeds = [0.01, 0.1, 1, 10, 100];
  return [
    {
      key: 'time pause',
      group: 'Time',
      label: state.clock.mode === 'paused' ? 'Let it run' : 'Pause',
      message: { type: 'pause-asked' },
    },
    ...speeds.map(
      (to): MenuEntry => ({
        key: `time ${to}`,
        group: 'Time',
        label: `${to}×`,
        message: { type: 'speed-asked', to },
      }),
    ),
    {
      key: 'time quiet',
      group: 'Time',
      label: 'As fast as possible until nothing changes any more',
      message: { type: 'until-quiet-asked' },
    },
  ];
}

function programEntries(state: TutorState): MenuEntry[] {
  const inLesson = state.lesson !== undefined;
  return [
    ...(inLesson
      ? [
          {
            key: 'restart',
            group: 'Lesson',
            label: 'Start this lesson again',
            message: {
              type: 'overlay-asked',
              overlay: {
                name: 'confirm',
                question:
                  'Start this lesson again? Its progress is forgotten, the lab goes back to its start.',
                asks: { type: 'restart-lesson' },
              },
            },
          } as const,
        ]
      : []),
    { key: 'home', group: 'Program', label: 'All lessons', message: { type: 'home-asked' } },
    {
      key: 'help',
      group: 'Program',
      label: 'Keys',
      message: { type: 'overlay-asked', overlay: { name: 'help', scroll: 0 } },
    },
    { key: 'quit', group: 'Program', label: 'Leave', message: { type: 'quit-asked' } },
  ];
}

function prefixed(group: string, entries: readonly MenuEntry[]): MenuEntry[] {
  return entries.map(entry => ({ ...entry, key: `${group} ${entry.key}`, group }));
}
