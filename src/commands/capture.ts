import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseFault } from '../course/fault-text.ts';
import { findLink } from '../course/link-name.ts';
import { vocabularyOf } from '../course/vocabulary.ts';
import { drive } from '../effects/drive.ts';
import type { LabEngine } from '../lab/engine.ts';
import type { Lab } from '../lab/lab.ts';
import { suggestion } from '../lab/nearest.ts';
import type { PacketRow } from '../lab/packet-row.ts';
import { rowsOf } from '../lab/snapshot.ts';
import { pcapFile } from '../net/pcap.ts';
import { tcpSegment } from './capture-segments.ts';
import type { Arguments, RunCommand } from './command-table.ts';
import { badFiles, environment, ok, usage } from './exit-codes.ts';
import { openLab } from './open-lab.ts';
import { seedOf } from './start-engine.ts';

/** Builds the lab, breaks something if told to, and writes the BGP packets that travelled into a pcap file. */
export const run: RunCommand = async (args, io) => {
  const say = (text: string) => io.stderr.write(`srklab-tutor: ${text}\n`);
  const output = args.values['output'];
  if (output === undefined) {
    say('capture into which file? -o fabric.pcap');
    return usage;
  }
  const opened = openLab(args, io);
  if (opened === undefined) return badFiles;
  const wanted = wantedOf(opened.lab, args);
  const seed = seedOf(args);
  if (typeof wanted === 'string' || typeof seed === 'string') {
    say(typeof wanted === 'string' ? wanted : `${seed}`);
    return usage;
  }
  const { createEmbeddedEngine } = await import('../engines/embedded/embedded-engine.ts');
  const engine = createEmbeddedEngine(opened.lab, {
    seed,
    keptPackets: { messages: Number.POSITIVE_INFINITY, keepalives: Number.POSITIVE_INFINITY },
  });
  try {
    const rows = await captured(engine, wanted);
    if (typeof rows === 'string') {
      say(rows);
      return environment;
    }
    const file = pcapFile(rows.map(tcpSegment));
    const problem = await write(resolve(io.cwd, output), file, args.switches.has('force'));
    if (problem !== undefined) {
      say(`${output} ${problem}`);
      return environment;
    }
    const messages = rows.filter(row => row.length > 0).length;
    io.stderr.write(
      `${output}: ${rows.length} packets, ${messages} of them with BGP, ${Math.ceil(file.length / 1024)} kB. Open it in Wireshark, or: tshark -r ${output} -Y bgp\n`,
    );
    return ok;
  } finally {
    await engine.stop();
  }
};

type Wanted = {
  readonly stage: string;
  readonly fault: Extract<ReturnType<typeof parseFault>, { readonly fault: unknown }>['fault'] | undefined;
  readonly link: string | undefined;
};

/** What the arguments ask for; a sentence where a name is wrong. */
function wantedOf(lab: Lab, args: Arguments): Wanted | string {
  const { until, break: faultText, link: linkText, lab: engine } = args.values;
  if (engine !== undefined && engine !== 'embedded')
    return `capture writes the packets of the embedded lab; on --lab ${engine} use tcpdump on the node itself`;
  const stages = lab.stages.map(stage => stage.id);
  if (until !== undefined && !stages.includes(until))
    return `there is no stage "${until}"; ${suggestion(until, stages)}`;
  const vocabulary = vocabularyOf(lab);
  const fault = faultText === undefined ? undefined : parseFault(faultText, vocabulary);
  if (fault !== undefined && 'problem' in fault) return `--break: ${fault.problem}; ${fault.expected}`;
  const [first = '', second = ''] = (linkText ?? '').trim().split(/\s+/);
  const link = linkText === undefined ? undefined : findLink(first, second, vocabulary);
  if (link !== undefined && 'problem' in link) return `--link: ${link.problem}; ${link.expected}`;
  return { stage: until ?? stages.at(-1) ?? 'empty', fault: fault?.fault, link: link?.link };
}

/** Long enough for a hold timer of 90 s to end. */
const AFTER_A_FAULT = 120_000;

async function captured(engine: LabEngine, wanted: Wanted): Promise<readonly PacketRow[] | string> {
  const restored = await drive(engine, engine.perform({ type: 'restore', stage: wanted.stage }));
  if (restored.outcome === 'refused') return restored.because;
  engine.clock?.runUntilQuiet();
  if (wanted.fault !== undefined) {
    const broken = await drive(engine, engine.perform({ type: 'break', fault: wanted.fault }));
    if (broken.outcome === 'refused') return broken.because;
    engine.clock?.advance(AFTER_A_FAULT);
    engine.clock?.runUntilQuiet();
  }
  const ref = { name: 'packets', ...(wanted.link !== undefined && { link: wanted.link }) } as const;
  return rowsOf(await engine.snapshot([ref]), ref) ?? [];
}

/** Why the file could not be written; undefined when it was. */
async function write(path: string, file: Uint8Array, force: boolean): Promise<string | undefined> {
  try {
    await writeFile(path, file, { mode: 0o644, flag: force ? 'w' : 'wx' });
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'EEXIST'
      ? 'is there already; name another file, or --force'
      : `cannot be written: ${message}`;
  }
}
