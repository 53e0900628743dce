import { talkLab } from '../test-support/talk-lab.ts';
import { frrConfigOf, frrConfigPath } from '../engines/frr/frr-config.ts';
import { writeFileSync } from 'node:fs';
const lab = talkLab();
for (const n of lab.nodes) if (n.kind === 'switch') { writeFileSync(frrConfigPath(n), frrConfigOf(n)); }
