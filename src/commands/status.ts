import { createBuilder } from '../engines/containerlab/build/builder.ts';
import { clusterContainers, fabricContainers } from '../engines/containerlab/build/is-there.ts';
import { holderOf } from '../engines/containerlab/holder.ts';
import { ledgerFolder, ledgerName } from '../engines/containerlab/ledger-file.ts';
import { dockerEndpoint } from '../programs/docker.ts';
import { faultTitle } from '../tutor/fault-title.ts';
import type { RunCommand } from './command-table.ts';
import { environment, ok } from './exit-codes.ts';
import { openRealLab } from './real-lab.ts';
import { textTable } from './text-table.ts';

/** What of the lab is there, whose it is, who holds it and what is broken. It only looks. */
export const run: RunCommand = async (args, io) => {
  const opened = await openRealLab(args, io);
  if (typeof opened === 'number') return opened;
  const { lab, machine } = opened;
  const version = await machine.docker.version();
  if (version.outcome === 'failed') {
    io.stderr.write(`srklab-tutor: ${version.because}\nTry: srklab-tutor doctor --lab containerlab\n`);
    return environment;
  }
  const [there, fabric, ...clusters] = await Promise.all([
    createBuilder(machine).stagesThere(),
    fabricContainers(machine),
    ...lab.clusters.map(({ name }) => clusterContainers(machine, name)),
  ]);
  const key = { lab: lab.name, docker: dockerEndpoint(io.env) };
  const holder = await holderOf(ledgerFolder(io.env, io.home), ledgerName(key));
  const { things, faults } = machine.ledger.ledger;
  const stages = lab.stages.map(({ id, title }) => ({ stage: id, title, built: there.includes(id) }));
  const containers = [fabric, ...clusters].flat().map(({ name, state, status, addresses }) => ({
    name,
    state,
    status,
    address: addresses[lab.network.name] ?? '',
  }));
  const broken = faults.map(({ id, fault, since }) => ({ id, title: faultTitle(fault), since }));
  const own = things.flatMap(thing =>
    thing.type === 'network' || thing.type === 'fabric' || thing.type === 'cluster'
      ? [{ what: thing.type === 'fabric' ? 'fabric' : `${thing.type} ${thing.name}`, own: thing.own }]
      : [],
  );
  if (args.switches.has('json')) {
    const value = { lab: lab.name, docker: key.docker, stages, containers, own, holder, broken };
    io.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
    return ok;
  }
  const words = {
    making: 'begun by srklab, not finished',
    made: 'made by srklab',
    adopted: 'was there before',
  };
  const lines = [
    ...own.map(one => `${one.what}: ${words[one.own]}`),
    holder === undefined
      ? 'Nobody holds the lab.'
      : `Process ${holder.pid} (srklab-tutor ${holder.doing}) holds the lab.`,
    ...broken.map(({ title }) => `broken: ${title}`),
  ];
  io.stdout.write(
    [
      textTable(
        ['stage', 'what', 'built'],
        stages.map(({ stage, title, built }) => [stage, title, built ? 'yes' : 'no']),
      ),
      ...(containers.length === 0
        ? []
        : [
            textTable(
              ['container', 'state', 'address', 'status'],
              containers.map(({ name, state, address, status }) => [name, state, address, status]),
            ),
          ]),
      `${lines.join('\n')}\n`,
    ].join('\n'),
  );
  return ok;
};
