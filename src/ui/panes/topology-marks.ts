import { type ActiveFault, faultId } from '../../lab/fault.ts';
import type { LinkState, NodeState, Snapshot } from '../../lab/snapshot.ts';
import { type Line, type Look, line, span } from '../cells/line.ts';
import { clockText, rateText } from '../wording/amount.ts';
import { faultText } from '../wording/fault.ts';
import { linkText } from '../wording/names.ts';

/** State of a node as one character, its look, and a few words. */
export type Mark = { readonly symbol: string; readonly look: Look; readonly words: string };

export function nodeMark(node: NodeState | undefined, faults: readonly ActiveFault[]): Mark {
  if (node === undefined || node.state === 'absent')
    return { symbol: '○', look: 'dim', words: 'not built yet' };
  if (node.state === 'stopped') return { symbol: '✘', look: 'down', words: 'stopped' };
  if (node.state === 'starting') return { symbol: '◐', look: 'pending', words: 'starting' };
  if (faults.some(({ fault }) => fault.kind === 'node-silent' && fault.node === node.name))
    return { symbol: '✘', look: 'down', words: 'silent' };
  if (node.unknown !== undefined) return { symbol: '?', look: 'pending', words: 'no answer' };
  const { sessions } = node;
  if (sessions === undefined || sessions.configured === 0)
    return { symbol: '●', look: 'up', words: 'running' };
  const words = `BGP ${sessions.established}/${sessions.configured}`;
  if (sessions.established === sessions.configured) return { symbol: '●', look: 'up', words };
  return { symbol: '◐', look: 'pending', words };
}

export function linkMark(link: LinkState | undefined): Mark {
  if (link === undefined || link.state === 'absent') return { symbol: '╎', look: 'dim', words: '' };
  if (link.state === 'down') return { symbol: '✘', look: 'down', words: 'down' };
  if (link.state === 'silent') return { symbol: '┊', look: 'down', words: 'silent' };
  const rate = link.rateAToB + link.rateBToA;
  if (link.bgp === 'down' || link.bgp === 'partly')
    return { symbol: '│', look: 'pending', words: rate > 0 ? rateText(rate) : 'no BGP' };
  return rate > 0
    ? { symbol: '┃', look: 'accent', words: rateText(rate) }
    : { symbol: '│', look: 'border', words: '' };
}

/** The selected node or link in one line: everything that the drawing leaves out. */
export function detailLine(snapshot: Snapshot, item: string): Line {
  const node = snapshot.nodes.find(candidate => candidate.name === item);
  if (node !== undefined) {
    const mark = nodeMark(node, snapshot.faults);
    const fault = snapshot.faults.find(({ fault }) => 'node' in fault && fault.node === item);
    const words = mark.words.startsWith('BGP')
      ? `running, ${mark.words.slice(4).replace('/', ' of ')} BGP sessions up`
      : node.unknown === undefined
        ? mark.words
        : `unknown since ${clockText(node.unknown.since)}: ${node.unknown.because}`;
    return line(
      span(`${mark.symbol} `, mark.look),
      span(item, 'strong'),
      ` ${words}`,
      fault === undefined ? '' : span(`  fault: ${faultText(fault.fault)}`, 'down'),
    );
  }
  const link = snapshot.links.find(candidate => candidate.id === item);
  if (link === undefined) return line();
  const mark = linkMark(link);
  const cut = snapshot.faults.find(({ fault }) => 'link' in fault && fault.link === item);
  const state = link.state === 'absent' ? 'not built yet' : link.state;
  const traffic = link.state === 'up' ? `  → ${rateText(link.rateAToB)}  ← ${rateText(link.rateBToA)}` : '';
  return line(
    span(`${mark.symbol} `, mark.look),
    span(linkText(item), 'strong'),
    ` ${state}`,
    link.bgp === undefined ? '' : span(`, BGP ${link.bgp}`, link.bgp === 'up' ? 'plain' : 'pending'),
    span(traffic, 'dim'),
    cut === undefined ? '' : span(`  fault: ${faultId(cut.fault).split(' ')[0]}`, 'down'),
  );
}
