import type { InterfaceRow } from '../../../../lab/snapshot.ts';
import type { InterfaceConfig } from '../../../../lab/switch-config.ts';
import { Switch } from '../../switch/switch.ts';
import { ruledTable } from '../text-table.ts';
import type { View } from './view.ts';
import { fits } from './wildcard.ts';

/** A port with its subinterfaces, as `show interface` groups them. */
type PortView = {
  readonly config: InterfaceConfig;
  readonly up: boolean;
  /** Why it is down, in SR Linux's words. */
  readonly reason: string;
  readonly speed: string | undefined;
  readonly subinterfaces: readonly InterfaceRow[];
};

/** `show interface [<name>] [brief|detail]`, or the subinterfaces of one network-instance. Names may hold `*`. */
export function showInterface(view: View, words: readonly string[], instance?: string): boolean {
  const rows = view.rows({ name: 'interfaces', node: view.node.name });
  if (rows === undefined) return view.refuse(`Error: ${view.node.name} is not running`);
  const forms = ['brief', 'detail', 'all'];
  const names = words.filter(word => !forms.includes(word));
  if (names.length > 1 || names[0] === '?')
    return view.unknown(names.at(-1) ?? '', ['<name>', 'brief', 'detail']);
  const [name] = names;
  const ports = portsOf(view, rows)
    .map(port => ({
      ...port,
      subinterfaces: port.subinterfaces.filter(
        row =>
          (instance === undefined || row.instance === instance) &&
          (name === undefined || fits(name, row.name) || fits(name, port.config.name)),
      ),
    }))
    .filter(
      port =>
        port.subinterfaces.length > 0 ||
        (instance === undefined && (name === undefined || fits(name, port.config.name))),
    );
  if (ports.length === 0) {
    const known = portsOf(view, rows).map(({ config }) => config.name);
    return name === undefined
      ? view.lines([])
      : view.refuse(`Error: there is no interface '${name}'; configured are ${known.join(', ')}`);
  }
  if (words.includes('brief')) return brief(view, ports);
  if (words.includes('detail')) return view.lines(ports.flatMap(port => detail(view, port)));
  const rule = '='.repeat(72);
  return view.lines([
    rule,
    ...ports.flatMap(port => [...block(view, port), '-'.repeat(72)]),
    rule,
    'Summary',
    `  ${ports.filter(({ config }) => isLoopback(config.name)).length} loopback interfaces configured`,
    `  ${ports.filter(({ config, up }) => up && config.name.startsWith('ethernet')).length} ethernet interfaces are up`,
    '  0 management interfaces are up',
    `  ${ports.flatMap(({ subinterfaces }) => subinterfaces).filter(({ operState }) => operState === 'up').length} subinterfaces are up`,
    rule,
  ]);
}

/** `show interface brief`: one line for each port, nothing around the table. */
function brief(view: View, ports: readonly PortView[]): true {
  const columns = [
    { title: 'Port', of: ({ config }: PortView) => config.name },
    { title: 'Admin State', of: ({ config }: PortView) => (config.adminState ? 'enable' : 'disable') },
    { title: 'Oper State', of: ({ up }: PortView) => (up ? 'up' : 'down') },
    { title: 'Speed', of: ({ speed }: PortView) => speed ?? '' },
    { title: 'Type', of: () => '' },
    { title: 'Description', of: ({ config }: PortView) => config.description ?? '' },
  ];
  return view.form === 'json' ? view.table([], columns, ports) : view.lines(ruledTable(columns, ports));
}

function block(view: View, port: PortView): string[] {
  const { config, up, reason, speed } = port;
  const state = up ? 'up' : `down, reason ${reason}`;
  return [
    `${config.name} is ${state}, speed ${speed ?? 'None'}, type None`,
    ...port.subinterfaces.flatMap(row => {
      const own = config.subinterfaces.find(one => one.name === row.name);
      const why = row.operDownReason === undefined ? '' : `, reason ${row.operDownReason}`;
      return [
        `  ${row.name} is ${row.operState}${why}`,
        '    Network-instances:',
        ...(row.instance === undefined
          ? []
          : [`      * Name: ${row.instance} (${typeOf(view, row.instance)})`]),
        `    Encapsulation   : ${row.vlanId === undefined ? 'null' : `vlan-id ${row.vlanId}`}`,
        `    Type            : ${isLoopback(config.name) ? 'None' : (own?.type ?? 'routed')}`,
        ...row.addresses.map(
          (address, at) => `    IPv4 addr    : ${address} (static, preferred${at === 0 ? ', primary' : ''})`,
        ),
      ];
    }),
  ];
}

function detail(view: View, port: PortView): string[] {
  const { config, up, reason, speed } = port;
  const rule = '-'.repeat(72);
  const [first] = port.subinterfaces;
  return [
    '='.repeat(72),
    `Interface: ${config.name}`,
    rule,
    `  Description     : ${config.description ?? '<None>'}`,
    `  Oper state      : ${up ? 'up' : 'down'}`,
    `  Down reason     : ${up ? 'N/A' : reason}`,
    `  Speed           : ${speed ?? 'None'}`,
    ...(config.mtu === undefined ? [] : [`  MTU             : ${config.mtu}`]),
    `  VLAN tagging    : ${config.vlanTagging}`,
    ...(first === undefined || !config.name.startsWith('ethernet')
      ? []
      : [
          rule,
          `Traffic statistics for ${config.name}`,
          rule,
          '        counter              Rx            Tx',
          `  Packets         ${String(first.inPackets).padStart(13)} ${String(first.outPackets).padStart(13)}`,
        ]),
    ...port.subinterfaces.flatMap(row => [
      rule,
      `Subinterface: ${row.name}`,
      rule,
      `  Network-instance: ${row.instance === undefined ? 'None' : `${row.instance} (${typeOf(view, row.instance)})`}`,
      `  Oper state      : ${row.operState}`,
      `  Down reason     : ${row.operDownReason ?? 'N/A'}`,
      `  Encapsulation   : ${row.vlanId === undefined ? 'null' : `vlan-id ${row.vlanId}`}`,
      ...(row.mtu === undefined ? [] : [`  IP MTU          : ${row.mtu}`]),
      ...row.addresses.map(address => `  IPv4 addr       : ${address} (static, preferred)`),
    ]),
    '='.repeat(72),
  ];
}

function portsOf(view: View, rows: readonly InterfaceRow[]): PortView[] {
  const device = view.terminal.context.world.device(view.node.name);
  return (view.config?.interfaces ?? []).map(config => {
    const subinterfaces = rows.filter(({ name }) => name.startsWith(`${config.name}.`));
    const carrier = device instanceof Switch && device.ports.get(config.name)?.carrier === true;
    const up =
      config.adminState &&
      (config.name.startsWith('ethernet')
        ? carrier
        : subinterfaces.some(({ operState }) => operState === 'up'));
    return {
      config,
      up,
      reason: config.adminState ? 'lower-layer-down' : 'port-admin-disabled',
      speed: speedOf(view.node.type, config.name),
      subinterfaces,
    };
  });
}

/** Front-panel ports of the 7220 IXR chassis that containerlab knows, at their native speed; undefined for what has none. */
function speedOf(chassis: string, name: string): string | undefined {
  const port = Number(/^ethernet-1\/(\d+)$/.exec(name)?.[1]);
  if (Number.isNaN(port)) return undefined;
  if (chassis.startsWith('ixr-d3')) return port <= 32 ? '100G' : '10G';
  if (chassis.startsWith('ixr-d2')) return port <= 48 ? '25G' : port <= 56 ? '100G' : '10G';
  if (chassis === 'ixr-d1') return port <= 48 ? '1G' : '10G';
  return undefined;
}

function typeOf(view: View, instance: string): string {
  return view.config?.networkInstances.find(({ name }) => name === instance)?.type ?? 'None';
}

function isLoopback(name: string): boolean {
  return name.startsWith('lo') || name.startsWith('system');
}
