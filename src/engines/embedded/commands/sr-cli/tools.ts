import { Switch } from '../../switch/switch.ts';
import type { View } from './view.ts';

/** `tools network-instance <name> protocols bgp [neighbor <address> | group <name>] reset-peer | soft-clear`. */
export function tools(view: View, words: readonly string[]): boolean {
  const [top = '', instance = '', protocols, bgp, ...rest] = words;
  if (top !== 'network-instance' || protocols !== 'protocols' || bgp !== 'bgp') {
    return view.refuse(
      `Error: of tools the embedded lab answers "tools network-instance <name> protocols bgp [neighbor <address> | group <name>] reset-peer | soft-clear"`,
    );
  }
  const device = view.terminal.context.world.device(view.node.name);
  const process = device instanceof Switch ? device.instances.get(instance)?.process : undefined;
  if (process?.speaker === undefined)
    return view.refuse(`Error: BGP does not run in network-instance "${instance}"`);
  const [scope, name] = rest[0] === 'neighbor' || rest[0] === 'group' ? rest : [];
  const [verb = '', ...more] = scope === undefined ? rest : rest.slice(2);
  const sessions = process
    .sessions()
    .filter(
      ({ peer, config }) => scope === undefined || (scope === 'neighbor' ? peer : config.group) === name,
    );
  if (scope !== undefined && sessions.length === 0)
    return view.refuse(
      `Error: there is no ${scope} '${name ?? ''}' with a session in network-instance "${instance}"`,
    );
  if ((verb !== 'reset-peer' && verb !== 'soft-clear') || more.length > 0)
    return view.unknown(more[0] ?? verb, ['reset-peer', 'soft-clear']);
  for (const { peer } of sessions) {
    if (verb === 'reset-peer') process.resetPeer(peer);
    else process.askForRoutes(peer);
  }
  const done = verb === 'reset-peer' ? 'reset' : 'asked for its routes again';
  return view.lines(
    sessions.map(
      ({ peer }) =>
        `/network-instance[name=${instance}]/protocols/bgp/neighbor[peer-address=${peer}]: ${done}`,
    ),
  );
}
