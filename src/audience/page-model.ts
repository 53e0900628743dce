import { rowsOf } from '../lab/snapshot.ts';
import type { Share, TrafficState } from '../lab/traffic-state.ts';
import { faultTitle } from '../tutor/fault-title.ts';
import { flowsOf, subjectOf } from '../tutor/pane-subject.ts';
import type { TutorState } from '../tutor/state.ts';
import { choicesOf } from '../ui/panes/ecmp-rows.ts';
import { addressNamer } from '../ui/wording/address-owner.ts';
import { amountText, clockText, momentText, percentText, rateText } from '../ui/wording/amount.ts';
import { eventWording } from '../ui/wording/event.ts';
import { portText } from '../ui/wording/names.ts';
import { element, type PageElement, type PageNode } from './element.ts';
import { slideElements } from './slide-elements.ts';
import { topologySvg } from './topology-svg.ts';

/** The sections of the audience's page, each sent again only when it changed. */
export const pageSections = [
  'slide',
  'status',
  'topology',
  'routes',
  'ecmp',
  'sessions',
  'timeline',
] as const;
export type PageSection = (typeof pageSections)[number];

export type PageModel = Readonly<Record<PageSection, readonly PageElement[]>>;

/** What the audience sees: the slide and the lab as the presenter has them, and no more. */
export function pageModel(state: TutorState): PageModel {
  return {
    slide: slideElements(state),
    status: statusElements(state),
    topology: [topologySvg(state.lab, state.view)],
    routes: routeElements(state),
    ecmp: ecmpElements(state),
    sessions: sessionElements(state),
    timeline: timelineElements(state),
  };
}

function statusElements(state: TutorState): PageElement[] {
  const { view } = state;
  const faults = view?.faults ?? [];
  const speed = state.clock?.mode === 'paused' ? 'paused' : `${state.clock?.speed ?? 1}×`;
  return [
    state.engine.name === 'recording'
      ? element('strong', { class: 'down' }, 'RECORDED')
      : element('span', { class: 'quiet' }, `${state.engine.name} lab`),
    element('span', {}, clockText(view?.at ?? 0)),
    ...(state.clock === undefined || speed === '1×' ? [] : [element('span', { class: 'pending' }, speed)]),
    ...(faults.length === 0
      ? [element('span', { class: 'up' }, 'nothing broken')]
      : faults.map(({ fault }) => element('span', { class: 'down' }, `✘ ${faultTitle(fault)}`))),
    ...(view?.traffic.on === true ? trafficElements(view.traffic) : []),
  ];
}

function trafficElements(traffic: TrafficState): PageElement[] {
  const recent = traffic.samples.slice(-4);
  const bad = recent.reduce((sum, sample) => sum + sample.lost + sample.reset, 0);
  return [
    element('span', {}, `clients ask ${rateText(traffic.rate)}`),
    element(
      'span',
      { class: bad > 0 ? 'down' : 'up' },
      bad > 0 ? `✘ ${bad} lost in the last second` : 'every request answered',
    ),
  ];
}

const rowsShown = 24;

function routeElements(state: TutorState): PageElement[] {
  const { node, instance } = subjectOf(state, 'routes');
  const rows = state.view === undefined ? undefined : rowsOf(state.view, { name: 'routes', node, instance });
  const head = element('p', { class: 'quiet' }, `${node}, ${instance}`);
  if (rows === undefined || rows.length === 0) return [head, element('p', {}, 'No routes yet.')];
  const body = rows
    .slice(0, rowsShown)
    .map(route =>
      tableRow(
        'td',
        element('code', {}, route.prefix),
        route.nextHops
          .map(hop => hop.node ?? hop.address ?? (hop.type === 'extract' ? 'this switch' : 'attached'))
          .join(', '),
        route.owner === 'bgp-evpn' ? 'EVPN' : route.owner === 'bgp' ? 'BGP' : route.owner,
      ),
    );
  return [head, element('table', {}, tableRow('th', 'prefix', 'next hops', 'learnt by'), ...body)];
}

function ecmpElements(state: TutorState): PageElement[] {
  const wanted = flowsOf(state);
  const flows = state.view === undefined || wanted === undefined ? undefined : rowsOf(state.view, wanted);
  if (flows === undefined || wanted === undefined || flows.length === 0)
    return [element('p', {}, 'No service to send flows to yet.')];
  const choices = choicesOf(flows, addressNamer(state.lab), state.lab);
  return [
    element(
      'p',
      { class: 'quiet' },
      `${amountText(flows.length, 'flow')} of ${wanted.client} to ${wanted.destination}:${wanted.port}`,
    ),
    ...choices.flatMap(choice => [
      element('h3', {}, choice.title, ' ', element('small', {}, choice.detail)),
      ...shareElements(choice.shares),
    ]),
  ];
}

/** Bars are drawn by the browser from a number, as the page may hold no styles of its own. */
function shareElements(shares: readonly Share[]): PageElement[] {
  const total = shares.reduce((sum, share) => sum + share.count, 0);
  return shares.map(share =>
    element(
      'div',
      { class: 'share' },
      element('span', {}, share.name),
      element('meter', { min: '0', max: `${Math.max(1, total)}`, value: `${share.count}` }),
      element('span', { class: 'number' }, percentText(total === 0 ? 0 : share.count / total)),
    ),
  );
}

function sessionElements(state: TutorState): PageElement[] {
  const rows = state.view === undefined ? undefined : rowsOf(state.view, { name: 'sessions' });
  if (rows === undefined || rows.length === 0) return [element('p', {}, 'No BGP sessions yet.')];
  const up = rows.filter(row => row.state === 'established').length;
  const ordered = [...rows].sort(
    (a, b) => Number(a.state === 'established') - Number(b.state === 'established'),
  );
  return [
    element('p', { class: up === rows.length ? 'up' : 'pending' }, `${up} of ${rows.length} established`),
    element(
      'table',
      {},
      tableRow('th', 'node', 'peer', 'state'),
      ...ordered
        .slice(0, rowsShown)
        .map(row =>
          tableRow(
            'td',
            row.node,
            row.peerNode ?? row.peer,
            element(
              'span',
              { class: row.state === 'established' ? 'up' : 'down' },
              `${row.state === 'established' ? '●' : '○'} ${row.state}`,
            ),
          ),
        ),
    ),
  ];
}

const eventsShown = 14;
/** Told by another event as well, or of no interest from the last row. */
const untold: ReadonlySet<string> = new Set([
  'update-received',
  'update-sent',
  'task-started',
  'mac-learned',
]);

function timelineElements(state: TutorState): PageElement[] {
  const name = addressNamer(state.lab);
  const events = state.timeline.events.filter(event => !untold.has(event.type)).slice(-eventsShown);
  if (events.length === 0) return [element('p', {}, 'Nothing has happened yet.')];
  return [
    element(
      'ol',
      { class: 'events' },
      ...events.reverse().map(event => {
        const { who, what, symbol, look } = eventWording(event, name);
        return element(
          'li',
          { class: look === 'up' || look === 'down' || look === 'pending' ? look : '' },
          element('time', {}, momentText(event.at)),
          ` ${symbol} `,
          ...(who === '' ? [] : [element('strong', {}, who), ' ']),
          portText(what),
        );
      }),
    ),
  ];
}

function tableRow(tag: 'th' | 'td', ...cells: readonly PageNode[]): PageElement {
  return element('tr', {}, ...cells.map(cell => element(tag, {}, cell)));
}
