import type { Lab } from '../../lab/lab.ts';
import type { PaneView } from '../../tutor/layout.ts';
import type { TutorState } from '../../tutor/state.ts';
import { derived } from '../../values/derived.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { linkText } from '../wording/names.ts';
import { paneTitles } from './pane-titles.ts';
import { chosenItem, type Picture } from './picture.ts';
import { matches, type ShownRow } from './table.ts';
import { drawTopology } from './topology-drawing.ts';
import { detailLine, linkMark, nodeMark } from './topology-marks.ts';
import { topologyPlan } from './topology-plan.ts';

/** The drawing with a line about what is selected; a list of nodes and links where there is no room for a drawing. */
export function topologyPicture(
  state: TutorState,
  view: PaneView,
  room: { readonly width: number; readonly height: number },
): Picture {
  const { lab, view: snapshot } = state;
  const items = topologyItems(state);
  const selected = view.selected === undefined ? undefined : chosenItem(items, view.selected);
  const common = {
    title: `${paneTitles.topology} · ${lab.name}`,
    items,
    selected,
  };
  const footer: Line[] =
    selected !== undefined && snapshot !== undefined ? [detailLine(snapshot, selected)] : [legend(state)];
  const left = { width: room.width, height: room.height - footer.length };
  const drawing = view.filter === '' ? drawTopology(lab, snapshot, left, selected) : undefined;
  if (drawing !== undefined) {
    const above = Math.max(0, Math.floor((left.height - drawing.length) / 2));
    return { ...common, head: [...Array<Line>(above).fill(blank), ...drawing], rows: [], foot: footer };
  }
  return { ...common, head: [], rows: listRows(state, view.filter), foot: footer };
}

/** Nodes tier by tier, then links: the order in which the selection moves. */
export function topologyItems({ lab }: TutorState): readonly string[] {
  return itemsOf(lab);
}

const itemsOf = derived((lab: Lab): readonly string[] => {
  const plan = topologyPlan(lab);
  return [
    ...plan.tiers.flat().map(node => node.name),
    ...plan.apart.map(node => node.name),
    ...lab.links.map(link => link.id),
  ];
});

function listRows(state: TutorState, filter: string): ShownRow[] {
  const { view: snapshot } = state;
  return topologyItems(state)
    .map((item): ShownRow => {
      const isLink = item.includes(':');
      const mark = isLink
        ? linkMark(snapshot?.links.find(link => link.id === item))
        : nodeMark(
            snapshot?.nodes.find(node => node.name === item),
            snapshot?.faults ?? [],
          );
      const name = isLink ? linkText(item) : item;
      return {
        key: item,
        line: line(span(`${mark.symbol} `, mark.look), name, span(`  ${mark.words}`, 'dim')),
        says: `${name} ${mark.symbol}`,
      };
    })
    .filter(row => matches(row.says ?? '', filter));
}

function legend(state: TutorState): Line {
  const apart = topologyPlan(state.lab).apart.map(node => node.name);
  const built = state.view?.nodes.some(node => node.state !== 'absent') ?? false;
  if (!built) return line(span('○ not built yet: the lesson builds it, or :goto', 'dim'));
  return line(span(apart.length === 0 ? '' : `not on the fabric: ${apart.join(', ')}`, 'dim'));
}
