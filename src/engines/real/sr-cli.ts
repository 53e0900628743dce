import { ConfigSession, type SessionOutput, statePathOf } from '../../lab/files/switch/config-session.ts';
import type { ConfigTree } from '../../lab/files/switch/config-tree.ts';
import { readSrCliWords } from '../../lab/files/switch/sr-cli-words.ts';
import { containerOf, type SwitchNode } from '../../lab/lab.ts';
import { frrQuestion } from './frr-question.ts';
import type { SwitchEdits } from './switch-edits.ts';
import { complain, type Typed } from './typed-line.ts';

export type SrCliContext = Typed & {
  readonly edits: SwitchEdits;
  /** Why nothing may be changed from here; undefined: it may. */
  readonly heldBy?: string | undefined;
  /** Another program on the same switch. */
  readonly program: (words: readonly string[]) => Promise<number>;
};

/**
 * sr_cli is SR Linux's. What it shows has an answer from FRR: the note says how FRR is asked, and the answer follows.
 * What it configures is SR Linux's, too, and becomes FRR's when it is committed.
 */
export async function srCli(
  node: SwitchNode,
  words: readonly string[],
  context: SrCliContext,
): Promise<number> {
  const { candidate, commit, unknown, lines } = readSrCliWords(words);
  if (unknown !== undefined)
    return complain(
      context,
      `sr_cli: unknown option ${unknown}; -d, -e, -c, --candidate-mode, --commit-at-end are known`,
      2,
    );
  const output: SessionOutput = {
    out: text => context.print({ stream: 'stdout', text: `${text}\n` }),
    err: text => context.print({ stream: 'stderr', text: `${text}\n` }),
  };
  const { tree } = await context.edits.running(node);
  const visit = { node, context, running: tree };
  const session = new ConfigSession(node.name, () => visit.running, output);
  const typed = [...(candidate ? ['enter candidate'] : []), ...lines, ...(commit ? ['commit now'] : [])];
  for (const line of typed) {
    const code = await type(line, session, visit);
    if (code !== 0) return code;
    if (context.signal?.aborted === true) return 130;
  }
  session.leave();
  return 0;
}

type Visit = { readonly node: SwitchNode; readonly context: SrCliContext; running: ConfigTree };

async function type(line: string, session: ConfigSession, visit: Visit): Promise<number> {
  const { node, context } = visit;
  const probe = /^(ping|traceroute)\b/.test(line);
  if (probe) return context.program(probeWords(line));
  if (line.startsWith('show ') || statePathOf(line) !== undefined) return ask(line, node, context);
  const [command = '', modifier] = line.split('|').map(part => part.trim());
  if (modifier !== undefined && modifier !== 'as json')
    return complain(context, `sr_cli: "| ${modifier}" is not answered here; put the | behind sr_cli "…"`, 1);
  const result = session.type(command, modifier === undefined ? 'text' : 'json');
  if (typeof result === 'boolean') return result ? 0 : 1;
  const refusal = context.heldBy ?? (await context.edits.commit(node.name, result));
  if (refusal === undefined) {
    visit.running = result.tree;
    session.committed(result.mode);
  } else session.failed(refusal);
  return refusal === undefined ? 0 : 1;
}

async function ask(line: string, node: SwitchNode, context: SrCliContext): Promise<number> {
  const equivalent = frrQuestion(line);
  if (equivalent === undefined)
    return complain(
      context,
      `sr_cli: this switch runs FRR, not SR Linux, and "${line}" has no counterpart there. Ask FRR: docker exec ${containerOf(node)} vtysh -c "show …".`,
      1,
    );
  context.print({
    stream: 'stdout',
    text: `# This switch runs FRR, not SR Linux. The same question there: vtysh -c "${equivalent}"\n`,
  });
  return context.program(['vtysh', '-c', equivalent]);
}

/** SR Linux names the instance as a word of its own: "ping 10.1.4.1 network-instance kube-ipvrf -c 3". */
function probeWords(line: string): string[] {
  const words = line.split(/\s+/);
  const at = words.indexOf('network-instance');
  if (at < 0) return words;
  const [, instance = 'default'] = words.splice(at, 2);
  return instance === 'default' ? words : ['ip', 'vrf', 'exec', instance, ...words];
}
