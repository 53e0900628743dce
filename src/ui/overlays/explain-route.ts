import { type BgpRow, type EvpnRow, rowsOf } from '../../lab/snapshot.ts';
import type { TutorState } from '../../tutor/state.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { evpnIdentity, localPreference, statusMark, whyCell } from '../panes/evpn-rows.ts';
import { showTable, type Table } from '../panes/table.ts';
import { finePercentText } from '../wording/amount.ts';
import { portText } from '../wording/names.ts';
import { ruleExplanation, ruleText } from '../wording/rule.ts';
import type { OverlayPicture } from './overlay-picture.ts';

type Explained = Pick<OverlayPicture, 'title' | 'lines' | 'foot'>;
type Candidate = (BgpRow | EvpnRow) & { readonly from: 'BGP' | 'EVPN' };

/** Why a switch has chosen what it has for a prefix: all candidates, the deciding rule, what the data plane does. */
export function explainRoute(
  state: TutorState,
  of: {
    readonly node: string;
    readonly instance: string;
    readonly prefix: string;
    readonly evpn?: string;
  },
  width: number,
): Explained {
  if (of.evpn !== undefined) return explainEvpnRoute(state, { ...of, evpn: of.evpn }, width);
  const title = `${of.node} · ${of.instance} · ${of.prefix}`;
  const { view } = state;
  if (view === undefined) return { title, lines: [], foot: [] };
  const { node, instance, prefix } = of;
  const routes = (rowsOf(view, { name: 'routes', node, instance }) ?? []).filter(
    row => row.prefix === prefix,
  );
  const bgp = (rowsOf(view, { name: 'bgp', node, instance }) ?? []).filter(row => row.prefix === prefix);
  const evpn = (rowsOf(view, { name: 'evpn', node }) ?? []).filter(row => row.prefix === prefix);
  const candidates: Candidate[] = [
    ...bgp.map(row => ({ ...row, from: 'BGP' as const })),
    ...evpn.map(row => ({ ...row, from: 'EVPN' as const })),
  ];
  const active = routes.find(row => row.active);
  const lines: Line[] = [];
  lines.push(...wrapLine(verdict(of, active?.owner, active?.nextHops.length ?? 0), width));
  if (candidates.length > 0) {
    const shown = showTable(candidatesTable(), candidates, { width });
    lines.push(
      blank,
      line(span('Candidates', 'strong'), span('   u used  * valid  > best', 'dim')),
      shown.header,
      ...shown.rows.map(row => row.line),
      blank,
      ...decisionLines(candidates, width),
    );
  }
  const group = rowsOf(view, { name: 'forwarding', node, instance })?.find(row => row.prefix === prefix);
  if (group !== undefined) {
    lines.push(
      blank,
      line(span('In the data plane', 'strong'), span(`   group ${group.group}, ${group.algorithm}`, 'dim')),
    );
    for (const member of group.members)
      lines.push(
        line(
          '  ',
          span(member.node ?? portText(member.label), 'plain'),
          span(
            `  ${finePercentText(member.share)} of new flows${
              member.vtep === undefined ? '' : `, VXLAN to ${member.vtep}, VNI ${member.vni ?? '?'}`
            }`,
            'dim',
          ),
        ),
      );
  }
  return { title, lines, foot: [] };
}

/** A MAC or a multicast route: not in a route table, so its candidates are all there is to say. */
function explainEvpnRoute(
  state: TutorState,
  { node, prefix, evpn }: { readonly node: string; readonly prefix: string; readonly evpn: string },
  width: number,
): Explained {
  const title = `${node} · EVPN type ${evpn[0]} · ${prefix}`;
  const rows = state.view === undefined ? [] : (rowsOf(state.view, { name: 'evpn', node }) ?? []);
  const candidates: Candidate[] = rows
    .filter(row => evpnIdentity(row) === evpn)
    .map(row => ({ ...row, from: 'EVPN' }));
  const used = candidates.find(row => row.used);
  const said =
    candidates.length === 0
      ? line(span('✘ ', 'down'), `${node} no longer has this route.`)
      : used === undefined
        ? line(`${node} has heard it and does not use it.`)
        : line(span('✔ ', 'up'), `${node} uses it: the tunnel goes to ${used.path.nextHop}.`);
  const shown = showTable(candidatesTable(), candidates, { width });
  return {
    title,
    lines: [
      ...wrapLine(said, width),
      blank,
      line(span('Candidates', 'strong'), span('   u used  * valid  > best', 'dim')),
      shown.header,
      ...shown.rows.map(row => row.line),
      blank,
      ...decisionLines(candidates, width),
    ],
    foot: [],
  };
}

function verdict(
  of: { readonly node: string; readonly prefix: string },
  owner: string | undefined,
  hops: number,
): Line {
  if (owner === undefined) return line(span('✘ ', 'down'), `${of.node} has no route to ${of.prefix}.`);
  const how =
    owner === 'bgp-evpn'
      ? 'by EVPN'
      : owner === 'bgp'
        ? 'by BGP'
        : owner === 'local' || owner === 'host'
          ? 'because it is attached to it'
          : `by ${owner}`;
  const ways = hops > 1 ? ` It uses ${hops} next hops at once.` : '';
  return line(span('✔ ', 'up'), `${of.node} knows ${of.prefix} ${how}.${ways}`);
}

function candidatesTable(): Table<Candidate> {
  return {
    keyOf: row => `${row.from} ${row.path.nextHop} ${row.path.peer ?? ''}`,
    columns: [
      { id: 'status', title: '', priority: 0, cell: statusMark },
      { id: 'nexthop', title: 'next hop', priority: 0, cell: row => line(row.path.nextHop) },
      {
        id: 'peer',
        title: 'heard from',
        priority: 1,
        cell: row => line(row.path.peerNode ?? row.path.peer ?? 'itself'),
      },
      { id: 'localpref', title: 'LP', align: 'right', priority: 2, cell: localPreference },
      { id: 'aspath', title: 'AS path', priority: 3, cell: row => line(row.path.asPath.join(' ') || '–') },
      {
        id: 'originator',
        title: 'originator',
        priority: 5,
        cell: row => line(span(row.path.originatorId ?? '', 'dim')),
      },
      { id: 'family', title: 'table', priority: 6, cell: row => line(span(row.from, 'dim')) },
      { id: 'why', title: 'why', priority: 4, least: 14, cell: whyCell },
    ],
  };
}

/** Each rule that decided something, with the RFC section and what it is for. */
function decisionLines(candidates: readonly Candidate[], width: number): Line[] {
  const rules = new Map<string, { readonly section: string; best: boolean }>();
  for (const { rule, best } of candidates) {
    if (rule === undefined) continue;
    const known = rules.get(rule.name);
    rules.set(rule.name, { section: rule.section, best: best || known?.best === true });
  }
  return [...rules].flatMap(([name, { section, best }]) => {
    const why = ruleExplanation(name);
    return wrapLine(
      line(
        span(best ? 'Decided by: ' : 'Also: ', 'dim'),
        span(ruleText(name), 'strong'),
        span(` (${section})`, 'dim'),
        why === undefined ? '.' : `. ${why}`,
      ),
      width,
    );
  });
}
