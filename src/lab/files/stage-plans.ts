import type { Attachment, LabCluster } from '../lab.ts';
import type { StagePlan, TaskPlan } from '../stage.ts';

/** A Kubernetes node plugged into a switch. */
export type JoinPlan = {
  /** Id of the link. */
  readonly link: string;
  /** The node's container. */
  readonly node: string;
  readonly attachment: Attachment;
  /** The other end as containerlab names it: "clab-dc-k8s-LEAF-DC-1:e1-10". */
  readonly clabNode: string;
};

export type BuildPlan = {
  readonly network: { readonly name: string; readonly prefix: string };
  readonly topologyFile: string;
  readonly clusters: readonly LabCluster[];
  readonly joins: readonly JoinPlan[];
};

/** The build as the lab files imply it: the fixed stages, then those that the resources name, in order of first mention, each after the one before. */
export function stagePlans(plan: BuildPlan): StagePlan[] {
  const fixed: StagePlan[] = [
    { id: 'network', title: 'Docker network', needs: [], tasks: networkTasks(plan) },
    { id: 'fabric', title: 'Switches and fabric links', needs: ['network'], tasks: fabricTasks(plan) },
    { id: 'clusters', title: 'Kubernetes clusters', needs: ['network'], tasks: clusterTasks(plan) },
    { id: 'images', title: 'Container images', needs: ['clusters'], tasks: imageTasks(plan) },
    { id: 'links', title: 'Nodes on the fabric', needs: ['fabric', 'clusters'], tasks: joinTasks(plan) },
  ];
  return [...fixed, ...resourceStages(plan)];
}

function networkTasks({ network }: BuildPlan): TaskPlan[] {
  return [
    {
      id: 'network',
      title: `Docker network ${network.name}`,
      commandLine: `docker network create --subnet ${network.prefix} ${network.name}`,
      action: { type: 'create-network' },
    },
  ];
}

function fabricTasks({ topologyFile }: BuildPlan): TaskPlan[] {
  return [
    {
      id: 'fabric',
      title: 'Switches and their links',
      commandLine: `containerlab deploy -t ${topologyFile}`,
      action: { type: 'deploy-fabric' },
    },
  ];
}

function clusterTasks({ clusters }: BuildPlan): TaskPlan[] {
  return clusters.map(({ name, nodes, configFile, image, kubeconfig }) => ({
    id: `cluster ${name}`,
    title: `Cluster ${name}`,
    commandLine:
      nodes === 'kind'
        ? `kind create cluster --name ${name} --config ${configFile} --image ${image} --kubeconfig ${kubeconfig} --wait 5m`
        : `# ${name}: its nodes are containers of the topology, which come with the fabric`,
    action: { type: 'create-cluster', cluster: name },
  }));
}

function imageTasks({ clusters }: BuildPlan): TaskPlan[] {
  return clusters.flatMap(({ name, nodes, imagesToLoad }) =>
    imagesToLoad.map(image => ({
      id: `image ${name} ${image}`,
      title: `${image} into ${name}`,
      commandLine:
        nodes === 'kind'
          ? `kind load docker-image ${image} --name ${name}`
          : `# ${image}: ${name} is modelled, nothing is loaded`,
      action: { type: 'load-image' as const, cluster: name, image },
    })),
  );
}

function joinTasks({ joins }: BuildPlan): TaskPlan[] {
  return joins.map(join => ({
    id: `join ${join.node}:${join.attachment.port}`,
    title: `${join.node} on ${join.clabNode}`,
    commandLine: [
      `containerlab tools veth create -a ${join.node}:${join.attachment.port} -b ${join.clabNode}`,
      ...nodeCommands(join),
    ].join(' && '),
    action: { type: 'join', link: join.link },
  }));
}

/** What is done inside the node: jumbo frames, its address, its routes, its VLAN devices. */
function nodeCommands({ node, attachment }: JoinPlan): string[] {
  const { port, address, gateway, routes, vlans } = attachment;
  const replaced =
    gateway === undefined || routes !== undefined ? [] : [`route replace default via ${gateway}`];
  return [
    `link set ${port} mtu 9500 up`,
    `address replace ${address} dev ${port}`,
    ...(routes ?? []).map(prefix => `route replace ${prefix} via ${gateway}`),
    ...replaced,
    ...vlans.flatMap(vlan => [
      `link add link ${port} name VLAN-${vlan} type vlan id ${vlan}`,
      `link set VLAN-${vlan} up`,
    ]),
  ].map(command => `docker exec ${node} ip ${command}`);
}

function resourceStages({ clusters }: BuildPlan): StagePlan[] {
  const tasks = new Map<string, TaskPlan[]>();
  for (const { name, nodes, kubeconfig, resources } of clusters) {
    for (const { file, stage } of resources) {
      const own = tasks.get(stage) ?? [];
      own.push({
        id: `apply ${name} ${file}`,
        title: `${shortName(file)} in ${name}`,
        commandLine:
          nodes === 'kind'
            ? `kubectl --kubeconfig ${kubeconfig} apply -f ${file}`
            : `# ${file}: ${name} is modelled, its containers are told what follows from it`,
        action: { type: 'apply', cluster: name, file },
      });
      tasks.set(stage, own);
    }
  }
  let before: readonly string[] = ['images', 'links'];
  return [...tasks].map(([id, own]) => {
    const stage = { id, title: titles.get(id) ?? capitalized(id), needs: before, tasks: own };
    before = [id];
    return stage;
  });
}

const titles: ReadonlyMap<string, string> = new Map([
  ['metallb', 'MetalLB'],
  ['app', 'The application'],
  ['service', 'The service'],
  ['clients', 'Clients'],
  ['resources', 'Manifests'],
]);

/** The last part of a path or address. */
function shortName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
