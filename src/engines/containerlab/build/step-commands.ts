import { resolve } from 'node:path';
import type { Attachment, Lab, LabCluster } from '../../../lab/lab.ts';
import { argument } from '../../../programs/argument.ts';
import { containerlab, containerlabEnv, type Privilege } from '../../../programs/containerlab.ts';
import { kind, kindEnv } from '../../../programs/kind.ts';
import { kubectl } from '../../../programs/kubectl.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import type { Step } from './steps.ts';
import type { Wait } from './waits.ts';

/** Where and as whom the build happens. */
export type Setting = {
  readonly lab: Lab;
  /** Of srklab.yml, from the root of this machine. */
  readonly folder: string;
  readonly privilege: Privilege;
};

/** The label by which things that can carry one say which lab made them. */
export const LAB_LABEL = 'srklab-tutor.lab';

/** Both ends of a cable to a Kubernetes node. */
export const JOIN_MTU = 9500;

/** What a step runs, in order: the same for --dry-run and for the build. */
export function commandsOf({ work }: Step, setting: Setting): PlannedCommand[] {
  const { lab, privilege, folder } = setting;
  switch (work.type) {
    case 'network':
      return [
        docker(
          'network',
          'create',
          '--label',
          `${LAB_LABEL}=${argument.name(lab.name)}`,
          '--subnet',
          work.prefix,
          work.name,
        ),
      ];
    case 'pull':
      return [docker('pull', argument.image(work.image))];
    case 'fabric':
      return [
        {
          ...program(containerlab.deploy(privilege, resolve(folder, lab.topologyFile))),
          env: containerlabEnv,
          asRoot: true,
        },
      ];
    case 'cluster': {
      const { name, configFile, image } = work.cluster;
      const kubeconfig = kubeconfigOf(work.cluster, folder);
      const create = kind.create({
        ...{ name, image, kubeconfig, waitSeconds: 300 },
        configFile: resolve(folder, configFile),
      });
      return [
        { ...program(create), env: kindEnv(lab.network.name) },
        program(kubectl.allNodesReady(kubeconfig, 300)),
      ];
    }
    case 'load':
      return [program(kind.load(work.image, work.cluster))];
    case 'cable':
      return [
        {
          ...program(containerlab.veth(privilege, work.node, work.switchPort, JOIN_MTU)),
          env: containerlabEnv,
          asRoot: true,
        },
      ];
    case 'port':
      return portCommands(work.attachment).map(words =>
        docker('exec', argument.name(work.node), 'ip', ...words),
      );
    case 'apply': {
      const { cluster, resource, waits } = work;
      const kubeconfig = kubeconfigOf(cluster, folder);
      const file = resource.file.startsWith('https://') ? resource.file : resolve(folder, resource.file);
      return [
        program(kubectl.apply(kubeconfig, file)),
        ...waits.map(wait => program(waitCommand(kubeconfig, wait))),
      ];
    }
  }
}

export function kubeconfigOf({ kubeconfig }: Pick<LabCluster, 'kubeconfig'>, folder: string): string {
  return resolve(folder, kubeconfig);
}

/** Words after `ip`. Each can be said twice, but for the VLAN device, which is asked for before. */
function portCommands({ port, address, gateway, routes, vlans }: Attachment): string[][] {
  const device = argument.device(port);
  const via = (prefix: string) => ['route', 'replace', prefix, 'via', argument.ipv4(gateway ?? '')];
  return [
    ['link', 'set', device, 'mtu', `${JOIN_MTU}`, 'up'],
    ['address', 'replace', argument.addressWithLength(address), 'dev', device],
    ...(routes ?? []).map(prefix => via(argument.prefix(prefix))),
    ...(gateway === undefined || routes !== undefined ? [] : [via('default')]),
    ...vlans.flatMap(vlan => [
      ['link', 'add', 'link', device, 'name', vlanDevice(vlan), 'type', 'vlan', 'id', argument.whole(vlan)],
      ['link', 'set', vlanDevice(vlan), 'up'],
    ]),
  ];
}

export function vlanDevice(vlan: number): string {
  return `VLAN-${argument.whole(vlan)}`;
}

function waitCommand(kubeconfig: string, wait: Wait): string[] {
  switch (wait.for) {
    case 'established':
      return kubectl.hasCondition(kubeconfig, wait.object, 'established', wait.seconds);
    case 'rollout':
      return kubectl.rolledOut(kubeconfig, wait.object, wait.seconds);
    case 'address':
      return kubectl.hasAddress(kubeconfig, wait.object, wait.seconds);
  }
}

function program(argv: readonly string[]): PlannedCommand {
  return { by: 'program', argv };
}

function docker(...words: string[]): PlannedCommand {
  return { by: 'docker', argv: ['docker', ...words] };
}
