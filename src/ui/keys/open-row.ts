import { rowsOf } from '../../lab/snapshot.ts';
import type { Message } from '../../tutor/message.ts';
import { subjectOf } from '../../tutor/pane-subject.ts';
import type { TutorState } from '../../tutor/state.ts';
import { evpnContent, evpnIdentity, evpnTable } from '../panes/evpn-rows.ts';
import { pictureOfPane } from '../panes/picture-of-pane.ts';

/** What Enter opens for the selected row of the focused pane; undefined when there is no more to say. */
export function openRow(state: TutorState): Message | readonly Message[] | undefined {
  const { focus } = state.layout;
  if (focus === 'lesson' || focus === 'shell' || focus === 'build') return undefined;
  const picture = pictureOfPane(state, focus, { width: 160, height: 60 });
  const row = picture.selected ?? (picture.follows === true ? picture.items.at(-1) : picture.items[0]);
  if (row === undefined) return undefined;
  switch (focus) {
    case 'routes':
    case 'forwarding': {
      const { node, instance } = subjectOf(state, focus);
      const [prefix = ''] = row.split(' ');
      return { type: 'overlay-asked', overlay: { name: 'route', node, instance, prefix, scroll: 0 } };
    }
    case 'evpn': {
      const { node, instance } = subjectOf(state, 'evpn');
      const rows = state.view === undefined ? undefined : rowsOf(state.view, { name: 'evpn', node });
      const found = rows?.find(each => evpnTable().keyOf(each) === row);
      if (found === undefined) return undefined;
      const about =
        found.prefix === undefined
          ? { prefix: evpnContent(found), evpn: evpnIdentity(found) }
          : { prefix: found.prefix };
      return { type: 'overlay-asked', overlay: { name: 'route', node, instance, ...about, scroll: 0 } };
    }
    case 'ecmp':
      return { type: 'overlay-asked', overlay: { name: 'flow', sourcePort: Number(row), scroll: 0 } };
    case 'timeline':
      return { type: 'overlay-asked', overlay: { name: 'event', id: Number(row), scroll: 0 } };
    case 'packets':
      return { type: 'overlay-asked', overlay: { name: 'packet', id: Number(row), scroll: 0 } };
    case 'topology': {
      if (state.lab.links.some(({ id }) => id === row))
        return [
          { type: 'subject-chosen', pane: 'packets', subject: { node: '', link: row } },
          { type: 'focus-asked', to: 'packets' },
        ];
      const node = state.lab.nodes.find(each => each.name === row);
      if (node?.kind !== 'switch') return undefined;
      return [
        { type: 'subject-chosen', pane: 'routes', subject: { node: node.name } },
        { type: 'focus-asked', to: 'routes' },
      ];
    }
    case 'sessions': {
      const [node = '', instance = ''] = row.split(' ');
      return [
        { type: 'subject-chosen', pane: 'routes', subject: { node, instance } },
        { type: 'focus-asked', to: 'routes' },
      ];
    }
    default:
      return undefined;
  }
}
