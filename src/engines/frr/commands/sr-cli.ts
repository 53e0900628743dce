import { ConfigSession, type SessionOutput, statePathOf } from '../../../lab/files/switch/config-session.ts';
import { readSrCliWords } from '../../../lab/files/switch/sr-cli-words.ts';
import { type SwitchNode, switchesOf } from '../../../lab/lab.ts';
import { frrQuestion } from '../../real/frr-question.ts';
import { complain, NOT_FOUND } from '../../real/typed-line.ts';
import type { Running } from '../running.ts';
import type { CommandContext } from './context.ts';
import { onHost } from './on-host.ts';

/**
 * sr_cli is SR Linux's. What it shows has an answer from FRR: the note says how FRR is asked, and the answer follows.
 * What it configures is SR Linux's, too, and becomes FRR's when it is committed.
 */
export async function srCli(
  name: string,
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { running, lab } = context;
  const node = switchesOf(lab).find(each => each.name === name);
  if (running === undefined || node === undefined)
    return complain(context, 'sr_cli: command not found (this is no switch)', NOT_FOUND);
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
  const session = new ConfigSession(name, () => running.edits.running(node).tree, output);
  const typed = [...(candidate ? ['enter candidate'] : []), ...lines, ...(commit ? ['commit now'] : [])];
  for (const line of typed) {
    const code = await type(line, { session, node, running, context });
    if (code !== 0) return code;
    if (context.signal?.aborted === true) return 130;
  }
  session.leave();
  return 0;
}

type Visit = {
  readonly session: ConfigSession;
  readonly node: SwitchNode;
  readonly running: Running;
  readonly context: CommandContext;
};

async function type(line: string, { session, node, running, context }: Visit): Promise<number> {
  const probe = /^(ping|traceroute)\b/.test(line);
  if (probe || line.startsWith('show ') || statePathOf(line) !== undefined) {
    if (probe) return onHost(node.name, probeWords(line), context);
    return ask(line, node.name, context);
  }
  const [command = '', modifier] = line.split('|').map(part => part.trim());
  if (modifier !== undefined && modifier !== 'as json')
    return complain(context, `sr_cli: "| ${modifier}" is not answered here; put the | behind sr_cli "…"`, 1);
  const result = session.type(command, modifier === undefined ? 'text' : 'json');
  if (typeof result === 'boolean') return result ? 0 : 1;
  const refusal = await running.edits.commit(node.name, result);
  if (refusal === undefined) session.committed(result.mode);
  else session.failed(refusal);
  return refusal === undefined ? 0 : 1;
}

async function ask(line: string, node: string, context: CommandContext): Promise<number> {
  const equivalent = frrQuestion(line);
  if (equivalent === undefined)
    return complain(
      context,
      `sr_cli: this lab runs FRR, not SR Linux, and "${line}" has no counterpart there. Ask FRR: docker exec ${node} vtysh -c "show …".`,
      1,
    );
  context.print({
    stream: 'stdout',
    text: `# This lab runs FRR, not SR Linux. The same question there: vtysh -c "${equivalent}"\n`,
  });
  return onHost(node, ['vtysh', '-c', equivalent], context);
}

/** SR Linux names the instance as a word of its own: "ping 10.1.4.1 network-instance kube-ipvrf -c 3". */
function probeWords(line: string): string[] {
  const words = line.split(/\s+/);
  const at = words.indexOf('network-instance');
  if (at < 0) return words;
  const [, instance = 'default'] = words.splice(at, 2);
  return instance === 'default' ? words : ['ip', 'vrf', 'exec', instance, ...words];
}
