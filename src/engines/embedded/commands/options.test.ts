import { describe, expect, it } from 'vitest';
import { flag, readOptions, valued } from './options.ts';

const known = [
  flag('all', 'a'),
  flag('quiet', 'q'),
  valued('format'),
  valued('count', 'c'),
  flag('numeric', 'n'),
  valued('interface', 'i'),
];

function read(line: string, untilWord = false) {
  const reading = readOptions(line.split(' '), known, { untilWord });
  if (reading.outcome === 'refused') return reading.because;
  const { options } = reading;
  const set = known.map(({ name }) => name).filter(name => options.has(name));
  return [...set.map(name => `${name}=${options.value(name)}`), ...options.words].join(' ');
}

describe('the options of a program', () => {
  it('are read in every form that getopt and pflag know', () => {
    expect(read('-aq --format json x')).toBe('all=true quiet=true format=json x');
    expect(read('--format=json -c3')).toBe('format=json count=3');
    expect(read('-ni e1-1 -c 5 port bgp')).toBe('count=5 numeric=true interface=e1-1 port bgp');
    expect(read('--all=false x')).toBe('x');
    expect(read('-a -- -q')).toBe('all=true -q');
  });

  it('end at the first word where what follows is that word’s own', () => {
    expect(read('-a node ip -br address', true)).toBe('all=true node ip -br address');
  });

  it('that are not known, or miss their value, are named', () => {
    expect(read('--bogus x')).toBe('unknown flag: --bogus');
    expect(read('-az')).toBe("unknown shorthand flag: 'z' in -az");
    expect(read('--format')).toBe('flag needs an argument: --format');
    expect(read('-c')).toBe("flag needs an argument: 'c' in -c");
  });
});
