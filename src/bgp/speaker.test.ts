import { expect, test } from 'vitest';
import {
  addSpeaker,
  createNetwork,
  neighbor,
  perform,
  runUntil,
  speakerConfig,
} from '../test-support/speaker-network.ts';
import { originAttributes } from './route.ts';
import { explain, lookUp, originate, sessions, withdraw } from './speaker.ts';

//   leaf AS 65001 (10.1.1.1) ——— (10.1.1.0) spine AS 64999
function leafAndSpine() {
  const network = createNetwork();
  const leaf = addSpeaker(
    network,
    'leaf',
    ['10.1.1.1'],
    speakerConfig({
      autonomousSystem: 65001,
      routerId: '1.1.1.1',
      neighbors: [
        neighbor({ peerAddress: '10.1.1.0', peerAs: 64999, localAs: 65001, exportPolicies: ['all'] }),
      ],
    }),
  );
  const spine = addSpeaker(
    network,
    'spine',
    ['10.1.1.0'],
    speakerConfig({
      autonomousSystem: 64999,
      routerId: '1.1.1.11',
      neighbors: [
        neighbor({
          peerAddress: '10.1.1.1',
          peerAs: 65001,
          localAs: 64999,
          passive: true,
          exportPolicies: ['all'],
        }),
      ],
    }),
  );
  return { network, leaf, spine };
}

test('two speakers reach Established and exchange routes, message by message', () => {
  const { network, leaf, spine } = leafAndSpine();
  perform(network, leaf, (speaker, now) =>
    originate(
      speaker,
      'ipv4-unicast',
      [{ nlri: '1.1.1.1/32', protocol: 'local', attributes: originAttributes }],
      now,
    ),
  );
  runUntil(network, 100);
  expect(network.trace).toEqual([]);
  expect(sessions(spine.speaker)[0]?.state).toBe('established');
  expect(lookUp(spine.speaker, 'ipv4-unicast', '1.1.1.1/32')?.best.attributes.asPath).toEqual([65001]);
});
