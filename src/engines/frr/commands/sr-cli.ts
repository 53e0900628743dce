import { frrQuestion } from '../../real/frr-question.ts';
import { type CommandContext, complain } from './context.ts';
import { onHost } from './on-host.ts';

/** sr_cli is SR Linux's. What it is asked has an answer from FRR: the note says how FRR is asked, and the answer follows. */
export async function srCli(
  node: string,
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  const text = words.filter(word => !word.startsWith('-')).join(' ');
  const equivalent = frrQuestion(text);
  if (equivalent === undefined)
    return complain(
      context,
      `sr_cli: this lab runs FRR, not SR Linux. Ask it with: docker exec ${node} vtysh -c "…"; its configuration is shown by vtysh -c "show running-config", changed by vtysh -c "configure terminal" -c "…".`,
      1,
    );
  context.print({
    stream: 'stdout',
    text: `# This lab runs FRR, not SR Linux. The same question there: vtysh -c "${equivalent}"\n`,
  });
  return onHost(node, ['vtysh', '-c', equivalent], context);
}
