import type { View } from './view.ts';

/** `show bfd …`: all sessions of the switch. */
export function showBfd(view: View): true {
  const rows = view.rows({ name: 'bfd', node: view.node.name }) ?? [];
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
