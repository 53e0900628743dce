import { describe, expect, test } from 'vitest';
import { diagnosed } from './diagnose.ts';
import type { Step, StepWork } from './steps.ts';

/** What these tools say: seen here, or as it stands in the source of the version named. */
const sayings: readonly (readonly [StepWork['type'], string, string])[] = [
  // Docker 20.10.24
  ['network', 'Pool overlaps with other one on this address space', 'another Docker network'],
  ['pull', 'no Docker answers at unix:///var/run/docker.sock', 'Docker does not answer'],
  [
    'network',
    'this user may not talk to Docker at unix:///var/run/docker.sock',
    'this user may not talk to Docker',
  ],
  [
    'pull',
    'Get "https://quay.io/v2/": dial tcp: lookup quay.io: no such host',
    'the registry cannot be reached',
  ],
  [
    'pull',
    'manifest for alpine:9 not found: manifest unknown: manifest unknown',
    'the registry has no such image',
  ],
  ['pull', 'toomanyrequests: You have reached your pull rate limit', 'the registry limits'],
  ['pull', 'write /var/lib/docker/tmp/x: no space left on device', 'the disk is full'],
  // containerlab 0.79
  [
    'fabric',
    "user 'jane' is not part of containerlab admin group 'clab_admins'",
    'containerlab needs root’s rights',
  ],
  ['cable', 'sudo: a password is required', 'containerlab needs root’s rights'],
  ['fabric', 'SSSE3 CPU feature is required for node "LEAF-DC-1" (nokia_srlinux)', 'SSSE3'],
  [
    'fabric',
    'node "LEAF-DC-1" (nokia_srlinux) requires minimum 2 vCPUs, but the host only has 1 vCPUs',
    'SR Linux needs two processors',
  ],
  ['fabric', 'timed out waiting for SR Linux node LEAF-DC-1 to boot: <nil>', 'did not get ready in time'],
  [
    'fabric',
    'node "LEAF-DC-1" container "clab-dc-k8s-LEAF-DC-1" already exists outside the runtime lab state',
    'something of that name',
  ],
  // kind 0.33, and the kernel through it
  [
    'cluster',
    'ERROR: failed to create cluster: failed to create fsnotify watcher: too many open files',
    'inotify limits',
  ],
  [
    'cluster',
    'node(s) already exist for a cluster with the name "datacenter"',
    'a cluster of that name already',
  ],
  [
    'cluster',
    'failed to init node with kubeadm: command "kubeadm init" failed',
    'Kubernetes did not come up',
  ],
  ['load', 'ctr: content digest sha256:1234: not found', 'Docker keeps its images in containerd'],
  ['load', 'ERROR: image: "alpine:3.22" not present locally', 'does not have the image'],
  // kubectl 1.32.4 with an API server of Kubernetes 1.37
  [
    'apply',
    'Internal error occurred: failed calling webhook "bgppeersvalidationwebhook.metallb.io"',
    'webhook',
  ],
  ['apply', 'resource mapping not found: no matches for kind "BGPPeer"', 'does not know a kind'],
  ['apply', 'error: timed out waiting for the condition on services/hello-lb', 'did not get ready in time'],
];

describe('A step that failed', () => {
  test.each(sayings)('%s: %j is said to be, most likely, %s', (type, said, cause) => {
    const { because, nextSteps } = diagnosed(step(type), said);
    expect(because).toMatch(/^The step: /);
    expect(because).toContain(said);
    expect(because.split('Most likely ')[1]).toContain(cause);
    expect(nextSteps.length).toBeGreaterThan(0);
  });

  test('without a known cause shows its last words, and no guess', () => {
    const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].join('\n');
    const { because, nextSteps } = diagnosed(step('apply'), `${words}\n\n`);
    expect(because).toBe('The step: three\nfour\nfive\nsix\nseven');
    expect(nextSteps[0]).toContain('Run the same command again');
  });
});

function step(type: StepWork['type']): Step {
  const work = { type } as StepWork;
  return { id: 'x', stage: 'x', tasks: [], title: 'The step', needs: [], work, limitSeconds: 1 };
}
