import { containerOf } from '../../../../../lab/lab.ts';
import type { Terminal } from '../../command.ts';
import { flag, valued } from '../../options.ts';
import { roundedTable } from '../../text-table.ts';
import { containersOf } from '../containers.ts';
import { buildStage } from '../stage-command.ts';
import { printInspection } from './inspect.ts';
import { fail, info, isThisLab, optionsFor } from './topology.ts';

/** `containerlab deploy -t topo.yml [--reconfigure]`: the stage fabric. */
export async function deploy(terminal: Terminal, words: readonly string[]): Promise<number> {
  const options = optionsFor(terminal, 'deploy', words, [
    flag('reconfigure', 'c'),
    valued('max-workers'),
    flag('skip-labdir-acl'),
  ]);
  if (typeof options === 'number' || !isThisLab(terminal, options)) return 1;
  const { lab, dismantle } = terminal.context.lab;
  info(terminal, 'Containerlab started version=0.79.0');
  info(terminal, `Parsing & checking topology file=${lab.topologyFile}`);
  const before = containersOf(terminal).filter(({ labels }) => 'containerlab' in labels);
  if (options.has('reconfigure') && before.length > 0) {
    if (dismantle.refusal !== undefined) return fail(terminal, dismantle.refusal);
    announceRemoval(terminal);
    dismantle.fabric({ keepNetwork: true });
  } else if (before.length > 0) {
    info(terminal, 'Apply summary');
    const columns = [
      { title: 'Action', of: () => 'no changes' },
      { title: 'Details', of: () => '-' },
    ];
    for (const line of roundedTable(columns, [undefined])) terminal.out(line);
    return printInspection(terminal, { format: 'table', wide: false, all: false });
  }
  for (const node of lab.nodes)
    if (node.kind !== 'cluster-node' || node.container !== undefined)
      info(terminal, `Creating container name=${node.name}`);
  const exitCode = await buildStage(terminal, 'fabric');
  if (exitCode !== 0) return exitCode;
  for (const link of lab.links)
    if (link.role === 'fabric') info(terminal, `Created link: ${link.id.replace(' ', ' ▪┄┄▪ ')}`);
  return printInspection(terminal, { format: 'table', wide: false, all: false });
}

/**
 * `containerlab destroy -t topo.yml`: the containers and all cables. The lab folder that `--cleanup` removes is not modelled:
 * a switch deployed anew has its startup configuration.
 */
export function destroy(terminal: Terminal, words: readonly string[]): number {
  const options = optionsFor(terminal, 'destroy', words, [
    flag('all', 'a'),
    flag('cleanup', 'c'),
    flag('graceful'),
    flag('keep-mgmt-net'),
    valued('max-workers'),
    flag('yes', 'y'),
  ]);
  if (typeof options === 'number' || !isThisLab(terminal, options, { all: true })) return 1;
  const { dismantle } = terminal.context.lab;
  if (dismantle.refusal !== undefined) return fail(terminal, dismantle.refusal);
  info(terminal, `Parsing & checking topology file=${terminal.context.lab.lab.topologyFile}`);
  if (!containersOf(terminal).some(({ labels }) => 'containerlab' in labels)) return 0;
  announceRemoval(terminal);
  dismantle.fabric({ keepNetwork: options.has('keep-mgmt-net') });
  return 0;
}

function announceRemoval(terminal: Terminal): void {
  const { lab } = terminal.context.lab;
  info(terminal, `Destroying lab name=${lab.name}`);
  for (const { node, labels } of containersOf(terminal))
    if ('containerlab' in labels) info(terminal, `Removed container name=${containerOf(node)}`);
}
