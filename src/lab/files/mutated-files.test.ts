import fc from 'fast-check';
import { expect, test } from 'vitest';
import { talkFiles } from '../../test-support/talk-lab.ts';
import { type FileError, formatFileError } from '../lab-error.ts';
import { readManifests } from './manifests.ts';
import { readLab } from './read-lab.ts';
import { diffLines } from './switch/diff-config.ts';
import { parseSwitchConfig } from './switch/parse-switch-config.ts';
import { flatLines, infoLines } from './switch/render-config.ts';

const files = talkFiles();
const leaf = files.get('fabric/LEAF-DC-1.cfg') ?? '';
const configurations = [...files.keys()].filter(path => path.endsWith('.cfg'));
const manifests = [...files.keys()].filter(path => /^(app|metallb)\//.test(path));

/** What a person's hand, a bad disk or a merge does to a file. */
const mutation = fc.oneof(
  fc.record({
    kind: fc.constant('cut' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    size: fc.nat(60),
  }),
  fc.record({
    kind: fc.constant('paste' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    text: fc.string({ maxLength: 20, unit: 'binary' }),
  }),
  fc.record({
    kind: fc.constant('paste' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    text: fc.constantFrom(
      '\n',
      '\t',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ': ',
      '- ',
      '#',
      '|',
      '&a ',
      '*a',
      '!!',
      '\u0000',
      '65536',
      '/ ',
      'set / ',
    ),
  }),
  fc.record({
    kind: fc.constant('double' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    size: fc.nat(200),
  }),
);

type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

function mutate(text: string, mutations: readonly Mutation[]): string {
  let result = text;
  for (const change of mutations) {
    const at = Math.floor(change.at * result.length);
    if (change.kind === 'cut') result = result.slice(0, at) + result.slice(at + change.size);
    else if (change.kind === 'paste') result = result.slice(0, at) + change.text + result.slice(at);
    else result = result.slice(0, at + change.size) + result.slice(at);
  }
  return result;
}

function expectValidPlaces(errors: readonly FileError[], textOf: (file: string) => string | undefined): void {
  for (const error of errors) {
    const lines = (textOf(error.file) ?? '').split(/\r\n|\n|\r/);
    expect(error.line, formatFileError(error)).toBeGreaterThanOrEqual(1);
    expect(error.line, formatFileError(error)).toBeLessThanOrEqual(lines.length);
    expect(error.column, formatFileError(error)).toBeGreaterThanOrEqual(1);
    expect(error.column, formatFileError(error)).toBeLessThanOrEqual(
      (lines[error.line - 1]?.length ?? 0) + 1,
    );
    expect(error.message).not.toBe('');
  }
}

const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });

test('a damaged switch configuration is read or refused at places that exist', () => {
  fc.assert(
    fc.property(fc.constantFrom(...configurations), mutations, (path, changes) => {
      const text = mutate(files.get(path) ?? '', changes);
      expectValidPlaces(parseSwitchConfig(text, path).diagnostics, () => text);
    }),
    { numRuns: 200 },
  );
});

test('what was read from a damaged configuration survives being printed and read again', () => {
  fc.assert(
    fc.property(mutations, changes => {
      const { tree } = parseSwitchConfig(mutate(leaf, changes), 'a.cfg');
      for (const printed of [flatLines(tree), infoLines(tree)])
        expect(diffLines(tree, parseSwitchConfig(printed.join('\n'), 'a.cfg').tree)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('a damaged manifest is read or refused at places that exist', () => {
  fc.assert(
    fc.property(fc.constantFrom(...manifests), mutations, (path, changes) => {
      const text = mutate(files.get(path) ?? '', changes);
      expectValidPlaces(readManifests(text, path).diagnostics, () => text);
    }),
    { numRuns: 100 },
  );
});

test('a lab with one damaged file is a lab or a list of errors, never a crash', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('srklab.yml', 'topo.yml', 'kind/datacenter.yaml'),
      mutations,
      (path, changes) => {
        const damaged = new Map(files).set(path, mutate(files.get(path) ?? '', changes));
        const reading = readLab('srklab.yml', asked => damaged.get(asked) ?? { problem: 'missing' });
        const errors = reading.outcome === 'refused' ? reading.errors : [];
        if (reading.outcome === 'refused') expect(errors.length).toBeGreaterThan(0);
        expectValidPlaces([...errors, ...reading.warnings], file => damaged.get(file));
      },
    ),
    { numRuns: 60 },
  );
});
