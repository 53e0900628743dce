import { spreadOf } from '../flow-spread.ts';
import { FIRST_PORT } from '../measurement.ts';
import type { Probe, ProbeName, Verdict } from '../probe.ts';
import { rowsOf, type Snapshot, type TableRef } from '../snapshot.ts';
import { counted, listed, percent, untold, verdict } from './verdict.ts';

type Of<N extends ProbeName> = Probe & { readonly probe: N };

export function serviceAnswers(probe: Of<'service.answers'>, snapshot: Snapshot): Verdict {
  const rows = rowsOf(snapshot, flowsTable(probe));
  const target = `${probe.address}:${probe.port}`;
  const expected = `${target} answers every flow of ${probe.client}`;
  const expectedAbsent = `${target} answers no flow of ${probe.client}`;
  if (rows === undefined || rows.length === 0) return untold(probe, expected, expectedAbsent);
  const answered = rows.filter(row => row.outcome === 'answered').length;
  const failed = rows.find(row => row.outcome !== 'answered');
  const why = failed?.because === undefined ? '' : `; ${failed.endedAt ?? 'unknown'}: ${failed.because}`;
  const observed = `${answered} of ${rows.length} answered${why}`;
  return verdict(
    probe,
    probe.absent === true ? answered > 0 : answered === rows.length,
    expected,
    expectedAbsent,
    observed,
  );
}

export function flowSpread(probe: Of<'flow.spread'>, snapshot: Snapshot): Verdict {
  const rows = rowsOf(snapshot, flowsTable(probe));
  const over =
    typeof probe.over === 'string'
      ? `${probe.over}s`
      : `next hops of ${probe.over.node} (${probe.over.instance})`;
  const parts = [
    probe.members === undefined ? `the ${over}` : `${probe.members} ${over}`,
    probe.least === undefined ? undefined : `each at least ${percent(probe.least)}`,
    probe.most === undefined ? undefined : `none over ${percent(probe.most)}`,
  ].filter(part => part !== undefined);
  const expected = `flows spread over ${parts.join(', ')}`;
  const expectedAbsent = `flows do not spread over ${parts.join(', ')}`;
  if (rows === undefined) return untold(probe, expected, expectedAbsent);
  const shares = spreadOf(rows, probe.over);
  const all = shares.reduce((sum, share) => sum + share.count, 0);
  const fractions = shares.map(share => share.count / all);
  const holds =
    shares.length > 0 &&
    (probe.members === undefined || shares.length === probe.members) &&
    fractions.every(fraction => fraction >= (probe.least ?? 0) && fraction <= (probe.most ?? 1));
  const texts = shares.map(share => `${share.name} ${percent(share.count / all)}`);
  return verdict(probe, holds, expected, expectedAbsent, listed(texts, 'no flow is answered'));
}

export function trafficAnswered(probe: Of<'traffic.answered'>, snapshot: Snapshot): Verdict {
  const window = snapshot.traffic.samples.filter(sample => sample.at > snapshot.at - probe.last);
  const sum = (field: 'answered' | 'lost' | 'reset') =>
    window.reduce((total, sample) => total + sample[field], 0);
  const answered = sum('answered');
  const settled = answered + sum('lost') + sum('reset');
  const expected = `of the requests of the last ${probe.last / 1000} s (${probe.requests} or more) ${percent(probe.share)} answered`;
  const observed = settled === 0 ? 'no request' : `${answered} of ${counted(settled, 'request')} answered`;
  const holds = settled >= probe.requests && answered >= probe.share * settled;
  return verdict(probe, holds, expected, `not ${expected}`, observed);
}

export function flowsTable(
  probe: Of<'service.answers'> | Of<'flow.spread'>,
): TableRef & { readonly name: 'flows' } {
  return {
    name: 'flows',
    client: probe.client,
    destination: probe.address,
    port: probe.port,
    firstPort: FIRST_PORT,
    count: probe.flows ?? (probe.probe === 'service.answers' ? 64 : 1000),
    ...(probe.probe === 'flow.spread' ? { over: probe.over } : {}),
  };
}
