import type { ClusterState } from '../lab/cluster-state.ts';
import { VIP } from './lab-of-the-talk.ts';

/** The clients' cluster and the one that serves. A leaf that is stopped is told of no service. */
export function clusters(leafUp: boolean): ClusterState[] {
  const pod = (name: string, node: string, address: string, labels: Record<string, string>) => ({
    namespace: 'default',
    name,
    node,
    address,
    phase: 'Running' as const,
    ready: true,
    restarts: 0,
    since: 128_000,
    labels,
  });
  return [
    {
      name: 'client',
      state: 'running',
      nodes: [
        {
          name: 'client-control-plane',
          role: 'control-plane',
          ready: true,
          schedulable: true,
          address: '172.18.0.2',
          fabricAddress: '10.1.4.10',
        },
      ],
      pods: Array.from({ length: 10 }, (_, index) => ({
        ...pod(`client-${index}`, 'client-control-plane', `10.244.0.${10 + index}`, { app: 'client' }),
        fabricAddress: `10.1.4.${20 + index}`,
      })),
      services: [],
      announcements: [],
    },
    {
      name: 'datacenter',
      state: 'running',
      nodes: [
        {
          name: 'datacenter-control-plane',
          role: 'control-plane',
          ready: true,
          schedulable: false,
          address: '172.18.0.3',
        },
        {
          name: 'datacenter-worker',
          role: 'worker',
          ready: true,
          schedulable: true,
          address: '172.18.0.4',
          fabricAddress: '192.168.101.101',
        },
        {
          name: 'datacenter-worker2',
          role: 'worker',
          ready: true,
          schedulable: true,
          address: '172.18.0.5',
          fabricAddress: '192.168.101.102',
        },
      ],
      pods: [
        pod('hello-6d5f7c-2xk8p', 'datacenter-worker', '10.244.1.5', { app: 'hello' }),
        pod('hello-6d5f7c-7rmqd', 'datacenter-worker', '10.244.1.6', { app: 'hello' }),
        pod('hello-6d5f7c-9qvwz', 'datacenter-worker2', '10.244.2.4', { app: 'hello' }),
        {
          ...pod('hello-6d5f7c-tb5zn', 'datacenter-worker2', '10.244.2.5', { app: 'hello' }),
          ready: false,
          restarts: 1,
        },
      ],
      services: [
        {
          namespace: 'default',
          name: 'hello-lb',
          type: 'LoadBalancer',
          clusterIp: '10.96.14.7',
          externalIp: VIP,
          ports: [{ port: 8080, targetPort: 8080, nodePort: 31_840, protocol: 'TCP' }],
          externalTrafficPolicy: 'Local',
          endpoints: [
            {
              address: '10.244.1.5',
              node: 'datacenter-worker',
              pod: 'hello-6d5f7c-2xk8p',
              ready: true,
            },
            {
              address: '10.244.1.6',
              node: 'datacenter-worker',
              pod: 'hello-6d5f7c-7rmqd',
              ready: true,
            },
            {
              address: '10.244.2.4',
              node: 'datacenter-worker2',
              pod: 'hello-6d5f7c-9qvwz',
              ready: true,
            },
            {
              address: '10.244.2.5',
              node: 'datacenter-worker2',
              pod: 'hello-6d5f7c-tb5zn',
              ready: false,
            },
          ],
        },
      ],
      announcements: [
        {
          service: 'hello-lb',
          node: 'datacenter-control-plane',
          announced: false,
          reason: 'noLocalEndpoints',
        },
        { service: 'hello-lb', node: 'datacenter-worker', announced: leafUp },
        { service: 'hello-lb', node: 'datacenter-worker2', announced: true },
      ],
    },
  ];
}
