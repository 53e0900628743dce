import { describe, expect, test } from 'vitest';
import type { KubeObject, Service } from '../../../kube/objects.ts';
import { AnnouncementBook, announcedNow, announcementFacts } from './announcements.ts';

const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'hello-lb', namespace: 'default' },
  spec: { type: 'LoadBalancer', clusterIP: '10.96.0.7', ports: [] },
  status: { loadBalancer: { ingress: [{ ip: '10.254.254.240' }] } },
};
const yes = { announced: true, advertisements: [] } as const;
const both = ['worker', 'worker2'].map(node => ({ service, node, decision: yes }));

function said(node: string, peers: readonly string[] = ['leaf-dc-1']): KubeObject {
  return {
    apiVersion: 'metallb.io/v1beta1',
    kind: 'ServiceBGPStatus',
    metadata: { name: `bgp-${node}`, namespace: 'metallb-system' },
    status: { node, serviceName: 'hello-lb', serviceNamespace: 'default', peers },
  };
}

function announcers(
  book: AnnouncementBook,
  decided: typeof both,
  statuses: readonly KubeObject[],
  now: number,
) {
  const { rows, saidBy } = book.rows(decided, statuses, now);
  return [saidBy, ...rows.filter(({ decision }) => decision.announced).map(({ node }) => node)];
}

describe('Who announces', () => {
  test('is the model’s word where MetalLB has no objects for it', () => {
    expect(announcers(new AnnouncementBook(), both, [], 0)).toEqual(['model', 'worker', 'worker2']);
  });

  test('does not flicker while MetalLB’s objects come one by one, at first without their content', () => {
    // The order in which MetalLB 0.15.2 wrote them on a real API server.
    const book = new AnnouncementBook();
    const empty = { ...said('worker2'), status: {} };
    expect(announcers(book, both, [empty], 0)).toEqual(['model', 'worker', 'worker2']);
    expect(announcers(book, both, [said('worker2')], 10)).toEqual(['metallb', 'worker', 'worker2']);
    expect(announcers(book, both, [said('worker2'), said('worker')], 900)).toEqual([
      'metallb',
      'worker',
      'worker2',
    ]);
  });

  test('is MetalLB’s word where it goes on saying nothing of a node', () => {
    const book = new AnnouncementBook();
    announcers(book, both, [said('worker')], 0);
    expect(announcers(book, both, [said('worker')], 6_000)).toEqual(['metallb', 'worker']);
  });

  test('ends at once when MetalLB takes back what it said', () => {
    const book = new AnnouncementBook();
    announcers(book, both, [said('worker'), said('worker2')], 0);
    expect(announcers(book, both, [said('worker2')], 100)).toEqual(['metallb', 'worker2']);
  });

  test('an object without a peer announces to nobody', () => {
    const book = new AnnouncementBook();
    announcers(book, both, [said('worker'), said('worker2')], 0);
    expect(announcers(book, both, [said('worker', []), said('worker2')], 100)).toEqual([
      'metallb',
      'worker2',
    ]);
  });
});

describe('What started and stopped', () => {
  const rows = new AnnouncementBook().rows(both, [], 0).rows;

  test('a speaker that is gone announces nothing, whatever was decided', () => {
    const before = announcedNow(rows, () => true);
    const speaks = (node: string) => node !== 'worker2';
    expect(announcementFacts(before, announcedNow(rows, speaks), rows, speaks)).toEqual([
      {
        type: 'announcement-stopped',
        node: 'worker2',
        service: 'hello-lb',
        prefix: '10.254.254.240/32',
        reason: 'speakerGone',
      },
    ]);
  });

  test('a service that is gone is told as such', () => {
    const before = announcedNow(rows, () => true);
    const facts = announcementFacts(before, new Map(), [], () => true);
    expect(facts.map(fact => ('reason' in fact ? fact.reason : ''))).toEqual(['serviceGone', 'serviceGone']);
  });
});
