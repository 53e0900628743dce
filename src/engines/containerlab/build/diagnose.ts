import type { TaskFailure } from '../../real/stage-builder.ts';
import type { Step } from './steps.ts';

type Cause = {
  readonly of: readonly Step['work']['type'][];
  readonly sign: RegExp;
  readonly because: string;
  readonly nextSteps: readonly string[];
};

/** What goes wrong with these tools, by what they say then. The first that fits is named. */
const causes: readonly Cause[] = [
  {
    of: ['network'],
    sign: /pool overlaps|overlaps with other one|address space/i,
    because: 'another Docker network, or a route of this machine, has these addresses already',
    nextSteps: [
      'docker network ls and docker network inspect say which; remove it if nothing needs it,',
      'or give the lab another prefix: in srklab.yml, and the switches’ mgmt-ipv4 in its topology.',
    ],
  },
  {
    of: ['network', 'pull', 'fabric', 'cluster', 'load', 'cable'],
    sign: /no Docker answers|cannot connect to the docker daemon|is the docker daemon running/i,
    because: 'Docker does not answer',
    nextSteps: [
      'Start it: sudo systemctl start docker.',
      'On WSL and macOS: start Docker Desktop or OrbStack.',
    ],
  },
  {
    of: ['network', 'pull', 'fabric', 'cluster', 'load', 'cable'],
    sign: /permission denied.*docker|may not talk to Docker/i,
    because: 'this user may not talk to Docker',
    nextSteps: ['sudo usermod -aG docker $USER, then log in again.'],
  },
  {
    of: ['fabric', 'cable'],
    sign: /clab_admins|requires root|must be run as root|a password is required|a terminal is required/i,
    because: 'containerlab needs root’s rights and has none',
    nextSteps: [
      'sudo usermod -aG clab_admins $USER, then log in again (members of that group are as good as root);',
      'or allow sudo for containerlab without a password.',
    ],
  },
  {
    of: ['fabric'],
    sign: /SSSE3|ssse3/,
    because: 'SR Linux needs a processor with SSSE3, and this machine shows none',
    nextSteps: [
      'In a virtual machine: give it the host’s processor model.',
      'Or take the lab with FRR switches: -c srklab-lite.yml.',
    ],
  },
  {
    of: ['fabric'],
    sign: /vcpu|number of (v?cpus|cores)/i,
    because: 'SR Linux needs two processors at the least',
    nextSteps: ['Give the machine more, or take -c srklab-lite.yml.'],
  },
  {
    of: ['fabric'],
    sign: /not (be )?ready|to boot|memory requirement|context deadline exceeded|mgmt_server|aaa/i,
    because: 'a switch did not get ready in time; mostly there is too little memory or processor for it',
    nextSteps: [
      'docker logs of the switch says how far it came; free -h says what memory is left.',
      'Run the same command again: what is there stays.',
    ],
  },
  {
    of: ['fabric', 'cable'],
    sign: /already exists|file exists|not owned|ownership/i,
    because: 'something of that name is there already that this lab did not make',
    nextSteps: ['srklab clear -c srklab.yml removes what the lab made; then start again.'],
  },
  {
    of: ['fabric', 'pull', 'cluster'],
    sign: /no space left/i,
    because: 'the disk is full',
    nextSteps: ['docker system df says what Docker keeps; docker image prune removes what nothing uses.'],
  },
  {
    of: ['cluster'],
    sign: /too many open files|inotify/i,
    because: 'the kernel’s inotify limits are too low for several Kubernetes nodes',
    nextSteps: ['sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512'],
  },
  {
    of: ['cluster'],
    sign: /cgroup/i,
    because: 'this Kubernetes needs cgroup v2, and the machine boots with v1',
    nextSteps: [
      'On WSL: kernelCommandLine=cgroup_no_v1=all in .wslconfig; elsewhere systemd.unified_cgroup_hierarchy=1.',
    ],
  },
  {
    of: ['cluster'],
    sign: /could not find an available, non-overlapping|address pools/i,
    because: 'Docker has no addresses left for another network',
    nextSteps: ['docker network prune removes networks that nothing uses.'],
  },
  {
    of: ['cluster'],
    sign: /node\(s\) already exist/i,
    because: 'there are nodes of a cluster of that name already',
    nextSteps: ['kind get clusters; if it is not needed: kind delete cluster --name with its name.'],
  },
  {
    of: ['cluster'],
    sign: /kubeadm init|failed to init node|timed out waiting for the condition/i,
    because: 'Kubernetes did not come up in time; mostly there is too little memory, disk or processor',
    nextSteps: ['free -h and df -h say what is left.', 'Run the same command again.'],
  },
  {
    of: ['load'],
    sign: /content digest .*not found/i,
    because: 'Docker keeps its images in containerd, and holds only a part of this one',
    nextSteps: [
      'docker image save --platform linux/amd64 -o image.tar with the image’s name,',
      'then kind load image-archive image.tar --name with the cluster’s name, then start again.',
    ],
  },
  {
    of: ['load'],
    sign: /not present locally/i,
    because: 'this machine’s Docker does not have the image',
    nextSteps: ['docker pull with the image’s name, then start again.'],
  },
  {
    of: ['pull'],
    sign: /no such host|timeout|network is unreachable|connection refused|TLS handshake/i,
    because: 'the registry cannot be reached from here',
    nextSteps: ['Look at the network and at Docker’s proxy settings, then start again.'],
  },
  {
    of: ['pull'],
    sign: /manifest unknown|not found|repository does not exist|pull access denied/i,
    because: 'the registry has no such image, or wants a login for it',
    nextSteps: ['Look at the image’s name and tag in srklab.yml and in the topology.'],
  },
  {
    of: ['pull'],
    sign: /toomanyrequests|rate limit/i,
    because: 'the registry limits how much is pulled from here',
    nextSteps: ['docker login, or wait an hour, then start again.'],
  },
  {
    of: ['apply'],
    sign: /failed calling webhook/i,
    because: 'MetalLB’s webhook did not answer',
    nextSteps: ['kubectl -n metallb-system get pods says whether its controller runs; then start again.'],
  },
  {
    of: ['apply'],
    sign: /no matches for kind|ensure CRDs are installed/i,
    because: 'the cluster does not know a kind of this manifest yet',
    nextSteps: ['Apply first what defines it; the order is that of resources: in srklab.yml.'],
  },
  {
    of: ['apply'],
    sign: /ErrImageNeverPull|ImagePullBackOff|ErrImagePull/i,
    because: 'a pod’s image is not on its node',
    nextSteps: ['imagesToLoad: in srklab.yml lists what is put on the nodes.'],
  },
  {
    of: ['apply'],
    sign: /timed out waiting|exceeded its progress deadline/i,
    because: 'what was applied did not get ready in time',
    nextSteps: ['kubectl get pods -A says which pods do not run; kubectl describe pod says why.'],
  },
];

/** A failed step for whoever asked for it: what happened, likely why, what to do. `said` is what its program or Docker told. */
export function diagnosed(step: Step, said: string): TaskFailure {
  const tail = said
    .replace(/^Most likely .*$/gm, '')
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '')
    .slice(-5)
    .join('\n');
  const cause = causes.find(({ of, sign }) => of.includes(step.work.type) && sign.test(said));
  const because = cause === undefined ? '' : `\nMost likely ${cause.because}.`;
  return {
    because: `${step.title}: ${tail === '' ? 'it failed and said nothing' : tail}${because}`,
    nextSteps: cause?.nextSteps ?? [
      'Run the same command again: what is there already stays.',
      'srklab-tutor doctor --lab containerlab looks at what the lab needs of this machine.',
    ],
  };
}
