import type { ConfigTree, Step } from '../../../../lab/files/switch/config-tree.ts';
import { diffInfoLines, diffLines } from '../../../../lab/files/switch/diff-config.ts';
import { editConfig, resolvePath } from '../../../../lab/files/switch/edit-config.ts';
import { flatLines, infoJson, infoLines } from '../../../../lab/files/switch/render-config.ts';
import { rootPath } from '../../../../lab/files/switch/select-path.ts';
import { toSwitchConfig } from '../../../../lab/files/switch/to-switch-config.ts';
import type { SwitchNode } from '../../../../lab/lab.ts';
import type { Terminal } from '../command.ts';
import { filters } from '../shell/filters.ts';
import { ping, traceroute } from './probe-commands.ts';
import { rememberTree, runningTree } from './running-tree.ts';
import { show } from './show.ts';
import { infoFromState } from './state.ts';

/** One visit to a switch's prompt: its mode, its place in the tree, its private candidate. */
export class Session {
  private readonly terminal: Terminal;
  private readonly node: SwitchNode;
  private candidate: ConfigTree | undefined;
  private place: readonly Step[] = [];

  constructor(terminal: Terminal, node: SwitchNode) {
    this.terminal = terminal;
    this.node = node;
  }

  /** Types one line; false when the switch refused it. */
  async type(line: string): Promise<boolean> {
    const [command = '', ...modifiers] = splitPipes(line);
    if (modifiers.length === 0) return this.execute(command.trim(), 'text');
    const form = modifiers[0]?.trim() === 'as json' ? 'json' : 'text';
    const rest = form === 'json' ? modifiers.slice(1) : modifiers;
    let lines: string[] = [];
    const caught: Terminal = { ...this.terminal, out: text => lines.push(...text.split('\n')) };
    const ok = await this.execute(command.trim(), form, caught);
    for (const modifier of rest) {
      const [name = '', ...words] = modifier
        .trim()
        .split(/\s+/)
        .map(word => word.replace(/^"(.*)"$/, '$1'));
      if (name === 'as') continue;
      const filter = filters.get(name);
      if (filter === undefined) return this.refuse(`Parsing error: Unknown token '${name}' behind '|'`);
      lines = [...filter(words, lines).lines];
    }
    for (const text of lines) this.terminal.out(text);
    return ok;
  }

  /** Ends the visit. A candidate that was changed and not committed is private and goes away; says so. */
  leave(): boolean {
    if (this.changed) {
      this.terminal.err(
        'The changes of this candidate were not committed and are gone: end with "commit now" or use sr_cli -ec.',
      );
    }
    return true;
  }

  private get running(): ConfigTree {
    return runningTree(this.terminal.context.lab, this.node);
  }

  private get changed(): boolean {
    return this.candidate !== undefined && diffLines(this.running, this.candidate).length > 0;
  }

  private async execute(line: string, form: 'text' | 'json', terminal = this.terminal): Promise<boolean> {
    const [verb = '', ...words] = line.split(/\s+/);
    switch (verb) {
      case '':
        return true;
      case 'show':
        return show(terminal, this.node, words, form);
      case 'info':
        return this.info(words, form, terminal);
      case 'enter':
        return this.enter(words);
      case 'set':
      case 'delete':
      case 'insert':
        return this.edit(line);
      case 'diff':
        return this.diff(words, terminal);
      case 'commit':
        return this.commit(words);
      case 'discard':
        this.candidate = words[0] === 'stay' ? this.running : undefined;
        terminal.out('All changes have been discarded.');
        return true;
      case 'ping':
        return ping(terminal, this.node.name, words);
      case 'traceroute':
        return traceroute(terminal, this.node.name, words);
      case 'quit':
      case 'exit':
      case 'back':
      case '/':
        this.place = verb === 'back' || verb === 'exit' ? this.place.slice(0, -1) : [];
        return true;
      case 'help':
      case '?':
        for (const text of HELP) terminal.out(text);
        return true;
      default:
        return this.goTo(line);
    }
  }

  private enter(words: readonly string[]): boolean {
    if (words[0] === 'candidate') this.candidate ??= this.running;
    else if (words[0] === 'running' || words[0] === 'state') this.candidate = undefined;
    else
      return this.refuse(
        `Parsing error: Unknown token '${words[0] ?? ''}'. Options are ['candidate', 'running', 'state']`,
      );
    return true;
  }

  private edit(line: string): boolean {
    if (this.candidate === undefined) {
      return this.refuse(
        'Error: configuration is changed in candidate mode: "enter candidate" first, or sr_cli -ec "…"',
      );
    }
    const result = editConfig(this.candidate, line, this.place);
    if (result.outcome === 'refused') {
      const hint = result.expected === undefined ? '' : ` (expected: ${result.expected})`;
      this.terminal.err(line);
      this.terminal.err(`${' '.repeat(Math.max(0, result.column - 1))}^`);
      return this.refuse(`Parsing error: ${result.message}${hint}`);
    }
    for (const warning of result.warnings) this.terminal.err(`Warning: ${warning}`);
    this.candidate = result.tree;
    return true;
  }

  private goTo(line: string): boolean {
    const result = resolvePath(line, this.place);
    if (result.outcome === 'refused') {
      return this.candidate === undefined || /^\S+\s+\S+/.test(line) === false
        ? this.refuse(`Parsing error: ${result.message}`)
        : this.edit(`set ${line}`);
    }
    this.place = result.path.steps;
    return true;
  }

  private diff(words: readonly string[], terminal: Terminal): boolean {
    if (this.candidate === undefined)
      return this.refuse('Error: there is no candidate: "enter candidate" first');
    const lines =
      words[0] === 'flat'
        ? diffLines(this.running, this.candidate)
        : diffInfoLines(this.running, this.candidate);
    for (const text of lines) terminal.out(text);
    return true;
  }

  private commit(words: readonly string[]): boolean {
    const { candidate, node } = this;
    if (candidate === undefined) return this.refuse('Error: there is no candidate to commit');
    const mode = words[0] ?? 'stay';
    if (!['now', 'stay', 'validate', 'save'].includes(mode)) {
      return this.refuse(`Parsing error: Unknown token '${mode}'. Options are ['now', 'stay', 'validate']`);
    }
    const { config, diagnostics } = toSwitchConfig(candidate, node.name);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      for (const error of errors) {
        this.terminal.err(
          `Error: ${error.message}${error.expected === undefined ? '' : ` (expected: ${error.expected})`}`,
        );
      }
      return this.refuse('Error: commit failed; nothing was changed');
    }
    if (mode === 'validate') {
      this.terminal.out('All changes have been validated. Leaving candidate unchanged.');
      return true;
    }
    const lines = diffLines(this.running, candidate);
    if (lines.length > 0) {
      const event = this.terminal.context.lab.applyConfig(node.name, config, lines);
      if (event === undefined) return this.refuse(`Error: ${node.name} is not running`);
      rememberTree(this.terminal.context.lab, node, candidate);
    }
    this.terminal.out(
      mode === 'now'
        ? 'All changes have been committed. Leaving candidate mode.'
        : 'All changes have been committed. Starting new transaction.',
    );
    if (mode === 'now') this.candidate = undefined;
    return true;
  }

  private info(words: readonly string[], form: 'text' | 'json', terminal: Terminal): boolean {
    const left = [...words];
    let source = this.candidate === undefined ? 'running' : 'candidate';
    const flat = take(left, 'flat');
    if (take(left, 'from')) source = left.shift() ?? source;
    if (take(left, 'flat') || flat) return this.infoFlat(left, source, terminal);
    const path = left.join(' ');
    if (source === 'state') return infoFromState(terminal, this.node, path, form);
    const tree = this.treeOf(source);
    if (tree === undefined)
      return this.refuse(
        `Parsing error: Unknown datastore '${source}'. Options are ['candidate', 'running', 'state']`,
      );
    const where =
      path === ''
        ? { outcome: 'found' as const, path: { ...rootPath, steps: this.place } }
        : resolvePath(path, this.place);
    if (where.outcome === 'refused') return this.refuse(`Parsing error: ${where.message}`);
    if (form === 'json') terminal.out(JSON.stringify(infoJson(tree, where.path) ?? {}, undefined, 2));
    else for (const text of infoLines(tree, where.path, this.place)) terminal.out(text);
    return true;
  }

  private infoFlat(words: readonly string[], source: string, terminal: Terminal): boolean {
    const tree = this.treeOf(source);
    if (tree === undefined)
      return this.refuse('Error: "info flat" shows the running or the candidate configuration');
    const path = words.join(' ');
    const where = path === '' ? { outcome: 'found' as const, path: rootPath } : resolvePath(path, this.place);
    if (where.outcome === 'refused') return this.refuse(`Parsing error: ${where.message}`);
    for (const text of flatLines(tree, where.path)) terminal.out(text);
    return true;
  }

  private treeOf(source: string): ConfigTree | undefined {
    if (source === 'running') return this.running;
    return source === 'candidate' ? (this.candidate ?? this.running) : undefined;
  }

  private refuse(because: string): false {
    this.terminal.err(because);
    return false;
  }
}

function take(words: string[], word: string): boolean {
  if (words[0] !== word) return false;
  words.shift();
  return true;
}

/** Splits at bars outside quotes. */
function splitPipes(line: string): string[] {
  return line.match(/(?:"[^"]*"|[^|"])+/g) ?? [''];
}

const HELP = [
  'show version | interface | network-instance | bfd | arpnd | tunnel-interface | system lldp neighbor',
  'show network-instance <name> protocols bgp neighbor | routes ipv4 summary | routes evpn route-type 2|3|5 summary',
  'show network-instance <name> route-table ipv4-unicast summary | prefix <prefix> detail',
  'info [flat] [from running|candidate|state] [<path>]      … | as json, … | grep <text>',
  'enter candidate, set / …, delete / …, diff, commit now|stay|validate, discard now',
  'ping <address> network-instance <name> [-c <count>], traceroute <address> network-instance <name>',
];
