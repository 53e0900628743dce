import type { Share, TrafficState } from '../lab/traffic-state.ts';
import { VIP } from './lab-of-the-talk.ts';

/** Ten clients ask; five seconds before, something was lost for a moment. */
export function traffic(): TrafficState {
  const share = (name: string, count: number): Share => ({ name, count });
  return {
    on: true,
    clients: Array.from({ length: 10 }, (_, index) => ({
      name: `client-${index}`,
      address: `10.1.4.${20 + index}`,
    })),
    destination: { address: VIP, port: 8080 },
    rate: 100,
    totals: { sent: 8_240, answered: 8_233, lost: 7, reset: 0 },
    samples: Array.from({ length: 80 }, (_, index) => {
      const lost = index >= 60 && index < 63 ? 6 : 0;
      return {
        at: 172_400 + index * 250,
        latencyMs: 0.8 + ((index * 7) % 10) / 20,
        sent: 25,
        answered: 25 - lost,
        lost,
        reset: 0,
      };
    }),
    byLeaf: [share('LEAF-DC-1', 523), share('LEAF-DC-2', 477)],
    bySpine: [share('SPINE-DC-1', 541), share('SPINE-DC-2', 459)],
    byNode: [share('datacenter-worker', 523), share('datacenter-worker2', 477)],
    byPod: [
      share('hello-6d5f7c-2xk8p', 266),
      share('hello-6d5f7c-7rmqd', 257),
      share('hello-6d5f7c-9qvwz', 477),
    ],
    recent: [
      {
        at: 192_390,
        client: 'client-3',
        flow: {
          sourceAddress: '10.1.4.23',
          destinationAddress: VIP,
          protocol: 6,
          sourcePort: 40_012,
          destinationPort: 8080,
        },
        outcome: 'answered',
        answer: 'datacenter-worker hello-6d5f7c-2xk8p',
        latencyMs: 0.9,
        via: ['BORDER-DC', 'SPINE-DC-1', 'LEAF-DC-1', 'datacenter-worker'],
      },
    ],
  };
}
