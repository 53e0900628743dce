import { faultId } from './fault.ts';
import type { Probe, Verdict } from './probe.ts';
import { announcedFrom, nodeReady, podsReady, serviceAddress } from './probes/cluster-probes.ts';
import { ecmpGroup, evpnRoute, macKnown, nextHops, route } from './probes/route-probes.ts';
import { bfdSession, session } from './probes/session-probes.ts';
import { flowSpread, flowsTable, serviceAnswers, trafficAnswered } from './probes/traffic-probes.ts';
import { listed, stateVerdict, verdict } from './probes/verdict.ts';
import type { Snapshot, TableRef } from './snapshot.ts';

/** The tables that `evaluate` needs beside the overview. */
export function tablesFor(probe: Probe): TableRef[] {
  switch (probe.probe) {
    case 'bgp.session':
      return [{ name: 'sessions', node: probe.node }];
    case 'bfd.session':
      return [{ name: 'bfd', node: probe.node }];
    case 'rib.nexthops':
    case 'rib.route':
      return [{ name: 'routes', node: probe.node, instance: probe.instance }];
    case 'evpn.route':
      return [{ name: 'evpn', node: probe.node }];
    case 'fib.ecmp':
      return [{ name: 'forwarding', node: probe.node, instance: probe.instance }];
    case 'mac.known':
      return [{ name: 'macs', node: probe.node, instance: probe.instance }];
    case 'service.answers':
    case 'flow.spread':
      return [flowsTable(probe)];
    default:
      return [];
  }
}

/** Whether the probe holds in this snapshot. A table that is missing there never holds and says so. */
export function evaluate(probe: Probe, snapshot: Snapshot): Verdict {
  switch (probe.probe) {
    case 'bgp.session':
      return session(probe, snapshot);
    case 'bfd.session':
      return bfdSession(probe, snapshot);
    case 'rib.nexthops':
      return nextHops(probe, snapshot);
    case 'rib.route':
      return route(probe, snapshot);
    case 'evpn.route':
      return evpnRoute(probe, snapshot);
    case 'fib.ecmp':
      return ecmpGroup(probe, snapshot);
    case 'service.address':
      return serviceAddress(probe, snapshot);
    case 'service.answers':
      return serviceAnswers(probe, snapshot);
    case 'flow.spread':
      return flowSpread(probe, snapshot);
    case 'pod.ready':
      return podsReady(probe, snapshot);
    case 'node.ready':
      return nodeReady(probe, snapshot);
    case 'node.state': {
      const state = snapshot.nodes.find(node => node.name === probe.node)?.state ?? 'absent';
      return stateVerdict(probe, probe.node, probe.state, state);
    }
    case 'link.state': {
      const state = snapshot.links.find(link => link.id === probe.link)?.state ?? 'absent';
      return stateVerdict(probe, `link ${probe.link}`, probe.state, state);
    }
    case 'mac.known':
      return macKnown(probe, snapshot);
    case 'stage.done': {
      const state = snapshot.stages.find(stage => stage.id === probe.stage)?.progress ?? 'waiting';
      return stateVerdict(probe, `stage ${probe.stage}`, 'done', state);
    }
    case 'fault.active': {
      const id = faultId(probe.fault);
      const active = snapshot.faults.map(fault => fault.id);
      return verdict(
        probe,
        active.includes(id),
        `broken: ${id}`,
        `not broken: ${id}`,
        listed(active, 'nothing broken'),
      );
    }
    case 'fault.none': {
      const active = snapshot.faults.map(fault => fault.id);
      return verdict(
        probe,
        active.length === 0,
        'nothing is broken',
        'something is broken',
        listed(active, 'nothing broken'),
      );
    }
    case 'traffic.running':
      return verdict(
        probe,
        snapshot.traffic.on,
        'clients send requests',
        'no client sends requests',
        snapshot.traffic.on ? 'sending' : 'silent',
      );
    case 'traffic.answered':
      return trafficAnswered(probe, snapshot);
    case 'announced.from':
      return announcedFrom(probe, snapshot);
  }
}
