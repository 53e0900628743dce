import { describe, expect, test } from 'vitest';
import { formatFileError } from '../lab-error.ts';
import { knownRemoteManifest, readManifests } from './manifests.ts';

function complaints(text: string): string[] {
  return readManifests(text, 'a.yaml').diagnostics.map(error => formatFileError(error));
}

const service = (spec: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: hello\nspec:\n${spec}`;

describe('A manifest', () => {
  test('may hold several documents, and keeps every field as written', () => {
    const { objects, diagnostics } = readManifests(
      [
        '---',
        'apiVersion: v1',
        'kind: Namespace',
        'metadata: {name: metallb-system, labels: }',
        '---',
        '# nothing in this one',
        '---',
        'apiVersion: v1',
        'kind: Service',
        'metadata: {name: hello, namespace: web}',
        'spec: {type: LoadBalancer, ports: [{port: 8080}], sessionAffinity: None}',
      ].join('\n'),
      'a.yaml',
    );
    expect(diagnostics).toEqual([]);
    expect(objects).toEqual([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'metallb-system' } },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'hello', namespace: 'web' },
        spec: { type: 'LoadBalancer', ports: [{ port: 8080 }], sessionAffinity: 'None' },
      },
    ]);
  });

  test('may be a List, or JSON', () => {
    const list =
      '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}]}';
    expect(readManifests(list, 'a.json').objects.map(object => object.metadata.name)).toEqual(['a']);
  });

  test('with nothing in it is worth a warning', () => {
    expect(complaints('# only a comment\n')).toEqual([
      'a.yaml:1:1: warning: the manifest holds no object [empty-file]\n  expected: apiVersion, kind, metadata',
    ]);
  });
});

describe('A mistake', () => {
  test('in the kind, the version or the name says what is known', () => {
    expect(
      complaints('apiVersion: apps/v1\nkind: Deploymnt\nmetadata: {name: a}\n').map(text =>
        text.slice(0, 109),
      ),
    ).toEqual([
      'a.yaml:2:7: error: the lab does not know the kind "Deploymnt" [unknown-kind]\n  expected: "Deployment"? (known',
    ]);
    expect(complaints('apiVersion: metallb.io/v1\nkind: BGPPeer\nmetadata: {name: a}\n')).toEqual([
      'a.yaml:1:13: error: BGPPeer is not in "metallb.io/v1" [unknown-version]\n  expected: metallb.io/v1beta2 or metallb.io/v1beta1',
    ]);
    expect(complaints('apiVersion: v1\nkind: Namespace\nmetadata: {name: Big_Name}\n')).toEqual([
      'a.yaml:3:18: error: "Big_Name" is no object name [bad-value]\n  expected: lower-case letters, digits, . and -',
    ]);
    expect(complaints('apiVersion: v1\nkind: Namespace\n')).toEqual([
      'a.yaml:1:1: error: the key "metadata" is missing [missing-key]\n  expected: metadata: {name: …}',
    ]);
    expect(complaints('just a text')).toEqual([
      'a.yaml:1:1: error: this is no Kubernetes object [bad-value]\n  expected: apiVersion, kind, metadata',
    ]);
  });

  test('in the YAML is reported once, where it begins', () => {
    expect(complaints('apiVersion: v1\nkind: [Namespace\nmetadata:\n  name: a\n')).toEqual([
      'a.yaml:3:1: error: this is no YAML: flow sequence in block collection must be sufficiently indented and end with a ] [broken-yaml]',
    ]);
    expect(complaints('apiVersion: v1\nkind: Namespace\nkind: Service\nmetadata: {name: a}\n')).toEqual([
      'a.yaml:3:1: error: this key stands here twice [duplicate-key]',
    ]);
  });

  test('in a service is found before Kubernetes finds it', () => {
    expect(
      complaints(
        service('  type: LoadBalancer\n  externalTrafficPolicy: local\n  ports:\n    - port: 80800\n'),
      ),
    ).toEqual([
      'a.yaml:7:26: error: "local" is no traffic policy [bad-value]\n  expected: Cluster or Local, with a capital',
      'a.yaml:9:13: error: 80800 is out of range [bad-value]\n  expected: a number from 1 to 65535',
    ]);
  });

  test('of the original, a policy written as an annotation, is pointed out', () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  annotations:\n    externalTrafficPolicy: local\nspec: {}\n';
    expect(complaints(text)).toEqual([
      'a.yaml:6:5: warning: externalTrafficPolicy is no annotation: nothing reads it here, and the policy stays Cluster [no-effect]\n  expected: spec: {externalTrafficPolicy: Local}',
    ]);
  });

  test('in a selector: a workload must select its own pods', () => {
    const text = [
      'apiVersion: apps/v1',
      'kind: Deployment',
      'metadata: {name: a}',
      'spec:',
      '  selector:',
      '    matchLabels:',
      '      app: a',
      '  template:',
      '    metadata: {labels: {app: b}}',
      '    spec: {containers: [{name: a, image: b}]}',
    ].join('\n');
    expect(complaints(text)).toEqual([
      'a.yaml:7:12: error: the selector wants app=a, which the pod template does not have [selector-mismatch]\n  expected: template.metadata.labels: {app: a}',
    ]);
  });
});

describe('MetalLB’s objects', () => {
  const peer = (spec: string) =>
    `apiVersion: metallb.io/v1beta2\nkind: BGPPeer\nmetadata: {name: a}\nspec:\n${spec}`;

  test('have no unknown fields and no wrong ones', () => {
    expect(
      complaints(
        peer(
          '  myASN: 65201\n  peerASN: 65301\n  peerAdress: 1.1.1.201\n  holdTime: 9\n  ebgpMultiHop: "true"\n',
        ),
      ).map(text => text.split('(')[0]),
    ).toEqual([
      'a.yaml:7:3: error: unknown key "peerAdress" [unknown-key]\n  expected: myASN, peerASN, dynamicASN, localASN, peerAddress, interface, sourceAddress, peerPort, holdTime, keepaliveTime, connectTime, routerID, nodeSelectors, password, passwordSecret, bfdProfile, enableGracefulRestart, ebgpMultiHop, vrf, disableMP, dualStackAddressFamily',
      'a.yaml:8:13: error: 9 is no text [bad-value]\n  expected: a text ',
      'a.yaml:9:17: error: "true" is neither true nor false [bad-value]\n  expected: true or false',
    ]);
    expect(complaints(peer('  peerASN: 65301\n'))).toEqual([
      'a.yaml:5:3: error: the key "myASN" is missing [missing-key]\n  expected: myASN: …',
    ]);
  });

  test('a pool holds prefixes and ranges', () => {
    const pool = (address: string) =>
      `apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: a}\nspec: {addresses: [${address}]}\n`;
    expect(complaints(pool('10.254.254.240/28, 10.0.0.1-10.0.0.9'))).toEqual([]);
    expect(complaints(pool('10.0.0.9-10.0.0.1'))).toEqual([
      'a.yaml:4:20: error: "10.0.0.9-10.0.0.1" is neither a prefix nor a range [bad-value]\n  expected: like 10.254.254.240/28 or 10.0.0.1-10.0.0.9',
    ]);
  });

  test('in the old ConfigMap form are checked at their own lines', () => {
    const text = [
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata: {name: config, namespace: metallb-system}',
      'data:',
      '  config: |',
      '    peers:',
      '    - peer-address: 1.1.1.201',
      '      peer-asn: 65301',
      '      my-as: 65201',
    ].join('\n');
    expect(complaints(text).map(line => line.split('\n')[0])).toEqual([
      'a.yaml:7:7: error: the key "my-asn" is missing [missing-key]',
      'a.yaml:9:7: error: unknown key "my-as" [unknown-key]',
    ]);
  });

  test('come with its release manifest, whose address is enough', () => {
    const base = 'https://raw.githubusercontent.com/metallb/metallb/v0.16.1/config/manifests';
    const kindsAndNames = (flavour: string) =>
      knownRemoteManifest(`${base}/metallb-${flavour}.yaml`)
        ?.filter(object => object.kind !== 'CustomResourceDefinition')
        .map(object => `${object.kind} ${object.metadata.name}`);
    expect(kindsAndNames('native')).toEqual([
      'Namespace metallb-system',
      'Deployment controller',
      'DaemonSet speaker',
    ]);
    expect(kindsAndNames('frr-k8s')).toEqual([
      'Namespace metallb-system',
      'Deployment controller',
      'DaemonSet speaker',
      'DaemonSet frr-k8s-daemon',
    ]);
    expect(knownRemoteManifest(`${base}/metallb-frr.yaml`)).toHaveLength(9);
    expect(knownRemoteManifest('https://example.com/metallb-frr.yaml')).toBeUndefined();
  });
});
