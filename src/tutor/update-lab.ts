import type { LabEvent } from '../lab/event.ts';
import { giveNotice } from './give-notice.ts';
import type { LabMessage } from './message.ts';
import { emptyInput } from './screen.ts';
import type { TutorState } from './state.ts';
import { eventsAtMost, eventsKept } from './timeline.ts';
import { travel } from './travel.ts';
import { updateShell } from './update-shell.ts';
import { cancelLane, enqueue } from './update-work.ts';
import { andThen, to, type Updated } from './updated.ts';
import { type Job, lessonWork, shellWork } from './work.ts';

/** What the learner asks of the lab beside the lesson. */
export function updateLab(state: TutorState, message: LabMessage): Updated {
  switch (message.type) {
    case 'break-asked': {
      const because = state.engine.absent.get(message.fault.kind);
      if (because !== undefined) return giveNotice(state, 'warning', because);
      return ask(state, { type: 'perform', command: { type: 'break', fault: message.fault } });
    }
    case 'heal-asked': {
      if (message.fault === 'all' && state.view?.faults.length === 0) {
        return giveNotice(state, 'info', 'Nothing is broken.');
      }
      return ask(state, { type: 'perform', command: { type: 'heal', fault: message.fault } });
    }
    case 'traffic-asked': {
      const because = state.engine.absent.get('traffic');
      if (because !== undefined) return giveNotice(state, 'warning', because);
      const { on, ratePerClient } = message;
      const rate = ratePerClient === undefined ? {} : { ratePerClient };
      return ask(state, { type: 'perform', command: { type: 'traffic', on, ...rate } });
    }
    case 'build-asked':
      return ask(state, { type: 'build', stage: message.stage });
    case 'travel-asked':
      return travel(state, message.event);
    case 'interrupt-asked':
      return interrupt(state);
  }
}

/** Facts from the lab: kept for the timeline. */
export function eventsArrived(state: TutorState, events: readonly LabEvent[]): Updated {
  if (events.length === 0) return to(state);
  const before = state.timeline.events;
  const all = before.concat(events);
  const kept = all.length > eventsAtMost ? all.slice(-eventsKept) : all;
  const next = { ...state, timeline: { events: kept } };
  return events.some(isRestless)
    ? giveNotice(
        next,
        'warning',
        'The lab did not come to rest; something keeps changing. The timeline shows what.',
      )
    : to(next);
}

function isRestless({ type }: LabEvent): boolean {
  return type === 'did-not-settle';
}

function ask(state: TutorState, job: Job): Updated {
  return enqueue({ ...state, overlay: { name: 'none' } }, [{ job, purpose: { of: 'menu' } }]);
}

/** Ctrl-C cancels the running command, else what the lesson does, else the line half typed; else asks about leaving; asked twice, leaves. */
function interrupt(state: TutorState): Updated {
  if (shellWork(state.work) !== undefined) return cancelLane(state, 'shell');
  if (lessonWork(state.work) !== undefined) {
    return andThen(cancelLane(state, 'lesson'), next => giveNotice(next, 'info', 'Cancelled.'));
  }
  if (state.overlay.name === 'none' && state.layout.focus === 'shell' && state.shell.input.text !== '') {
    return updateShell(state, { type: 'shell-edited', input: emptyInput });
  }
  if (state.overlay.name === 'confirm' && state.overlay.asks.type === 'quit') {
    return to({ ...state, leaving: true }, { type: 'quit' });
  }
  return to({
    ...state,
    overlay: { name: 'confirm', question: 'Leave srklab-tutor? Progress is kept.', asks: { type: 'quit' } },
  });
}
