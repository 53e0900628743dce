import type { SwitchNode } from '../../../../lab/lab.ts';
import type { Terminal } from '../command.ts';
import { View } from './view.ts';

/** `info from state …` for the paths that people script: BGP neighbours and interfaces. */
export function infoFromState(
  terminal: Terminal,
  node: SwitchNode,
  path: string,
  form: 'text' | 'json',
): boolean {
  const view = new View(terminal, node, form);
  const neighbor =
    /^\/?\s*network-instance (\S+) protocols bgp neighbor (\S+)(?: (session-state|peer-as|last-state))?$/.exec(
      path,
    );
  if (neighbor !== null) {
    const [, instance = '', peer = '', leaf] = neighbor;
    const rows = (view.rows({ name: 'sessions', node: node.name }) ?? []).filter(
      row => row.instance === instance && (peer === '*' || row.peer === peer),
    );
    if (rows.length === 0)
      return view.refuse(`Error: there is no neighbor ${peer} in network-instance "${instance}"`);
    return print(
      view,
      form,
      rows.map(row => ({
        at: `network-instance ${instance} protocols bgp neighbor ${row.peer}`,
        leaves: pick(
          { 'session-state': row.state, 'peer-as': `${row.peerAs}`, 'peer-group': row.group ?? '' },
          leaf,
        ),
      })),
    );
  }
  const port = /^\/?\s*interface (\S+)(?: (oper-state|admin-state|oper-down-reason))?$/.exec(path);
  if (port !== null) {
    const [, name = '', leaf] = port;
    const rows = (view.rows({ name: 'interfaces', node: node.name }) ?? []).filter(
      row => name === '*' || row.name === name || row.name.startsWith(`${name}.`),
    );
    if (rows.length === 0) return view.refuse(`Error: there is no interface ${name}`);
    return print(
      view,
      form,
      rows.map(row => ({
        at: `interface ${row.name}`,
        leaves: pick(
          {
            'admin-state': row.adminState,
            'oper-state': row.operState,
            'oper-down-reason': row.operDownReason ?? '',
          },
          leaf,
        ),
      })),
    );
  }
  return view.refuse(
    'Error: the embedded lab answers "info from state" for "network-instance <name> protocols bgp neighbor <address>" and "interface <name>"; use show for the rest',
  );
}

type StateEntry = { readonly at: string; readonly leaves: readonly (readonly [string, string])[] };

function pick(all: Readonly<Record<string, string>>, leaf: string | undefined): [string, string][] {
  return Object.entries(all).filter(([name, value]) => value !== '' && (leaf === undefined || name === leaf));
}

function print(view: View, form: 'text' | 'json', entries: readonly StateEntry[]): true {
  if (form === 'json') {
    const objects = Object.fromEntries(entries.map(({ at, leaves }) => [at, Object.fromEntries(leaves)]));
    return view.lines([JSON.stringify(objects, undefined, 2)]);
  }
  return view.lines(
    entries.flatMap(({ at, leaves }) => [
      `    ${at} {`,
      ...leaves.map(([name, value]) => `        ${name} ${value}`),
      '    }',
    ]),
  );
}
