import type { SpeakerConfig } from '../../../bgp/config.ts';
import type { SessionParameters } from '../../../kube/metallb/sessions.ts';
import { compareAddresses, type Ipv4 } from '../../../net/address.ts';
import type { Asn } from '../../../net/asn.ts';
import { addressOf } from '../../../net/prefix.ts';
import type { NodeDevice } from './node-device.ts';

/** `dynamicASN: external` is not modelled: such a peer gets no session. */
export function speakable(sessions: readonly SessionParameters[]): SessionParameters[] {
  return sessions.filter(session => session.peerAsn !== 'external');
}

/** FRR's running configuration as MetalLB writes it, in the words of the BGP speaker. */
export function configOf(device: NodeDevice, sessions: readonly SessionParameters[]): SpeakerConfig {
  const [first] = sessions;
  const localAsn = first?.localAsn ?? 1;
  return {
    adminState: true,
    autonomousSystem: localAsn,
    routerId: sessions.find(session => session.routerId !== undefined)?.routerId ?? highestAddress(device),
    // `no bgp ebgp-requires-policy`
    ebgpDefaultPolicy: { importRejectAll: false, exportRejectAll: false },
    families: [
      { name: 'ipv4-unicast', adminState: true, multipath: { ebgp: 1, ibgp: 1, allowMultipleAs: true } },
    ],
    rapidWithdrawal: true,
    neighbors: sessions.map(session => ({
      peerAddress: session.peerAddress,
      peerAs: peerAsnOf(session),
      group: session.peer,
      adminState: true,
      localAs: session.localAsn,
      families: ['ipv4-unicast'],
      importPolicies: [`${session.peer}-in`],
      exportPolicies: [`${session.peer}-out`],
      nextHopSelf: false,
      sendDefaultRoute: false,
      ttl: session.ttl,
      bfd: session.bfd !== undefined,
      fastFailover: session.ttl === 1,
      timers: {
        connectRetry: session.connectRetry,
        holdTime: session.holdTime,
        keepaliveInterval: session.keepaliveTime,
        minimumAdvertisementInterval: 0,
      },
      passive: false,
      routeReflectorClient: false,
      ...(session.sourceAddress === undefined ? {} : { localAddress: session.sourceAddress }),
    })),
    dynamicNeighbors: [],
    policies: sessions.flatMap(session => [
      // MetalLB takes nothing in.
      { name: `${session.peer}-in`, defaultResult: 'reject', statements: [] },
      {
        name: `${session.peer}-out`,
        defaultResult: 'reject',
        statements: session.advertisements.map(({ prefix, localPref }) => ({
          name: prefix,
          match: { prefixSet: `${session.peer} ${prefix}` },
          result: 'accept',
          set: localPref === undefined ? {} : { localPreference: localPref },
        })),
      },
    ]),
    prefixSets: sessions.flatMap(session =>
      session.advertisements.map(({ prefix }) => {
        const length = Number(prefix.slice(prefix.indexOf('/') + 1));
        return { name: `${session.peer} ${prefix}`, entries: [{ prefix, from: length, to: length }] };
      }),
    ),
  };
}

function peerAsnOf(session: SessionParameters): Asn {
  return typeof session.peerAsn === 'number' ? session.peerAsn : session.localAsn;
}

/** FRR's router id where nothing is configured: the highest address of the host. */
function highestAddress(device: NodeDevice): Ipv4 {
  const addresses = device
    .interfaces()
    .filter(each => each.name !== 'lo')
    .flatMap(each => (each.address === undefined ? [] : [addressOf(each.address)]));
  return addresses.sort(compareAddresses).at(-1) ?? device.dockerAddress;
}
