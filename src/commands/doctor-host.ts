import type { Lab } from '../lab/lab.ts';
import { type KernelPart, kernelParts } from '../programs/host-facts.ts';
import { CGROUP_V2_SINCE, compareVersions } from '../programs/pinned-versions.ts';
import type { DoctorRow } from './doctor.ts';
import { type Findings, gigabytes } from './doctor-containerlab.ts';

/** The machine itself: processors, memory, disk, kernel. What is needed depends on the lab. */
export function hostRows(findings: Findings, lab: Lab): DoctorRow[] {
  const needs = needsOf(lab);
  return [
    processorRow(findings, needs),
    ...(needs.srlinux > 0 ? [ssse3Row(findings)] : []),
    memoryRow(findings, needs),
    diskRow(findings, needs),
    ...(needs.kindNodes > 0 ? [cgroupRow(findings, lab), inotifyRow(findings)] : []),
    ...kernelParts.map(part => kernelRow(part, findings, needs)),
  ];
}

type Needs = {
  readonly srlinux: number;
  readonly frr: number;
  readonly kindNodes: number;
  readonly vlans: boolean;
};

function needsOf(lab: Lab): Needs {
  const switches = lab.nodes.flatMap(node => (node.kind === 'switch' ? [node] : []));
  const kindNodes = lab.nodes.flatMap(node =>
    node.kind === 'cluster-node' && node.container === undefined ? [node] : [],
  );
  const frr = switches.filter(({ type }) => type === 'frr').length;
  return {
    srlinux: switches.length - frr,
    frr,
    kindNodes: kindNodes.length,
    vlans: kindNodes.some(({ attachments }) => attachments.some(({ vlans }) => vlans.length > 0)),
  };
}

function processorRow({ host }: Findings, { srlinux, kindNodes }: Needs): DoctorRow {
  const wanted = Math.max(2, Math.ceil(srlinux * 0.8 + kindNodes * 0.5));
  const enough = host.processors >= wanted;
  const tooFew = srlinux > 0 && host.processors < 2;
  return {
    name: 'processors',
    verdict: enough ? 'ok' : tooFew ? 'fail' : 'warn',
    found: `${host.processors}`,
    needed: `${wanted}`,
    because: 'with fewer the switches and nodes take longer to start; SR Linux refuses to with one',
    ...(!enough && { fix: 'give the machine more, or take the lab with FRR switches: -c srklab-lite.yml' }),
  };
}

function ssse3Row({ host }: Findings): DoctorRow {
  const other = host.architecture !== 'x64';
  const right = other || host.ssse3 === true;
  return {
    name: 'SSSE3',
    verdict: right ? 'ok' : 'fail',
    found: other ? `not asked on ${host.architecture}` : host.ssse3 === true ? 'yes' : 'no',
    needed: 'a processor with SSSE3',
    because: 'SR Linux does not start without',
    ...(!right && { fix: 'give the virtual machine the host’s processor model, or take -c srklab-lite.yml' }),
  };
}

function memoryRow({ host }: Findings, { srlinux, frr, kindNodes }: Needs): DoctorRow {
  const wanted = (srlinux * 1.7 + frr * 0.1 + kindNodes * 0.9 + 0.5) * 1e9;
  const enough = host.availableMemory >= wanted;
  return {
    name: 'memory',
    verdict: enough ? 'ok' : 'warn',
    found: `${gigabytes(host.availableMemory)} free of ${gigabytes(host.totalMemory)}`,
    needed: `${gigabytes(wanted)} free, by estimate`,
    because: 'a switch or node that gets too little does not become ready',
    ...(!enough && { fix: 'close what else runs, or take the lab with FRR switches: -c srklab-lite.yml' }),
  };
}

function diskRow({ host }: Findings, { srlinux, kindNodes }: Needs): DoctorRow {
  const wanted = srlinux > 0 ? 20e9 : kindNodes > 0 ? 10e9 : 2e9;
  const { freeDisk } = host;
  const enough = freeDisk === undefined || freeDisk >= wanted;
  return {
    name: 'disk',
    verdict: enough ? 'ok' : 'warn',
    found: freeDisk === undefined ? 'not known' : `${gigabytes(freeDisk)} free`,
    needed: `${gigabytes(wanted)} free`,
    because: 'images and the nodes’ own disks; Kubernetes evicts pods when it gets tight',
    ...(!enough && {
      fix: 'docker system df says what Docker keeps, docker image prune removes what nothing uses',
    }),
  };
}

function cgroupRow({ docker }: Findings, lab: Lab): DoctorRow {
  const found = typeof docker === 'string' ? undefined : docker.cgroup;
  const strict = lab.clusters.some(
    ({ image }) => compareVersions(/:v?([\d.]+)/.exec(image)?.[1] ?? '0', CGROUP_V2_SINCE) >= 0,
  );
  const right = found === '2' || found === undefined;
  return {
    name: 'cgroup',
    verdict: right ? 'ok' : strict ? 'fail' : 'warn',
    found: found === undefined ? 'not known: Docker does not answer' : `v${found}`,
    needed: 'v2',
    because: `Kubernetes ${CGROUP_V2_SINCE} and newer do not start on v1`,
    ...(!right && {
      fix: 'boot with systemd.unified_cgroup_hierarchy=1; on WSL: kernelCommandLine=cgroup_no_v1=all in .wslconfig',
    }),
  };
}

const WATCHES = 524_288;
const INSTANCES = 512;

function inotifyRow({ host }: Findings): DoctorRow {
  const { inotifyWatches = 0, inotifyInstances = 0 } = host;
  const right = inotifyWatches >= WATCHES && inotifyInstances >= INSTANCES;
  const settings = [`fs.inotify.max_user_watches=${WATCHES}`, `fs.inotify.max_user_instances=${INSTANCES}`];
  return {
    name: 'inotify',
    verdict: right ? 'ok' : 'warn',
    found: `${inotifyWatches} watches, ${inotifyInstances} instances`,
    needed: `${WATCHES} watches, ${INSTANCES} instances`,
    because: 'several Kubernetes nodes on one machine use up the usual limits ("too many open files")',
    ...(!right && {
      fix: `sudo sysctl ${settings.join(' ')}`,
      safeFix: [[...sudo(), 'sysctl', ...settings]],
    }),
  };
}

/** What a part is for, whether this lab needs it, and whether something is lost where the lab goes without. */
function kernelUse(part: KernelPart, needs: Needs): { because: string; needed: boolean; missed: boolean } {
  switch (part) {
    case 'vxlan':
      return {
        because: 'FRR switches carry the tenant’s frames in it',
        needed: needs.frr > 0,
        missed: false,
      };
    case 'vrf':
      return {
        because: 'tenants; the switches of this lab use network namespaces',
        needed: false,
        missed: false,
      };
    case '8021q':
      return { because: 'the clients are behind a VLAN', needed: needs.vlans, missed: false };
    case 'ipvlan':
      return { because: 'the clients are ipvlan pods', needed: needs.vlans, missed: false };
    case 'sch_netem':
      return {
        because: 'delay, and loss of a share of packets; cutting a link does without',
        needed: false,
        missed: true,
      };
  }
}

function kernelRow(part: KernelPart, { host }: Findings, needs: Needs): DoctorRow {
  const { because, needed, missed } = kernelUse(part, needs);
  const state = host.devices.get(part) ?? 'missing';
  const found = {
    works: 'works',
    loadable: 'a module that is not loaded yet',
    missing: 'not in this kernel',
  };
  return {
    name: part,
    verdict: state !== 'missing' ? 'ok' : needed ? 'fail' : missed ? 'warn' : 'ok',
    found: `${found[state]}${state === 'missing' && !needed && !missed ? ', and this lab does without' : ''}`,
    needed: needed || missed ? 'in the kernel, or as a module' : 'nothing: this lab does without',
    because,
    ...(state === 'loadable' && {
      fix: `sudo modprobe ${part}`,
      safeFix: [[...sudo(), 'modprobe', part]],
    }),
    ...(state === 'missing' &&
      (needed || missed) && {
        fix: `install the kernel’s extra modules (Ubuntu: linux-modules-extra-${host.kernel}; Fedora, RHEL: kernel-modules-extra)`,
      }),
  };
}

function sudo(): string[] {
  return process.getuid?.() === 0 ? [] : ['sudo'];
}
