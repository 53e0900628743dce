import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every model that defines a statement which the lab understands. */
const modules = [
  'srl_nokia-features',
  'srl_nokia-common',
  'srl_nokia-interfaces',
  'srl_nokia-if-ip',
  'srl_nokia-interfaces-nbr',
  'srl_nokia-interfaces-nbr-evpn',
  'srl_nokia-interfaces-vlans',
  'srl_nokia-network-instance',
  'srl_nokia-bgp',
  'srl_nokia-bgp-evpn',
  'srl_nokia-bgp-vpn',
  'srl_nokia-routing-policy',
  'srl_nokia-policy-types',
  'srl_nokia-bfd',
  'srl_nokia-tunnel-interfaces',
  'srl_nokia-static-routes',
  'srl_nokia-next-hop-groups',
  'srl_nokia-system',
  'srl_nokia-load-balancing',
];

/**
 * Features of other hardware. The models mark nearly every statement with the platforms that have it; with all features at once some
 * contradict each other, and with none most is missing. What remains is a 7220 IXR-D3L (Trident 3).
 */
const otherHardware =
  /^(fpcx|future-.*|ixr-dnx|jericho.*|qumran.*|tomahawk.*|trident4|platform-(72(?!20-d3$).*|77.*|s96.*|sse.*|crimson|imgmt|vsrl))$/;

/** State that the lab reads of a switch is defined in these. */
const stateModules = [
  'srl_nokia-rib-bgp',
  'srl_nokia-ip-route-tables',
  'srl_nokia-bridge-table',
  'srl_nokia-bridge-table-mac-table',
];

/** Nokia's published models in a folder, and yanglint to hold JSON of RFC 7951 against them. `close` removes what was made of them. */
export class YangModels {
  private readonly folder: string;
  private readonly work: string;
  private readonly published: readonly string[];
  private ownCopy: readonly string[] | undefined;
  private files = 0;

  constructor(folder: string) {
    this.folder = folder;
    this.work = mkdtempSync(join(tmpdir(), 'yang-proof-'));
    this.published = modelsIn(folder);
  }

  /** Complaints about a configuration: names, types and structure, by the models as they are published. */
  namesAndTypes(config: unknown): string[] {
    return this.yanglint('edit', this.published, config);
  }

  /** Complaints about its references and conditions too, by the adapted copy. */
  conditions(config: unknown): string[] {
    this.ownCopy ??= modelsIn(adaptedCopy(this.folder, join(this.work, 'models')));
    return this.yanglint('config', this.ownCopy, config);
  }

  /** Complaints about state as a switch answers it. */
  state(answer: unknown): string[] {
    const modules = stateModules.map(module => pathOf(this.folder, module));
    return this.yanglint('get', [...this.published, ...modules], answer);
  }

  close(): void {
    rmSync(this.work, { recursive: true, force: true });
  }

  private yanglint(type: 'edit' | 'config' | 'get', models: readonly string[], value: unknown): string[] {
    const json = join(this.work, `${++this.files}.json`);
    writeFileSync(json, JSON.stringify(value, null, 2));
    const { status, stderr, error } = spawnSync('yanglint', ['-t', type, ...models, json], {
      encoding: 'utf8',
    });
    if (status === 0) return [];
    const complaints = (stderr ?? '')
      .split('\n')
      .filter(line => line.startsWith('libyang err') || line.startsWith('YANGLINT[E]'));
    return complaints.length > 0 ? [...new Set(complaints)] : [error?.message ?? `exit code ${status}`];
  }
}

/** yanglint's arguments for a folder of models. */
function modelsIn(folder: string): string[] {
  return [
    ...foldersBelow(folder).flatMap(path => ['-p', path]),
    '-F',
    `srl_nokia-features:${[...featuresOf(folder)].join(',')}`,
    ...modules.map(module => pathOf(folder, module)),
  ];
}

/**
 * The models' conditions are written for Nokia's own reader. In plain XPath `../type != 'bridged'` fails when there is no type, so that no
 * loopback could have an address, and `'bridged'` without its module's prefix equals nothing. The copy says `not(../type = 'bridged')`
 * and accepts both spellings of an identity. A leaf with a condition loses its default, since a switch does not hold
 * conditions against values that nobody set; and a condition of other hardware is left out.
 */
function adaptedCopy(folder: string, to: string): string {
  mkdirSync(to);
  const texts = new Map<string, string>();
  for (const path of foldersBelow(folder))
    for (const name of readdirSync(path).filter(entry => entry.endsWith('.yang')))
      texts.set(name, readFileSync(join(path, name), 'utf8'));
  const identities = new Map<string, string[]>();
  for (const [name, text] of texts)
    for (const [, identity = ''] of text.matchAll(/^\s*identity ([\w.-]+)/gm))
      identities.set(identity, [...(identities.get(identity) ?? []), name.replace(/(@.*)?\.yang$/, '')]);
  const features = featuresOf(folder);
  for (const [name, text] of texts) writeFileSync(join(to, name), adapted(text, identities, features));
  return to;
}

function adapted(
  text: string,
  identities: ReadonlyMap<string, readonly string[]>,
  features: ReadonlySet<string>,
): string {
  const prefixes = new Map<string, string>();
  for (const [, module = '', prefix = ''] of text.matchAll(/import ([\w.-]+) \{[^}]*?prefix "?([\w.-]+)"?;/g))
    prefixes.set(module, prefix);
  const [, own = '', ownPrefix = ''] = /module ([\w.-]+) \{[\s\S]*?prefix "?([\w.-]+)"?;/.exec(text) ?? [];
  prefixes.set(own, ownPrefix);
  let result = text
    .replace(/^( *)leaf [\w.-]+ \{\n[\s\S]*?^\1\}/gm, withoutDoubtfulDefault)
    .replace(/^( *)must (?:'[^']*'|"[^"]*") \{\n[\s\S]*?^\1\}\n/gm, must =>
      isForOtherHardware(must, features) ? '' : must,
    );
  const comparison = /\s*(!?=)\s*(['"])([\w.:/-]*)\2/g;
  for (let match = comparison.exec(result); match !== null; match = comparison.exec(result)) {
    const [whole, sign = '', quote = '', word = ''] = match;
    const start = operandStart(result, match.index);
    const operand = result.slice(start, match.index);
    if (!/^[\w./:*@[\]()=', -]+$/.test(operand)) continue;
    const spellings = [
      word,
      ...(identities.get(word) ?? [])
        .flatMap(module => prefixes.get(module) ?? [])
        .map(prefix => `${prefix}:${word}`),
    ];
    if (sign === '=' && spellings.length === 1) continue;
    const equal = spellings.map(spelling => `${operand} = ${quote}${spelling}${quote}`).join(' or ');
    // yanglint 2.1.30 stumbles over `or` in a predicate.
    const alone = result[start - 1] === '[' && result[match.index + whole.length] === ']';
    const replaced =
      sign !== '=' ? `not(${equal})` : alone ? `${operand} = ${quote}${spellings[1]}${quote}` : `(${equal})`;
    result = result.slice(0, start) + replaced + result.slice(match.index + whole.length);
    comparison.lastIndex = start + replaced.length;
  }
  return result;
}

function isForOtherHardware(must: string, features: ReadonlySet<string>): boolean {
  const condition = /-ext:if-feature "([^"]+)"/.exec(must)?.[1];
  return condition !== undefined && !holds(condition, features);
}

function withoutDoubtfulDefault(leaf: string): string {
  return /^ *must /m.test(leaf) ? leaf.replace(/^ *default "?false"?;\n/m, '') : leaf;
}

/** Where the path that ends at `end` begins: back to a blank, quote or opening bracket that is not inside its own brackets. */
function operandStart(text: string, end: number): number {
  let depth = 0;
  let start = end;
  while (start > 0) {
    const char = text[start - 1] ?? '';
    if (char === ']' || char === ')') depth++;
    if (depth === 0 && /[\s"([]/.test(char)) break;
    if (char === '[' || char === '(') depth--;
    start--;
  }
  return start;
}

/** Every feature that this hardware has and whose own conditions hold. */
function featuresOf(models: string): ReadonlySet<string> {
  const text = readFileSync(pathOf(models, 'srl_nokia-features'), 'utf8');
  const conditions = new Map<string, string[]>();
  for (const [, name = '', body = ''] of text.matchAll(
    /^ {2}feature ([\w.-]+)(?:;| \{([\s\S]*?)^ {2}\})/gm,
  )) {
    if (!otherHardware.test(name))
      conditions.set(
        name,
        [...body.matchAll(/if-feature "?([^";]+)"?;/g)].map(match => match[1] ?? ''),
      );
  }
  const enabled = new Set(conditions.keys());
  for (let before = -1; before !== enabled.size; ) {
    before = enabled.size;
    for (const name of [...enabled])
      if (!conditions.get(name)?.every(condition => holds(condition, enabled))) enabled.delete(name);
  }
  return enabled;
}

/** An if-feature expression (RFC 7950 section 7.20.2): names with `not`, `and`, `or` and brackets, weakest last. */
function holds(expression: string, enabled: ReadonlySet<string>): boolean {
  const tokens = expression.match(/[()]|[\w.:-]+/g) ?? [];
  const any = (): boolean => {
    let value = all();
    while (tokens[0] === 'or') {
      tokens.shift();
      value = all() || value;
    }
    return value;
  };
  const all = (): boolean => {
    let value = one();
    while (tokens[0] === 'and') {
      tokens.shift();
      value = one() && value;
    }
    return value;
  };
  const one = (): boolean => {
    const token = tokens.shift() ?? '';
    if (token === 'not') return !one();
    if (token !== '(') return enabled.has(token.slice(token.indexOf(':') + 1));
    const value = any();
    tokens.shift();
    return value;
  };
  return any();
}

function foldersBelow(folder: string): string[] {
  const below = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory());
  return [folder, ...below.flatMap(entry => foldersBelow(join(folder, entry.name)))].filter(
    path => !path.includes('openconfig'),
  );
}

function pathOf(models: string, module: string): string {
  for (const folder of foldersBelow(models)) {
    const name = readdirSync(folder).find(entry => entry === `${module}.yang`);
    if (name !== undefined) return join(folder, name);
  }
  throw new Error(`there is no ${module}.yang below ${models}`);
}
