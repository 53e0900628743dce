// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell's variables
import { describe, expect, it } from 'vitest';
import { unrolled } from './loops.ts';

describe('a loop in one line', () => {
  it.each([
    ['for i in 1 2 3; do echo $i; done', 'echo 1; echo 2; echo 3'],
    [
      'for i in $(seq 2 4); do echo "n=${i}"; sleep 1; done',
      'echo "n=2"; sleep 1; echo "n=3"; sleep 1; echo "n=4"; sleep 1',
    ],
    [
      'for i in {1..2}; do echo $i | grep 1; done && echo end',
      'echo 1 | grep 1; echo 2 | grep 1 && echo end',
    ],
    ["for n in a b; do echo '$n' $n; done", "echo '$n' a; echo '$n' b"],
    ['for a in 1 2; do for b in x y; do echo $a$b; done; done', 'echo 1x; echo 1y; echo 2x; echo 2y'],
    ['date; for i in 1; do echo $i; done; date', 'date; echo 1; date'],
    ['for i in $(seq 0); do echo $i; done', 'true'],
    ['for i in 1 2\ndo\n  echo $i\ndone', 'echo 1; echo 2'],
    ['echo "for i in 1; do x; done"', 'echo "for i in 1; do x; done"'],
    [
      "kubectl get pods -o jsonpath='{.items[*]}' | grep 'a$'",
      "kubectl get pods -o jsonpath='{.items[*]}' | grep 'a$'",
    ],
  ])('%s', (line, commands) => {
    expect(unrolled(line)).toBe(commands);
  });

  it.each([
    ['while true; do curl x; done', '"while" needs a real shell; what works here: for i in $(seq 1 5)'],
    ['if true; then echo x; fi', '"if" needs a real shell'],
    ['for i in 1 2', 'a loop is written in one line'],
    ['for i in $(seq 1 5000); do x; done', 'more than 1000 rounds'],
    ['kubectl delete pod $(kubectl get pods -o name)', '$(…) needs a real shell'],
    ['echo `date`', '$(…) needs a real shell'],
    ['echo $HOME', 'there is no variable HOME here'],
    ['sleep 5 &', 'nothing runs in the background here'],
  ])('%s is one clear sentence', (line, because) => {
    expect(() => unrolled(line)).toThrow(because);
  });

  it('leaves && and 2>&1 alone', () => {
    expect(unrolled('a && b 2>&1')).toBe('a && b 2>&1');
  });
});
