import { ConfigSession, statePathOf } from '../../../../lab/files/switch/config-session.ts';
import type { SwitchNode } from '../../../../lab/lab.ts';
import type { Terminal } from '../command.ts';
import { filters } from '../shell/filters.ts';
import { ping, traceroute } from './probe-commands.ts';
import { rememberTree, runningTree } from './running-tree.ts';
import { show } from './show.ts';
import { infoFromState } from './state.ts';
import { tools } from './tools.ts';
import { View } from './view.ts';

/** One visit to a switch's prompt: questions are answered here, the configuration's lines by its `ConfigSession`. */
export class Session {
  private readonly terminal: Terminal;
  private readonly node: SwitchNode;
  private readonly config: ConfigSession;

  constructor(terminal: Terminal, node: SwitchNode) {
    this.terminal = terminal;
    this.node = node;
    this.config = new ConfigSession(node.name, () => runningTree(terminal.context.lab, node), terminal);
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

  /** Ends the visit. */
  leave(): boolean {
    this.config.leave();
    return true;
  }

  private async execute(line: string, form: 'text' | 'json', terminal = this.terminal): Promise<boolean> {
    const [verb = '', ...words] = line.split(/\s+/);
    switch (verb) {
      case 'show':
        return show(terminal, this.node, words, form);
      case 'tools':
        return tools(new View(terminal, this.node, form), words.filter(Boolean));
      case 'ping':
        return ping(terminal, this.node.name, words);
      case 'traceroute':
        return traceroute(terminal, this.node.name, words);
      case 'help':
      case '?':
        for (const text of HELP) terminal.out(text);
        return true;
    }
    const state = statePathOf(line);
    if (state !== undefined) return infoFromState(terminal, this.node, state, form);
    const result = this.config.type(line, form, terminal);
    if (typeof result === 'boolean') return result;
    const { lab } = this.terminal.context;
    if (lab.applyConfig(this.node.name, result.config, result.lines) === undefined)
      return this.config.failed(`${this.node.name} is not running`);
    rememberTree(lab, this.node, result.tree);
    return this.config.committed(result.mode);
  }

  private refuse(because: string): false {
    this.terminal.err(because);
    return false;
  }
}

/** Splits at bars outside quotes. */
function splitPipes(line: string): string[] {
  return line.match(/(?:"[^"]*"|[^|"])+/g) ?? [''];
}

const HELP = [
  'show version | interface | network-instance | bfd | arpnd | tunnel | tunnel-interface | routing-policy | system lldp neighbor',
  'show network-instance <name|*> protocols bgp neighbor [<address> received-routes|advertised-routes ipv4|evpn]',
  'show network-instance <name|*> protocols bgp routes ipv4 summary | routes evpn route-type 2|3|5 summary',
  'show network-instance <name|*> route-table ipv4-unicast summary | prefix <prefix> detail | next-hop | next-hop-group',
  'show … ?      what may stand there',
  'tools network-instance <name> protocols bgp neighbor <address> reset-peer | soft-clear',
  'info [flat] [from running|candidate|state] [<path>]      … | as json, … | grep <text>',
  'enter candidate, set / …, delete / …, diff, commit now|stay|validate, discard now',
  'ping <address> network-instance <name> [-c <count>], traceroute <address> network-instance <name>',
];
