import { expect, it } from 'vitest';
import { everythingUp } from '../../test-support/snapshots.ts';
import { lineText } from '../cells/line.ts';
import { shareBars, trafficRows } from './traffic-rows.ts';

it('tells pods apart where their names do not fit: by their ends', () => {
  const shares = ['hello-655b6f854d-vhxfr', 'hello-655b6f854d-9v4hc'].map(name => ({ name, count: 10 }));
  expect(shareBars(shares, 40).map(of => lineText(of).slice(0, 15).trimEnd())).toEqual([
    '  hel…4d-vhxfr',
    '  hel…4d-9v4hc',
  ]);
});

it('counts a reset as failed, and says in the sums that it was not a loss', () => {
  const traffic = {
    ...everythingUp.traffic,
    totals: { sent: 100, answered: 97, lost: 0, reset: 3 },
    samples: [{ at: 250, sent: 5, answered: 2, lost: 0, reset: 3 }],
  };
  const texts = trafficRows(traffic, 80).map(row => lineText(row.line));
  expect(texts.find(text => text.startsWith('failed'))).toMatch(/^failed +✘ 3\/s /);
  expect(texts).toContain('in all 100 sent · 97 answered · 0 lost · 3 reset  (3.0 %)');
});
