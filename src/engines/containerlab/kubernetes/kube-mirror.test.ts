import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LabEvent } from '../../../lab/event.ts';
import type { ApiObject } from '../../../programs/kubernetes-api.ts';
import { talkLab } from '../../../test-support/talk-lab.ts';
import { EventLog } from '../../real/event-log.ts';
import { LabTime } from '../../real/lab-time.ts';
import { fromApi } from './from-api.ts';
import { KubeMirror } from './kube-mirror.ts';

type Recorded = Readonly<Record<'node' | 'service' | 'slice' | 'pod', ApiObject>>;
const recorded = JSON.parse(
  readFileSync(new URL('fixtures/objects.json', import.meta.url), 'utf8'),
) as Recorded;
const lab = talkLab();

let mirror: KubeMirror;
let log: EventLog;
let events: LabEvent[];

beforeEach(() => {
  const time = new LabTime();
  log = new EventLog(() => time.now());
  events = [];
  log.subscribe(batch => events.push(...batch));
  mirror = new KubeMirror({ lab, name: 'datacenter', time, events: log });
});

function told(): string[] {
  log.flush(true);
  return events.map(({ type }) => type);
}

type Fields = { [name: string]: unknown };
type Parts = { readonly metadata: Fields; readonly spec: Fields; readonly status: Fields };

/** A recorded object with other fields. */
function changed(object: ApiObject, change: (copy: Parts & Fields) => void): ApiObject {
  const copy = structuredClone(object);
  change(copy as unknown as Parts & Fields);
  return copy;
}

function empty(fields: Fields): void {
  for (const field of Object.keys(fields)) delete fields[field];
}

describe('An object of the API server', () => {
  const ofWall = (milliseconds: number) => milliseconds - Date.parse('2026-11-23T16:06:00Z');

  test('has its times as lab milliseconds, wherever they stand', () => {
    const pod = fromApi(recorded.pod, ofWall) as unknown as {
      metadata: { creationTimestamp: number };
      status: { startTime: number; conditions: { lastTransitionTime: number }[] };
    };
    expect(pod.metadata.creationTimestamp).toBeGreaterThan(30_000);
    expect(pod.metadata.creationTimestamp).toBeLessThan(60_000);
    expect(pod.status.startTime).toBe(pod.status.conditions[0]?.lastTransitionTime);
  });

  test('has the lists that the API server leaves out when they are empty', () => {
    const bare = changed(recorded.pod, ({ status }) => {
      empty(status);
      status['phase'] = 'Pending';
    });
    expect(fromApi(bare, ofWall)).toMatchObject({ status: { conditions: [], containerStatuses: [] } });
    const { endpoints: _, ...none } = recorded.slice;
    expect(fromApi(none as ApiObject, ofWall)).toMatchObject({ endpoints: [] });
  });

  test('an endpoint that does not say whether it is ready is ready', () => {
    const silent = changed(recorded.slice, slice => {
      slice['endpoints'] = [{ addresses: ['10.244.1.11'], conditions: {} }];
    });
    expect(fromApi(silent, ofWall)['endpoints']).toEqual([
      { addresses: ['10.244.1.11'], conditions: { ready: true, serving: true, terminating: false } },
    ]);
  });
});

describe('A mirrored cluster', () => {
  test('is absent until its API server told of a node, and starting until all are ready', () => {
    expect(mirror.state().state).toBe('absent');
    mirror.takeList('Node', [recorded.node], true);
    expect(mirror.state()).toMatchObject({
      state: 'starting',
      nodes: [
        { name: 'datacenter-worker', ready: true, address: '172.18.0.3', fabricAddress: '192.168.101.101' },
      ],
    });
  });

  test('what was there before anybody looked is no news', () => {
    mirror.takeList('Node', [recorded.node], true);
    mirror.takeList('Pod', [recorded.pod], true);
    mirror.takeList('Service', [recorded.service], true);
    expect(told()).toEqual([]);
    expect(mirror.state().pods).toMatchObject([{ name: 'running', phase: 'Running', ready: true }]);
  });

  test('a pod that comes, becomes ready, is not any more, and goes', () => {
    const pending = changed(recorded.pod, ({ spec, status }) => {
      delete spec['nodeName'];
      empty(status);
      status['phase'] = 'Pending';
    });
    mirror.take(pending, false);
    expect(mirror.state().pods).toEqual([]);
    mirror.takeList('Node', [recorded.node], true);
    expect(mirror.state().pods).toMatchObject([{ phase: 'Pending', ready: false }]);
    mirror.take(recorded.pod, false);
    const leaving = changed(recorded.pod, ({ metadata }) =>
      Object.assign(metadata, { deletionTimestamp: '2026-11-23T16:07:00Z' }),
    );
    mirror.take(leaving, false);
    expect(mirror.state().pods).toMatchObject([{ phase: 'Terminating', ready: false }]);
    mirror.take(leaving, true);
    expect(told()).toEqual(['pod-scheduled', 'pod-ready', 'pod-not-ready', 'pod-gone']);
  });

  test('what is missing from a new list is gone: the watch was cut meanwhile', () => {
    mirror.takeList('Service', [recorded.service], true);
    mirror.takeList('Service', [], false);
    expect(told()).toEqual(['object-deleted']);
  });

  test('a status that changes is not an object that was applied', () => {
    mirror.takeList('Service', [recorded.service], true);
    const assigned = changed(recorded.service, ({ metadata, status }) => {
      metadata['annotations'] = { 'metallb.io/ip-allocated-from-pool': 'vips' };
      status['loadBalancer'] = { ingress: [{ ip: '10.254.254.240', ipMode: 'VIP' }] };
    });
    mirror.take(assigned, false);
    expect(told()).toEqual(['service-got-address']);
    expect(events[0]).toMatchObject({ service: 'hello-lb', address: '10.254.254.240', pool: 'vips' });
    const local = changed(assigned, ({ spec }) => Object.assign(spec, { externalTrafficPolicy: 'Local' }));
    mirror.take(local, false);
    expect(told()).toEqual(['service-got-address', 'object-applied']);
  });

  test('endpoints are told when another set of them is ready', () => {
    mirror.takeList('EndpointSlice', [recorded.slice], true);
    mirror.take(
      changed(recorded.slice, ({ metadata }) => Object.assign(metadata, { resourceVersion: '9' })),
      false,
    );
    expect(told()).toEqual([]);
    mirror.take(
      changed(recorded.slice, slice => Object.assign(slice, { endpoints: [] })),
      false,
    );
    expect(told()).toEqual(['endpoints-changed']);
    expect(events[0]).toMatchObject({ service: 'hello-lb', ready: 0, nodes: [] });
  });
});
