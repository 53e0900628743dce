import { posix } from 'node:path';
import { type Layer, layers } from '../layers.ts';

/** A source file: its path below src/ with forward slashes, and its text. */
export type SourceFile = { readonly path: string; readonly text: string };

/** Every way a file breaks the layer table, as a sentence that ends in the rule's reason. */
export function layerViolations(file: SourceFile): string[] {
  const layer = layerOf(file.path);
  if (layer === undefined) {
    return [`${file.path} lives in no layer. Give its folder a row in src/layers.ts, or move it.`];
  }
  // Tests stand beside the code they test and may use whatever they need.
  if (isTest(file.path)) return [];
  return [
    ...importsOf(file.text).flatMap(wanted => importViolation(file.path, layer, wanted)),
    ...forbiddenWords(file, layer),
  ];
}

export function layerOf(path: string): Layer | undefined {
  if (!path.includes('/')) return layers.find(layer => layer.folder === '');
  return layers
    .filter(layer => layer.folder !== '' && path.startsWith(`${layer.folder}/`))
    .sort((one, other) => other.folder.length - one.folder.length)[0];
}

function importViolation(path: string, layer: Layer, wanted: string): string[] {
  if (!wanted.startsWith('.')) {
    const name = packageName(wanted);
    if (layer.packages === 'any' || layer.packages.includes(name)) return [];
    return [`${path} imports ${name}, which ${layer.folder}/ may not. ${layer.because}`];
  }
  const target = posix.join(posix.dirname(path), wanted);
  const owner = layerOf(target);
  if (owner === undefined) return [`${path} imports ${target}, which lives in no layer.`];
  const allowed = owner === layer || layer.mayImport.includes('*') || layer.mayImport.includes(owner.folder);
  if (allowed && !isTest(target)) return [];
  const reason = layer.mayImport.length === 0 || !forTestsOnly(owner) ? layer.because : owner.because;
  return [`${path} imports ${target}, but ${name(layer)} may not import ${name(owner)}. ${reason}`];
}

const pure = ['net', 'bgp', 'kube', 'lab', 'lab/files', 'course', 'tutor', 'engines/embedded'];
const withoutPromises = ['net', 'bgp', 'kube', 'lab/files', 'course', 'tutor'];
const impure: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\./, 'the clock'],
  [/\bMath\.random\b|\bcrypto\b/, 'chance'],
  [/\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/, 'a timer'],
  [
    /\bprocess\.(env|stdin|stdout|stderr|exit|argv|cwd|hrtime|nextTick|memoryUsage|platform)\b|\bconsole\.|\bfetch\(/,
    'the world outside',
  ],
];

function forbiddenWords(file: SourceFile, layer: Layer): string[] {
  if (!pure.includes(layer.folder)) return [];
  const code = withoutCommentsAndStrings(file.text);
  const found = impure.filter(([pattern]) => pattern.test(code)).map(([, what]) => what);
  if (withoutPromises.includes(layer.folder) && /\b(async|await)\b/.test(code)) found.push('waiting');
  return found.map(what => `${file.path} uses ${what}. ${layer.because}`);
}

function importsOf(text: string): string[] {
  const statements =
    /^\s*(?:import|export)\s(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...text.matchAll(statements)].map(match => match[1] ?? match[2] ?? '');
}

function withoutCommentsAndStrings(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, skipped =>
    skipped.startsWith('/') ? ' ' : "''",
  );
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function forTestsOnly(layer: Layer): boolean {
  return layer.mayImport.includes('*');
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

function name(layer: Layer): string {
  return layer.folder === '' ? 'the top of src/' : `${layer.folder}/`;
}
