import type { LabHealth, NotesModel, NotesView } from '../../tutor/notes-model.ts';
import { flowEntries } from '../cells/flow-entries.ts';
import { blank, clipLine, fitLine, type Line, type Look, line, span, spread } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { markdownLines } from '../lesson/markdown-lines.ts';
import { rateText } from '../wording/amount.ts';
import { notesKeyBar } from './notes-keys.ts';

type Size = { readonly columns: number; readonly rows: number };

/** The speaker's terminal: time on top, notes and what the room sees in the middle, the lab's health below. */
export function notesLines(view: NotesView, size: Size, scroll: number): Line[] {
  const { model } = view;
  const last = clipLine(line(' ', notesKeyBar()), size.columns);
  if (model === undefined)
    return [blank, ...waitingLines(view, size.columns - 4).map(of => line('  ', of)), blank, last];
  const head = [headLine(view, model, size.columns), timeLine(model, size.columns), rule(size.columns)];
  const foot = [rule(size.columns), ...labLines(model, size.columns), last];
  const height = Math.max(1, size.rows - head.length - foot.length);
  const body =
    size.columns >= 100
      ? besides(model, size.columns, height, scroll)
      : stacked(model, size.columns, height, scroll);
  return [...head, ...body, ...foot];
}

/** "+2:10 behind", "1:05 ahead", "on time". */
export function paceText(behindMs: number): string {
  const seconds = Math.round(Math.abs(behindMs) / 1_000);
  if (seconds < 5) return 'on time';
  return behindMs > 0 ? `+${minutesText(behindMs)} behind` : `${minutesText(-behindMs)} ahead`;
}

/** "2:10", "1:02:10". */
export function minutesText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  const two = (value: number) => `${value}`.padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function waitingLines(view: NotesView, width: number): Line[] {
  const because = view.link.state === 'waiting' ? view.link.because : undefined;
  return [
    line(span('Waiting for a presenter', 'title')),
    blank,
    ...wrapLine(line('Start one in another terminal of this machine, as this user:'), width),
    line('  ', span('srklab-tutor present', 'code')),
    ...wrapLine(line('The notes appear by themselves.'), width),
    ...(because === undefined ? [] : [blank, ...wrapLine(line(span(because, 'pending')), width)]),
  ];
}

function headLine(view: NotesView, model: NotesModel, width: number): Line {
  const number = model.lesson.id.match(/^\d+/)?.[0];
  const link =
    view.link.state === 'connected'
      ? span(`● presenter ${view.link.pid} `, 'up')
      : span('○ the presenter is gone; looking for it … ', 'down');
  return spread(
    line(
      span(` ${number === undefined ? '' : `${number} `}${model.lesson.title}`, 'bar-strong'),
      span(
        `   slide ${model.slide.number}/${model.slide.of}   step ${model.step.number}/${model.step.of}`,
        'dim',
      ),
    ),
    line(link),
    width,
  );
}

function timeLine(model: NotesModel, width: number): Line {
  const { elapsedMs, stepSpentMs, stepPlannedMs, behindMs } = model.time;
  const over = stepPlannedMs > 0 && stepSpentMs > stepPlannedMs;
  const pace: Look = behindMs > 5_000 ? 'down' : behindMs < -5_000 ? 'accent' : 'up';
  return spread(
    line(
      ' ',
      span(minutesText(elapsedMs), 'title'),
      span('   this step ', 'dim'),
      span(minutesText(stepSpentMs), over ? 'pending' : 'strong'),
      span(stepPlannedMs > 0 ? ` of ${minutesText(stepPlannedMs)}` : ', no time planned', 'dim'),
    ),
    line(
      model.armedMs > 0 ? span(` ARMED ${Math.ceil(model.armedMs / 1_000)} s `, 'selected') : '',
      '  ',
      span(`${paceText(behindMs)} `, pace),
    ),
    width,
  );
}

function notesColumn(model: NotesModel, width: number): Line[] {
  const room = Math.max(20, width);
  const own = model.notes.flatMap((text, index) => [
    ...(index === 0 ? [] : [blank]),
    ...markdownLines(text, room),
  ]);
  return [
    line(span(model.slide.title, 'title')),
    blank,
    ...(own.length === 0 ? [line(span('No notes for this step.', 'dim'))] : own),
  ];
}

function roomColumn(model: NotesModel, width: number): Line[] {
  const room = Math.max(20, width);
  const sees = model.black
    ? [line(span('nothing: the screen is black', 'pending'))]
    : markdownLines(model.audience, room);
  const panes =
    model.panes.length === 0 || model.black
      ? []
      : [blank, line(span(`panes: ${model.panes.join(', ')}`, 'accent'))];
  const next =
    model.next === undefined
      ? [line(span('the end', 'dim'))]
      : [line(span(model.next.title, 'strong')), ...markdownLines(model.next.text, room).slice(0, 6)];
  return [
    line(span('The audience sees', 'dim')),
    ...sees,
    ...panes,
    ...(model.deed === undefined
      ? []
      : [blank, line(span('Enter does: ', 'dim'), span(model.deed, 'pending'))]),
    blank,
    line(span('Next', 'dim')),
    ...next,
  ];
}

function besides(model: NotesModel, columns: number, height: number, scroll: number): Line[] {
  const left = Math.floor((columns - 5) * 0.52);
  const right = columns - 5 - left;
  const notes = windowed(notesColumn(model, left - 2), height, scroll);
  const room = windowed(roomColumn(model, right - 1), height, 0);
  return notes.map((of, row) =>
    line('  ', fitLine(of, left), span(' │ ', 'border'), clipLine(room[row] ?? [], right)),
  );
}

function stacked(model: NotesModel, columns: number, height: number, scroll: number): Line[] {
  const width = columns - 4;
  const all = [...notesColumn(model, width), blank, ...roomColumn(model, width)];
  return windowed(all, height, scroll).map(of => line('  ', clipLine(of, width)));
}

function windowed(lines: readonly Line[], height: number, scroll: number): Line[] {
  const from = Math.min(Math.max(0, scroll), Math.max(0, lines.length - height));
  const shown = lines.slice(from, from + height);
  const more = lines.length - from - height;
  if (more > 0) shown[shown.length - 1] = line(span(`↓ ${more + 1} more lines`, 'accent'));
  return [...shown, ...Array<Line>(Math.max(0, height - shown.length)).fill(blank)];
}

function labLines(model: NotesModel, width: number): Line[] {
  const page =
    model.page === undefined
      ? []
      : [
          line(
            span('page ', 'dim'),
            model.page.url,
            span(`, ${model.page.viewers === 1 ? '1 viewer' : `${model.page.viewers} viewers`}`, 'dim'),
          ),
        ];
  return flowEntries([...healthEntries(model.lab), ...page], width - 2, line('   ')).map(of => line(' ', of));
}

function healthEntries(lab: LabHealth): Line[] {
  const { sessions, nodes, faults, traffic, stages } = lab;
  const count = (name: string, up: number, all: number): Line => {
    const look: Look = all === 0 ? 'dim' : up === all ? 'up' : 'down';
    return line(
      span(`${all === 0 ? '○' : up === all ? '●' : '◐'} `, look),
      `${name} `,
      span(`${up}/${all}`, look === 'up' ? 'plain' : look),
    );
  };
  return [
    lab.engine === 'recording'
      ? line(span('RECORDED', 'bar-warning'))
      : line(span(`${lab.engine} lab`, 'dim')),
    count('stages', stages.done, stages.all),
    count('nodes', nodes.running, nodes.all),
    count('sessions', sessions.up, sessions.configured),
    ...(faults.length === 0
      ? [line(span('no faults', 'dim'))]
      : faults.map(text => line(span(`✘ ${text}`, 'down')))),
    traffic === undefined
      ? line(span('clients quiet', 'dim'))
      : line(
          `${rateText(traffic.rate)} `,
          traffic.lost > 0
            ? span(`✘ ${traffic.lost} of ${traffic.sent} lost`, 'down')
            : span('nothing lost', 'dim'),
        ),
    ...(lab.busy ? [line(span('▶▶ at work', 'accent'))] : []),
    ...(lab.ready ? [] : [line(span('! the lab lacks what this lesson starts from: a, then L', 'pending'))]),
  ];
}

function rule(width: number): Line {
  return [span('─'.repeat(width), 'border')];
}
