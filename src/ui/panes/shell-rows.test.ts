import { describe, expect, it } from 'vitest';
import type { ShellBlock } from '../../tutor/shell.ts';
import { lineText } from '../cells/line.ts';
import { outputLines, shellRows } from './shell-rows.ts';

function block(text: string, more: Partial<ShellBlock> = {}): ShellBlock {
  const output = [{ stream: 'stdout', text } as const];
  return {
    id: 1,
    commandLine: 'kubectl get service',
    by: 'learner',
    output,
    cut: false,
    exitCode: 0,
    ...more,
  };
}

const table = ['NAME       TYPE           EXTERNAL-IP', 'hello-lb   LoadBalancer   10.254.254.240', ''].join(
  '\n',
);

describe('output of commands', () => {
  it('stays as it was printed where there is room', () => {
    expect(outputLines(block(table), 60).map(lineText)).toEqual(table.trimEnd().split('\n'));
  });

  it('loses blanks between columns before it loses columns', () => {
    expect(outputLines(block(table), 38).map(lineText)).toEqual([
      'NAME      TYPE          EXTERNAL-IP',
      'hello-lb  LoadBalancer  10.254.254.240',
    ]);
    expect(outputLines(block(table), 30).map(lineText)).toEqual([
      'NAME      TYPE          EXTER…',
      'hello-lb  LoadBalancer  10.25…',
    ]);
  });

  it('wraps sentences', () => {
    expect(outputLines(block('It knows docker, kind and curl.\n'), 20).map(lineText)).toEqual([
      'It knows docker,',
      'kind and curl.',
    ]);
  });

  it('does nothing that would move the cursor', () => {
    const text = '\x1b[31mred\x1b[0m\ttab\rover\x07\n';
    expect(outputLines(block(text), 40).map(lineText)).toEqual(['over']);
  });

  it('puts chunks together that were cut in the middle of a line', () => {
    const output = [
      { stream: 'stdout', text: 'hel' },
      { stream: 'stdout', text: 'lo\n' },
    ] as const;
    expect(outputLines(block('', { output }), 40).map(lineText)).toEqual(['hello']);
  });

  it('tells a command that failed, and one that still runs', () => {
    const rows = shellRows([block('', { exitCode: 127 }), { ...block(''), id: 2 }], 60);
    expect(lineText(rows[0]?.line ?? [])).toBe('▸ kubectl get service  ✘ exit code 127');
  });
});
