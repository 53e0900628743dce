import type { Probe, ProbeName, Verdict } from '../probe.ts';
import { type BfdRow, rowsOf, type SessionRow, type Snapshot } from '../snapshot.ts';
import { untold, verdict } from './verdict.ts';

type Of<N extends ProbeName> = Probe & { readonly probe: N };

export function session(probe: Of<'bgp.session'>, snapshot: Snapshot): Verdict {
  const rows = rowsOf(snapshot, { name: 'sessions', node: probe.node })?.filter(
    row =>
      matchesPeer(row, probe) &&
      (probe.family === undefined || hasFamily(row, probe.family)) &&
      (probe.newerThan === undefined || snapshot.at - row.since <= probe.newerThan),
  );
  const family = probe.family === undefined ? 'BGP' : `BGP ${probe.family}`;
  const newer = probe.newerThan === undefined ? '' : ` for less than ${probe.newerThan / 1000} s`;
  return sessionVerdict(probe, rows, family, probe.state ?? 'established', newer);
}

export function bfdSession(probe: Of<'bfd.session'>, snapshot: Snapshot): Verdict {
  const rows = rowsOf(snapshot, { name: 'bfd', node: probe.node })?.filter(row => matchesPeer(row, probe));
  return sessionVerdict(probe, rows, 'BFD', probe.state ?? 'up');
}

function matchesPeer(
  row: SessionRow | BfdRow,
  probe: { readonly instance?: string; readonly peer?: string },
): boolean {
  const peerNode = 'peerNode' in row ? row.peerNode : undefined;
  return (
    (probe.instance === undefined || row.instance === probe.instance) &&
    (probe.peer === undefined || row.peer === probe.peer || peerNode === probe.peer)
  );
}

function hasFamily(row: SessionRow, family: string): boolean {
  return row.families.some(candidate => candidate.name === family);
}

function sessionVerdict(
  probe: Of<'bgp.session'> | Of<'bfd.session'>,
  rows: readonly (SessionRow | BfdRow)[] | undefined,
  what: string,
  state: string,
  newer = '',
): Verdict {
  const where = probe.instance === undefined ? probe.node : `${probe.node} (${probe.instance})`;
  const peer = probe.peer === undefined ? '' : ` to ${probe.peer}`;
  const single = probe.count === undefined && probe.peer !== undefined;
  const amount = probe.count === undefined ? (single ? 'the' : 'every') : `${probe.count}`;
  const sessions = probe.count === undefined || probe.count === 1 ? 'session' : 'sessions';
  const expected = `${where}: ${amount} ${what} ${sessions}${peer} ${state}${newer}`;
  const expectedAbsent = `${where}: no ${what} session${peer} ${state}${newer}`;
  if (rows === undefined) return untold(probe, expected, expectedAbsent);
  const inState = rows.filter(row => row.state === state).length;
  const holds =
    probe.count !== undefined
      ? inState === probe.count
      : probe.absent === true
        ? inState > 0
        : rows.length > 0 && inState === rows.length;
  const observed =
    rows.length === 0
      ? 'no such session'
      : rows.length === 1
        ? `${rows[0]?.state}`
        : `${inState} of ${rows.length} ${state}`;
  return verdict(probe, holds, expected, expectedAbsent, observed);
}
