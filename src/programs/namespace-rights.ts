import { unshareArgv } from './namespaces.ts';
import { lastLines, runProgram } from './run-program.ts';

/** Who may make namespaces with links in them on this machine. */
export type NamespaceRights =
  | { readonly outcome: 'everybody' }
  | { readonly outcome: 'root-only' }
  | { readonly outcome: 'nobody'; readonly because: string; readonly fix: string };

const FIX =
  'sudo sysctl kernel.unprivileged_userns_clone=1 (Debian) or kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), and user.max_user_namespaces above 0; in Docker: --security-opt seccomp=unconfined';

/** Makes some and looks: what forbids them differs from one distribution to the next. */
export async function namespaceRights(): Promise<NamespaceRights> {
  const inside = [
    '-c',
    'ip link add name one type veth peer name two && ip link add name tunnel type vxlan id 1 local 127.0.0.1 dstport 4789',
  ];
  const own = await runProgram([...unshareArgv({ userNamespace: true }), ...inside]);
  if (own.exitCode === 0) return { outcome: 'everybody' };
  if (process.getuid?.() === 0) {
    const root = await runProgram([...unshareArgv({ userNamespace: false }), ...inside]);
    if (root.exitCode === 0) return { outcome: 'root-only' };
  }
  const because = own.problem ?? (lastLines(own, 1) || `exit code ${own.exitCode}`);
  return { outcome: 'nobody', because, fix: FIX };
}
