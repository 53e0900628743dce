import { parseFault } from '../course/fault-text.ts';
import { vocabularyOf } from '../course/vocabulary.ts';
import { drive } from '../effects/drive.ts';
import type { LabEngine } from '../lab/engine.ts';
import type { LabEvent } from '../lab/event.ts';
import { type Lab, switchesOf } from '../lab/lab.ts';
import { nearest, suggestion } from '../lab/nearest.ts';
import type { Snapshot } from '../lab/snapshot.ts';
import type { Arguments, RunCommand } from './command-table.ts';
import { badFiles, environment, ok, usage } from './exit-codes.ts';
import { openLab } from './open-lab.ts';
import { shownTables, tableNamed } from './show-tables.ts';
import type { Seen, ShownTable, Subject } from './shown-table.ts';
import { seedOf, startEngine } from './start-engine.ts';
import { csvTable, markdownTable, textTable } from './text-table.ts';

/** Builds the lab as fast as possible, looks once and prints. */
export const run: RunCommand = async (args, io) => {
  const say = (text: string) => io.stderr.write(`srklab-tutor: ${text}\n`);
  const name = args.operands[0];
  const table = name === undefined ? undefined : tableNamed(name);
  if (table === undefined) {
    say(noTable(name));
    return usage;
  }
  const opened = openLab(args, io);
  if (opened === undefined) return badFiles;
  const problem = wrongNames(opened.lab, table, args);
  if (problem !== undefined) {
    say(problem);
    return usage;
  }
  const seed = seedOf(args);
  if (typeof seed === 'string') {
    say(seed);
    return usage;
  }
  const engine = await startEngine(opened.lab, seed);
  try {
    const seen = await look(engine, table, args);
    if (typeof seen === 'string') {
      say(seen);
      return environment;
    }
    io.stdout.write(printed(table, seen, args));
    return ok;
  } finally {
    await engine.stop();
  }
};

async function look(engine: LabEngine, table: ShownTable, args: Arguments): Promise<Seen | string> {
  const events: LabEvent[] = [];
  engine.subscribe(batch => events.push(...batch));
  const stage = args.values['until'] ?? engine.lab.stages.at(-1)?.id ?? 'empty';
  const restored = await drive(engine, engine.perform({ type: 'restore', stage }));
  if (restored.outcome === 'refused') return restored.because;
  engine.clock?.runUntilQuiet();
  if (table.needsTraffic === true) {
    await drive(engine, engine.perform({ type: 'traffic', on: true }));
    engine.clock?.advance(10_000);
  }
  const faultText = args.values['break'];
  let before: Snapshot | undefined;
  if (faultText !== undefined) {
    const subject = subjectOf(engine.lab, table, args);
    before = await engine.snapshot(table.refs(subject, await engine.snapshot([])));
    const parsed = parseFault(faultText, vocabularyOf(engine.lab));
    if ('problem' in parsed) return parsed.problem;
    const broken = await drive(engine, engine.perform({ type: 'break', fault: parsed.fault }));
    if (broken.outcome === 'refused') return broken.because;
    // Long enough for a hold timer of 90 s to end.
    engine.clock?.advance(120_000);
    engine.clock?.runUntilQuiet();
  }
  const overview = await engine.snapshot([]);
  const refs = table.refs(subjectOf(engine.lab, table, args), overview);
  const snapshot = await engine.snapshot(refs);
  return { lab: engine.lab, snapshot, events, refs, ...(before !== undefined && { before }) };
}

function printed(table: ShownTable, seen: Seen, args: Arguments): string {
  const rows = table.rows(seen);
  if (args.switches.has('csv')) return csvTable(table.header, rows);
  if (args.switches.has('markdown')) return table.markdown?.(seen) ?? markdownTable(table.header, rows);
  if (!args.switches.has('json')) return textTable(table.header, rows);
  const objects = rows.map(row => Object.fromEntries(table.header.map((key, index) => [key, row[index]])));
  return `${JSON.stringify(table.json?.(seen) ?? objects, undefined, 2)}\n`;
}

function noTable(name: string | undefined): string {
  const names = shownTables.map(table => table.name);
  const longest = Math.max(...names.map(one => one.length));
  const list = shownTables.map(table => `  ${table.name.padEnd(longest)}  ${table.summary}`).join('\n');
  if (name === undefined) return `show which table?\n${list}`;
  const near = nearest(name, names);
  return near === undefined
    ? `there is no table "${name}". There are:\n${list}`
    : `there is no table "${name}"; did you mean "${near}"?`;
}

/** Everything about names that can be said before the lab is built. */
function wrongNames(lab: Lab, table: ShownTable, args: Arguments): string | undefined {
  const { node, instance, until, break: fault } = args.values;
  const formats = ['json', 'csv', 'markdown'].filter(format => args.switches.has(format));
  if (formats.length > 1) return `either --${formats.join(' or --')}`;
  if (table.needsFault === true && fault === undefined)
    return `${table.name} of what? --break names a fault, as --break "node-stopped LEAF-DC-1"`;
  const stages = lab.stages.map(stage => stage.id);
  if (until !== undefined && !stages.includes(until)) {
    return `there is no stage "${until}"; ${suggestion(until, stages)}`;
  }
  const switches = switchesOf(lab).map(entry => entry.name);
  if (node !== undefined && table.of === undefined) return `the table ${table.name} is not one of a node`;
  if (node !== undefined && !switches.includes(node)) {
    return `there is no switch "${node}"; ${suggestion(node, switches)}`;
  }
  if (instance !== undefined && table.of !== 'instance') {
    return `the table ${table.name} is not one of a network-instance`;
  }
  const instances = instanceNames(lab, subjectNode(lab, args));
  if (instance !== undefined && !instances.includes(instance)) {
    return `there is no network-instance "${instance}" on ${subjectNode(lab, args)}; ${suggestion(instance, instances)}`;
  }
  const parsed = fault === undefined ? undefined : parseFault(fault, vocabularyOf(lab));
  return parsed !== undefined && 'problem' in parsed
    ? `--break: ${parsed.problem}; ${parsed.expected}`
    : undefined;
}

/** Without --node the last switch of the lab, without --instance its first VRF: what an example in a lesson means. */
function subjectOf(lab: Lab, table: ShownTable, args: Arguments): Subject {
  const { node, instance } = args.values;
  if (table.of === undefined) return {};
  if (table.of === 'maybe-node') return node === undefined ? {} : { node };
  const chosen = subjectNode(lab, args);
  if (table.of === 'node') return { node: chosen };
  const names = instanceNames(lab, chosen, table.name === 'macs' ? 'mac-vrf' : 'ip-vrf');
  return { node: chosen, instance: instance ?? names[0] ?? 'default' };
}

function subjectNode(lab: Lab, args: Arguments): string {
  return args.values['node'] ?? switchesOf(lab).at(-1)?.name ?? '';
}

function instanceNames(lab: Lab, node: string, type?: string): string[] {
  const found = switchesOf(lab).find(entry => entry.name === node);
  return (found?.config.networkInstances ?? [])
    .filter(instance => type === undefined || instance.type === type)
    .map(instance => instance.name);
}
