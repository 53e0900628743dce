import { readFileSync } from 'node:fs';
import { explanations } from '../test-support/parity-differences.ts';
import { type ParityRun, parityRunFile } from '../test-support/parity-report.ts';

/** What the last live comparison came to, for docs/parity.md. */
export function parityRunTables(): string {
  const run: ParityRun = JSON.parse(readFileSync(parityRunFile, 'utf8'));
  const labs = run.labs.filter(({ traits }) => traits.length === 0);
  const variants = run.labs
    .filter(({ traits }) => traits.length > 0)
    .sort((a, b) => a.lab.localeCompare(b.lab, 'en', { numeric: true }));
  const differing = variants.filter(({ moments }) => moments.some(each => each.unexplained.length > 0));
  return [
    `FRR ${run.frr}.`,
    '',
    '| moment | facts | differences with a reason | without | FRR said so after |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...labs.flatMap(({ moments }) =>
      moments.map(
        ({ moment, facts, explained, unexplained, seconds }) =>
          `| ${moment} | ${facts} | ${explained} | ${unexplained.length} | ${seconds} s |`,
      ),
    ),
    '',
    '| time from the fault to the change in forwarding | embedded, lab time | FRR, a real clock | band |',
    '| --- | ---: | ---: | ---: |',
    ...run.gaps.map(
      ({ what, embedded, frr, band: [low, high] }) =>
        `| ${what} | ${embedded} ms | ${frr} ms | ${low} to ${high} ms |`,
    ),
    '',
    'Of 1,000 flows of one client, hashed by each side in its own way: those that had the leaver or got the joiner, and those that moved besides.',
    '',
    '| change at BORDER-DC’s group | embedded | FRR | all that move, by RFC 2992 |',
    '| --- | ---: | ---: | ---: |',
    ...run.moves.map(
      ({ what, embedded, frr, band: [low, high] }) =>
        `| ${what} | ${embedded.forced} + ${embedded.needless} | ${frr.forced} + ${frr.needless} | ${low} to ${high} % |`,
    ),
    '',
    `Variants that ran: ${variants.length}, each after convergence and after one cut link. With a difference that has no reason: ${differing.length}.`,
    '',
    '| variant | what is special | facts | differences |',
    '| --- | --- | ---: | ---: |',
    ...variants.map(({ lab, traits, moments }) => {
      const facts = moments.reduce((sum, each) => sum + each.facts, 0);
      const without = moments.reduce((sum, each) => sum + each.unexplained.length, 0);
      return `| ${lab} | ${traits.join(', ')} | ${facts} | ${without} |`;
    }),
  ].join('\n');
}

/** The list of differences, for docs/parity.md. */
export function explanationTable(): string {
  return [
    '| only in | what | reason | seen in |',
    '| --- | --- | --- | --- |',
    ...explanations.map(
      ({ side, what, because, seenIn }) =>
        `| ${side === 'only FRR' ? 'FRR' : 'the embedded lab'} | ${what} | ${because} | ${seenIn.join(', ')} |`,
    ),
  ].join('\n');
}
