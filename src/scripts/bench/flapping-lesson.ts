import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFault } from '../../course/fault-text.ts';
import { vocabularyOf } from '../../course/vocabulary.ts';
import type { Fault } from '../../lab/fault.ts';
import type { Lab } from '../../lab/lab.ts';

/** Cables whose flapping, one beginning after the other, keeps the lab busy for three minutes. */
const flaps = [
  'LEAF-DC-1 SPINE-DC-1',
  'LEAF-DC-2 SPINE-DC-1',
  'BORDER-DC SPINE-DC-1',
  'LEAF-DC-1 SPINE-DC-2',
].map(cable => `link-flap ${cable} 500ms 1500ms 90`);

export const flapCount = flaps.length;

/** Milliseconds between them. */
export const betweenFlaps = 500;

export const flappingLesson = '06-cables-that-flap';

export function flapsIn(lab: Lab): Fault[] {
  return flaps.map(text => {
    const parsed = parseFault(text, vocabularyOf(lab));
    if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem}`);
    return parsed.fault;
  });
}

/** A lesson with the panes of 06; Enter lets the next cable flap. */
export function writeFlappingLesson(folder: string): void {
  const breaks = flaps.flatMap(fault => ['```break', fault, '```', '']);
  const lesson = [
    '---',
    `id: ${flappingLesson}`,
    'title: Cables that flap',
    'minutes: 3',
    'stages: [clients]',
    '---',
    '',
    '# Cables that flap',
    '',
    'What the screen costs while the lab has much to tell.',
    '',
    '## Ten clients, four cables',
    '',
    'Ten pods behind BORDER-DC ask for the VIP. Beside them cables of the fabric go down',
    'and up again, each every two seconds, so that BFD, BGP and EVPN never come to rest:',
    'sessions end and begin, next-hop sets shrink and grow, requests are lost.',
    '',
    '```watch',
    'traffic',
    'topology',
    'ecmp BORDER-DC kube-ipvrf 10.254.254.240/32',
    '```',
    '',
    ...breaks,
  ];
  mkdirSync(join(folder, flappingLesson), { recursive: true });
  writeFileSync(join(folder, flappingLesson, 'lesson.md'), lesson.join('\n'));
}
