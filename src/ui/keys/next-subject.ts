import { switchesOf } from '../../lab/lab.ts';
import { paneView } from '../../tutor/layout.ts';
import type { Message } from '../../tutor/message.ts';
import { instancesOf, subjectOf } from '../../tutor/pane-subject.ts';
import type { KeyContext } from './key-context.ts';
import { onPane } from './on-pane.ts';

/** The next (or previous) switch, cluster or client as what the focused pane is about; undefined where it is about the whole lab. */
export function nextSubject({ state }: KeyContext, by: 1 | -1): Message | undefined {
  const after = (all: readonly string[], now: string | undefined): string | undefined => {
    const at = now === undefined ? (by === 1 ? -1 : 0) : all.indexOf(now);
    return all[(at + by + all.length) % Math.max(1, all.length)];
  };
  return onPane(state.layout.focus, (pane): Message | undefined => {
    switch (pane) {
      case 'routes':
      case 'evpn':
      case 'forwarding': {
        const names = switchesOf(state.lab).map(node => node.name);
        const node = after(names, subjectOf(state, pane).node);
        return node === undefined ? undefined : { type: 'subject-chosen', pane, subject: { node } };
      }
      case 'packets': {
        // The whole lab, then whoever speaks BGP.
        const names = [
          '',
          ...state.lab.nodes
            .filter(
              node => node.kind === 'switch' || (node.kind === 'cluster-node' && node.attachments.length > 0),
            )
            .map(node => node.name),
        ];
        const node = after(names, paneView(state.layout, pane).subject?.node ?? '');
        return { type: 'subject-chosen', pane, subject: { node: node ?? '', link: '' } };
      }
      case 'cluster': {
        const names = state.lab.clusters.map(cluster => cluster.name);
        const now = paneView(state.layout, pane).subject?.node ?? names.at(-1);
        const node = after(names, now);
        return node === undefined ? undefined : { type: 'subject-chosen', pane, subject: { node } };
      }
      case 'ecmp': {
        const names = (state.view?.traffic.clients ?? []).map(client => client.name);
        const client = after(names, paneView(state.layout, pane).subject?.client ?? names[0]);
        return client === undefined ? undefined : { type: 'subject-chosen', pane, subject: { client } };
      }
      default:
        return undefined;
    }
  });
}

/** The next link of the node that the packets pane is about, or of the lab; after the last one, all of them. */
export function nextLink({ state }: KeyContext): Message {
  const { node = '', link = '' } = paneView(state.layout, 'packets').subject ?? {};
  const all = state.lab.links.filter(({ a, b }) => node === '' || a.node === node || b.node === node);
  const ids = ['', ...all.map(({ id }) => id)];
  return {
    type: 'subject-chosen',
    pane: 'packets',
    subject: { link: ids[(ids.indexOf(link) + 1) % ids.length] ?? '' },
  };
}

/** What `n` goes through. */
export function subjectWord(focus: string): string {
  return focus === 'cluster'
    ? 'cluster'
    : focus === 'ecmp'
      ? 'client'
      : focus === 'packets'
        ? 'node'
        : 'switch';
}

/** The next network-instance of the switch the focused pane is about. */
export function nextInstance({ state }: KeyContext): Message | undefined {
  return onPane(state.layout.focus, (pane): Message | undefined => {
    if (pane !== 'routes' && pane !== 'forwarding') return undefined;
    const { node, instance } = subjectOf(state, pane);
    const all = instancesOf(state.lab, node);
    const next = all[(all.indexOf(instance) + 1) % Math.max(1, all.length)];
    return next === undefined ? undefined : { type: 'subject-chosen', pane, subject: { instance: next } };
  });
}
