import type { Lab } from '../lab/lab.ts';
import { compareVersions, isKnown, pinned } from '../programs/pinned-versions.ts';
import type { DoctorRow } from './doctor.ts';
import type { Findings, ToolAnswer } from './doctor-containerlab.ts';

/** Docker, the command-line tools and the right to use them. */
export function toolRows(findings: Findings, lab: Lab): DoctorRow[] {
  const clusters = lab.clusters.some(({ nodes }) => nodes === 'kind');
  return [
    dockerRow(findings),
    toolRow({
      name: 'containerlab',
      answer: findings.containerlab,
      pins: pinned.containerlab,
      because: 'it makes the switches and the cables',
      fix: `bash -c "$(curl -sL https://get.containerlab.dev)" -- -v ${pinned.containerlab.newest}.0`,
    }),
    rootRow(findings),
    ...(clusters
      ? [
          toolRow({
            name: 'kind',
            answer: findings.kind,
            pins: pinned.kind,
            because: 'it makes the Kubernetes clusters',
            fix: `go install sigs.k8s.io/kind@v${pinned.kind.newest}.0, or a binary from https://kind.sigs.k8s.io`,
          }),
          toolRow({
            name: 'kubectl',
            answer: findings.kubectl,
            pins: pinned.kubectl,
            because: 'it applies the lab’s manifests',
            fix: 'https://kubernetes.io/docs/tasks/tools has it for every system',
          }),
        ]
      : []),
  ];
}

function dockerRow({ docker }: Findings): DoctorRow {
  const common = {
    name: 'Docker',
    needed: `20.10 or newer (API ${pinned.dockerApi.oldest})`,
    because: 'switches and Kubernetes nodes are containers',
  };
  if (typeof docker === 'string')
    return {
      ...{ ...common, verdict: 'fail', found: docker },
      fix: docker.includes('may not')
        ? 'sudo usermod -aG docker $USER, then log in again'
        : docker.includes('has not answered')
          ? 'sudo systemctl restart docker; what it says of itself: journalctl -u docker'
          : 'sudo systemctl start docker; without Docker: https://docs.docker.com/engine/install',
    };
  const right = compareVersions(docker.api, pinned.dockerApi.oldest) >= 0;
  return {
    ...common,
    verdict: right ? 'ok' : 'fail',
    found: `${docker.version}, API ${docker.api}, ${docker.storage}`,
    ...(!right && { fix: 'https://docs.docker.com/engine/install' }),
  };
}

function toolRow(tool: {
  readonly name: string;
  readonly answer: ToolAnswer;
  readonly pins: { readonly oldest: string; readonly newest: string };
  readonly because: string;
  readonly fix: string;
}): DoctorRow {
  const { name, answer, pins, because, fix } = tool;
  const needed = `${pins.oldest} or newer; ${pins.newest} is the newest that is known`;
  if ('problem' in answer) return { name, verdict: 'fail', found: answer.problem, needed, because, fix };
  const { version } = answer;
  if (compareVersions(version, pins.oldest) < 0)
    return { name, verdict: 'fail', found: version, needed, because, fix };
  if (!isKnown(version, pins.newest))
    return { name, verdict: 'warn', found: `${version}, newer than what was tried`, needed, because };
  return { name, verdict: 'ok', found: version, needed, because };
}

function rootRow({ root }: Findings): DoctorRow {
  const right = typeof root !== 'string';
  return {
    name: 'root’s rights',
    verdict: right ? 'ok' : 'fail',
    found: right ? root.how : root,
    needed: 'root, or the group clab_admins, or sudo without a password',
    because: 'containerlab makes network devices; its members are as good as root',
    ...(!right && { fix: 'sudo usermod -aG clab_admins $USER, then log in again' }),
  };
}
