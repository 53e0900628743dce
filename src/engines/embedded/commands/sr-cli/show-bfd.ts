import type { View } from './view.ts';

/** `show bfd …`: all sessions of the switch. */
export function showBfd(view: View, words: readonly string[]): boolean {
  const [topic, instance, ...more] = words;
  if ((topic !== undefined && topic !== 'network-instance') || more.length > 0)
    return view.unknown(more[0] ?? topic ?? '', ['network-instance <name>']);
  const rows = (view.rows({ name: 'bfd', node: view.node.name }) ?? []).filter(
    row => instance === undefined || instance === '*' || row.instance === instance,
  );
  return view.table(
    ['BFD sessions'],
    [
      { title: 'Net-Inst', of: row => row.instance },
      { title: 'Local IP', of: row => row.localAddress },
      { title: 'Remote IP', of: row => row.peer },
      { title: 'State', of: row => row.state.toUpperCase() },
      { title: 'Type', of: row => (row.multihop ? 'multi-hop' : 'single-hop') },
      { title: 'TX interval', of: row => `${row.transmitInterval} ms`, align: 'right' },
      { title: 'Detection time', of: row => `${row.detectionTime} ms`, align: 'right' },
    ],
    rows,
    rows.length === 0
      ? [
          'No BFD session. A subinterface needs "/ bfd subinterface", the BGP group "failure-detection enable-bfd".',
        ]
      : [],
  );
}
