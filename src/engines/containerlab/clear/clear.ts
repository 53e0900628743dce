import { readdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { containerlab, containerlabEnv, type Privilege } from '../../../programs/containerlab.ts';
import { kind } from '../../../programs/kind.ts';
import { deleteNamespaceArgv } from '../../../programs/namespaces.ts';
import { plainText } from '../../../programs/plain-text.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import { lastLines } from '../../../programs/run-program.ts';
import { clusterContainers, exists, fabricContainers } from '../build/is-there.ts';
import { kubeconfigOf } from '../build/step-commands.ts';
import { thingId } from '../ledger.ts';
import type { Machine } from '../machine.ts';
import { type ClearPlan, clearPlan, type Removal } from './clear-plan.ts';

/** What clearing this lab would remove now; a sentence when Docker cannot be asked. */
export async function planClear(machine: Machine, adoptedToo: boolean): Promise<ClearPlan | string> {
  const { docker, lab, folder, ledger } = machine;
  const known = await docker.network(lab.network.name);
  if (known.outcome === 'failed') return known.because;
  const noted = ledger.ledger.things.flatMap(thing => (thing.type === 'cluster' ? [thing.name] : []));
  const names = new Set([...lab.clusters.map(({ name }) => name), ...noted]);
  const clusters = await Promise.all(
    [...names].map(async name => [name, await clusterContainers(machine, name)] as const),
  );
  return clearPlan(
    {
      name: lab.name,
      clusters: lab.clusters.map(one => ({ name: one.name, kubeconfig: kubeconfigOf(one, folder) })),
    },
    resolve(folder, lab.topologyFile),
    ledger.ledger,
    {
      fabric: await fabricContainers(machine),
      clusters: new Map(clusters),
      network: known.value,
      namespaces: await readdir('/run/netns').catch(() => []),
    },
    adoptedToo,
  );
}

/** The command that removes it: the same for --dry-run and for clearing. */
export function removalCommand(
  removal: Removal,
  lab: string,
  privilege: Privilege,
  topologyThere: boolean,
): PlannedCommand {
  switch (removal.type) {
    case 'fabric':
      return {
        by: 'program',
        argv: topologyThere
          ? containerlab.destroy(privilege, removal.topology)
          : containerlab.destroyNamed(privilege, lab),
        env: containerlabEnv,
        asRoot: true,
      };
    case 'container':
      return { by: 'docker', argv: ['docker', 'rm', '-f', '-v', removal.name] };
    case 'cluster':
      return { by: 'program', argv: kind.delete(removal.name, removal.kubeconfig) };
    case 'namespace':
      return { by: 'program', argv: deleteNamespaceArgv(removal.name, privilege !== 'root'), asRoot: true };
    case 'network':
      return { by: 'docker', argv: ['docker', 'network', 'rm', removal.name] };
  }
}

export function removalTitle(removal: Removal): string {
  switch (removal.type) {
    case 'fabric':
      return `the switches and their links${listed(removal.containers)}`;
    case 'container':
      return `the container ${removal.name}`;
    case 'cluster':
      return `the kind cluster ${removal.name}${listed(removal.containers)}`;
    case 'namespace':
      return `the network namespace ${removal.name}, in which containerlab kept a stopped node’s cables`;
    case 'network':
      return `the Docker network ${removal.name}`;
  }
}

function listed(containers: readonly string[]): string {
  return containers.length > 0 ? `: ${containers.join(', ')}` : ', of which no container is left';
}

/** Removes one thing and strikes it off the ledger; why not, when it is still there. */
export async function remove(removal: Removal, machine: Machine): Promise<string | undefined> {
  const { docker, lab, ledger, privilege } = machine;
  const failure = await (async () => {
    switch (removal.type) {
      case 'container': {
        const removed = await docker.remove(removal.id);
        return removed.outcome === 'failed' ? removed.because : undefined;
      }
      case 'network': {
        const removed = await docker.removeNetwork(removal.id);
        return removed.outcome === 'failed' ? removed.because : undefined;
      }
      case 'fabric': {
        const there = await exists(removal.topology);
        return runRemoval(removalCommand(removal, lab.name, privilege, there), machine);
      }
      case 'namespace':
        // Removing the switch may have removed it.
        if (!(await exists(`/run/netns/${removal.name}`))) return undefined;
        return runRemoval(removalCommand(removal, lab.name, privilege, true), machine);
      case 'cluster': {
        const because = await runRemoval(removalCommand(removal, lab.name, privilege, true), machine);
        if (because === undefined) await rm(removal.kubeconfig, { force: true });
        return because;
      }
    }
  })();
  if (failure !== undefined) return failure;
  await ledger.change(before => ({
    ...before,
    things: before.things.filter(thing => !strikes(removal, thingId(thing))),
  }));
  return undefined;
}

/** Nothing that the lab made is left: the ledger has only what is not removed with it. */
export function nothingMadeIsLeft({ ledger }: Machine): boolean {
  return ledger.ledger.things.every(
    thing => thing.own === 'adopted' || thing.type === 'image' || thing.type === 'cable',
  );
}

function strikes(removal: Removal, id: string): boolean {
  switch (removal.type) {
    case 'fabric':
      return id === `fabric ${removal.topology}`;
    case 'cluster':
    case 'network':
      return id === `${removal.type} ${removal.name}`;
    case 'container':
    case 'namespace':
      return false;
  }
}

async function runRemoval({ argv, env }: PlannedCommand, machine: Machine): Promise<string | undefined> {
  const result = await machine.run(argv, {
    timeout: 300_000,
    graceMs: 5_000,
    ...(env === undefined ? {} : { env }),
  });
  if (result.exitCode === 0) return undefined;
  return plainText(lastLines(result)) || result.problem || `exit code ${result.exitCode}`;
}
