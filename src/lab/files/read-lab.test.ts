import { describe, expect, test } from 'vitest';
import { replaced, talkFiles, talkLab } from '../../test-support/talk-lab.ts';
import { clusterNodesOf, switchesOf } from '../lab.ts';
import { formatFileError } from '../lab-error.ts';
import { type LabReading, type ReadSource, readLab } from './read-lab.ts';

function read(edit: (files: Map<string, string>) => void, path = 'srklab.yml'): LabReading {
  const files = talkFiles();
  edit(files);
  return readLab(path, path => files.get(path) ?? { problem: 'missing' });
}

/** Everything that is wrong after an edit, as a person reads it but without excerpts. */
function complaints(...edits: ((files: Map<string, string>) => void)[]): string[] {
  const reading = read(files => {
    for (const edit of edits) edit(files);
  });
  return (reading.outcome === 'refused' ? reading.errors : reading.warnings).map(error =>
    formatFileError(error),
  );
}

describe('The talk’s lab', () => {
  test.each(['srklab.yml', 'srklab-nolb.yml', 'srklab-lite.yml'])(
    '%s reads without a single warning',
    path => {
      const reading = read(() => {}, path);
      expect(reading.outcome).toBe('read');
      expect(reading.warnings).toEqual([]);
    },
  );

  const lab = talkLab();

  test('has five switches, each with its own configuration', () => {
    expect(
      switchesOf(lab).map(({ name, containerName, managementAddress, configFile }) => [
        name,
        containerName,
        managementAddress,
        configFile,
      ]),
    ).toEqual([
      ['LEAF-DC-1', 'clab-dc-k8s-LEAF-DC-1', '172.18.100.121', 'fabric/LEAF-DC-1.cfg'],
      ['LEAF-DC-2', 'clab-dc-k8s-LEAF-DC-2', '172.18.100.122', 'fabric/LEAF-DC-2.cfg'],
      ['SPINE-DC-1', 'clab-dc-k8s-SPINE-DC-1', '172.18.100.123', 'fabric/SPINE-DC-1.cfg'],
      ['SPINE-DC-2', 'clab-dc-k8s-SPINE-DC-2', '172.18.100.124', 'fabric/SPINE-DC-2.cfg'],
      ['BORDER-DC', 'clab-dc-k8s-BORDER-DC', '172.18.100.125', 'fabric/BORDER-DC.cfg'],
    ]);
  });

  test('has six fabric links and three joins', () => {
    expect(lab.links.map(link => `${link.role} ${link.id}`)).toEqual([
      'fabric LEAF-DC-1:e1-1 SPINE-DC-1:e1-1',
      'fabric LEAF-DC-2:e1-1 SPINE-DC-1:e1-2',
      'fabric BORDER-DC:e1-1 SPINE-DC-1:e1-10',
      'fabric LEAF-DC-1:e1-2 SPINE-DC-2:e1-1',
      'fabric LEAF-DC-2:e1-2 SPINE-DC-2:e1-2',
      'fabric BORDER-DC:e1-2 SPINE-DC-2:e1-10',
      'join LEAF-DC-1:e1-10 datacenter-worker:e1-1',
      'join LEAF-DC-2:e1-10 datacenter-worker2:e1-1',
      'join BORDER-DC:e1-10 client-control-plane:e1-1',
    ]);
    expect(lab.links[2]).toMatchObject({
      a: { node: 'BORDER-DC', port: 'ethernet-1/1' },
      b: { node: 'SPINE-DC-1', port: 'ethernet-1/10' },
    });
  });

  test('has four Kubernetes nodes, three of them on the fabric', () => {
    expect(clusterNodesOf(lab).map(({ name, role, attachments }) => ({ name, role, attachments }))).toEqual([
      { name: 'datacenter-control-plane', role: 'control-plane', attachments: [] },
      {
        name: 'datacenter-worker',
        role: 'worker',
        attachments: [
          {
            port: 'e1-1',
            address: '192.168.101.101/24',
            gateway: '192.168.101.1',
            routes: ['10.1.4.0/24', '1.1.1.192/27'],
            vlans: [],
          },
        ],
      },
      {
        name: 'datacenter-worker2',
        role: 'worker',
        attachments: [
          {
            port: 'e1-1',
            address: '192.168.101.102/24',
            gateway: '192.168.101.1',
            routes: ['10.1.4.0/24', '1.1.1.192/27'],
            vlans: [],
          },
        ],
      },
      {
        name: 'client-control-plane',
        role: 'control-plane',
        attachments: [{ port: 'e1-1', address: '192.168.201.101/24', routes: [], vlans: [1001] }],
      },
    ]);
  });

  test('peers over every fabric link at both ends, with the AS numbers that the other end has', () => {
    const byAddress = new Map<string, { name: string; asn: number }>();
    for (const { name, config } of switchesOf(lab)) {
      const asn =
        config.networkInstances.find(instance => instance.name === 'default')?.bgp?.autonomousSystem ?? 0;
      for (const { subinterfaces } of config.interfaces)
        for (const { addresses } of subinterfaces)
          for (const { address } of addresses) byAddress.set(address.split('/')[0] ?? '', { name, asn });
    }
    const sessions = switchesOf(lab).flatMap(({ name, config }) =>
      config.networkInstances.flatMap(instance =>
        (instance.bgp?.neighbors ?? [])
          .filter(neighbor => neighbor.group === 'underlay')
          .map(neighbor => ({
            from: name,
            to: byAddress.get(neighbor.peerAddress)?.name,
            right: byAddress.get(neighbor.peerAddress)?.asn === neighbor.peerAs,
          })),
      ),
    );
    expect(sessions).toHaveLength(12);
    expect(sessions.every(session => session.right)).toBe(true);
    expect(
      sessions.every(({ from, to }) => sessions.some(back => back.from === to && back.to === from)),
    ).toBe(true);
  });

  test('is built in nine stages, one after another where that is needed', () => {
    expect(lab.stages.map(({ id, needs }) => `${id} after ${needs.join(' and ') || 'nothing'}`)).toEqual([
      'network after nothing',
      'fabric after network',
      'clusters after network',
      'images after clusters',
      'links after fabric and clusters',
      'metallb after images and links',
      'app after metallb',
      'service after app',
      'clients after service',
    ]);
    const tasks = (stage: string) => lab.stages.find(({ id }) => id === stage)?.tasks ?? [];
    expect(tasks('network').map(task => task.commandLine)).toEqual([
      'docker network create --subnet 172.18.0.0/16 kind',
    ]);
    expect(tasks('fabric').map(task => task.commandLine)).toEqual(['containerlab deploy -t topo.yml']);
    expect(tasks('links')[0]).toEqual({
      id: 'join datacenter-worker:e1-1',
      title: 'datacenter-worker on clab-dc-k8s-LEAF-DC-1:e1-10',
      commandLine: [
        'containerlab tools veth create -a datacenter-worker:e1-1 -b clab-dc-k8s-LEAF-DC-1:e1-10',
        'docker exec datacenter-worker ip link set e1-1 mtu 9500 up',
        'docker exec datacenter-worker ip address replace 192.168.101.101/24 dev e1-1',
        'docker exec datacenter-worker ip route replace 10.1.4.0/24 via 192.168.101.1',
        'docker exec datacenter-worker ip route replace 1.1.1.192/27 via 192.168.101.1',
      ].join(' && '),
      action: { type: 'join', link: 'LEAF-DC-1:e1-10 datacenter-worker:e1-1' },
    });
    expect(tasks('links')[2]?.commandLine.split(' && ').slice(3)).toEqual([
      'docker exec client-control-plane ip link add link e1-1 name VLAN-1001 type vlan id 1001',
      'docker exec client-control-plane ip link set VLAN-1001 up',
    ]);
    expect(tasks('service').map(task => task.commandLine)).toEqual([
      'kubectl --kubeconfig .kube/config-datacenter apply -f app/hello-lb.yaml',
    ]);
  });

  test('keeps the text of every file that was read, those for a learner’s own hands too', () => {
    expect([...lab.files.keys()]).toContain('app/hello-lb-local.yaml');
    expect(lab.files.get('topo.yml')).toBe(talkFiles().get('topo.yml'));
  });

  test('may lie in a folder of its own', () => {
    const files = talkFiles();
    const elsewhere: ReadSource = path =>
      files.get(path.replace(/^labs\/talk\//, '')) ?? { problem: 'missing' };
    const reading = readLab('labs/talk/srklab.yml', elsewhere);
    expect(reading.outcome === 'read' && reading.lab.topologyFile).toBe('labs/talk/topo.yml');
  });
});

describe('srklab.yml', () => {
  test('an unknown key says what was meant', () => {
    expect(complaints(replaced('srklab.yml', 'clabTopology:', 'clabTopolgy:'))).toEqual([
      'srklab.yml:3:1: error: the key "clabTopology" is missing [missing-key]\n  expected: clabTopology: …',
      'srklab.yml:5:1: error: unknown key "clabTopolgy" [unknown-key]\n  expected: "clabTopology"? (known here: network, prefix, clabTopology, clusters, links, manifests)',
    ]);
  });

  test('a VLAN out of range, as number or text, is refused; either form in range is read', () => {
    for (const vlan of ['4095', '"0"', '10.5', 'abc', '-1'])
      expect(complaints(replaced('srklab.yml', 'vlan: 1001', `vlan: ${vlan}`))).toEqual([
        `srklab.yml:73:15: error: VLAN ${vlan.replaceAll('"', '')} is out of range [bad-value]\n  expected: a number from 1 to 4094`,
      ]);
    const reading = read(replaced('srklab.yml', 'vlan: 1001', 'vlan: "1001"'));
    expect(reading.outcome === 'read' && reading.lab.nodes.at(-1)).toMatchObject({
      attachments: [{ vlans: [1001] }],
    });
  });

  test('what would end up in a shell is not let through', () => {
    expect(
      complaints(
        replaced('srklab.yml', '"./kind/client.yaml"', '"./kind/$(reboot).yaml"'),
        replaced('srklab.yml', 'alpine:3.22', '"alpine;reboot"'),
        replaced('srklab.yml', 'name: "client"', 'name: "client && reboot"'),
        replaced('srklab.yml', '"client-control-plane:e1-1"', '"client `x`:e1-1"'),
      ),
    ).toEqual(
      [
        'srklab.yml:28:11: error: "client && reboot" is no name [bad-value]\n  expected: letters, digits and . _ -, beginning with a letter or digit',
        'srklab.yml:30:13: error: "./kind/$(reboot).yaml" is no path [bad-value]\n  expected: letters, digits and . _ - + @ /, not beginning with - (no blanks, nothing that a shell would read)',
        'srklab.yml:33:16: error: "alpine;reboot" is no image name [bad-value]\n  expected: like ghcr.io/nokia/srlinux:25.3.3',
        'srklab.yml:68:14: error: "client `x`:e1-1" is no endpoint [bad-value]\n  expected: "node:interface"',
      ].map(text =>
        expect.stringMatching(
          new RegExp(
            `^srklab\\.yml:\\d+:${text.split(':')[2]}: ${escaped(text.split(': ').slice(1).join(': '))}$`,
          ),
        ),
      ),
    );
  });

  test('nodes and ports that do not exist, or are taken, are named', () => {
    expect(
      complaints(
        replaced('srklab.yml', 'clab-dc-k8s-LEAF-DC-2:e1-10', 'clab-dc-k8s-LEAF-DC-1:e1-10'),
        replaced('srklab.yml', '"datacenter-worker:e1-1"', '"datacenter-worker3:e1-1"'),
        replaced('srklab.yml', 'BORDER-DC:e1-10', 'BORDER-DC:eth9'),
      ).map(withoutPlace),
    ).toEqual([
      'error: there is no Kubernetes node "datacenter-worker3" [unknown-node]\n  expected: "datacenter-worker"? (known here: datacenter-control-plane, datacenter-worker, datacenter-worker2, client-control-plane)',
      'error: "eth9" is no port of an SR Linux switch [unknown-port]\n  expected: like e1-1 or ethernet-1/1',
    ]);
    expect(
      complaints(replaced('srklab.yml', 'clab-dc-k8s-LEAF-DC-2:e1-10', 'clab-dc-k8s-LEAF-DC-1:e1-10')).map(
        withoutPlace,
      ),
    ).toEqual([
      'error: clab-dc-k8s-LEAF-DC-1:e1-10 is already an end of the link in line 57 [duplicate-endpoint]\n  expected: a port of its own',
    ]);
    expect(
      complaints(replaced('srklab.yml', 'clab-dc-k8s-LEAF-DC-2:e1-10', 'LEAF-DC-2:e1-1')).map(withoutPlace),
    ).toEqual([
      'error: LEAF-DC-2:e1-1 is already an end of a link of the topology [duplicate-endpoint]\n  expected: a port of its own',
    ]);
  });

  test('addresses that clash, and gateways out of reach, are refused', () => {
    expect(
      complaints(
        replaced('srklab.yml', '192.168.101.102/24', '192.168.101.101/24'),
        replaced('srklab.yml', /k8sIpv4Gw: "192.168.101.1"/, 'k8sIpv4Gw: "10.0.0.1"'),
      ).map(withoutPlace),
    ).toEqual([
      'error: the gateway 10.0.0.1 is not in 192.168.101.0/24, so no route can use it [address-outside]\n  expected: an address in 192.168.101.0/24',
      'error: 192.168.101.101 is already the address of datacenter-worker [duplicate-address]\n  expected: an address of its own',
    ]);
  });

  test('a default route to the fabric is announced', () => {
    expect(
      complaints(replaced('srklab.yml', / {4}# The clients, and.*\n {4}routes: .*\n/, '')).map(withoutPlace),
    ).toEqual([
      'warning: datacenter-worker gets 192.168.101.1 as its default route and loses the way it had to the Internet [default-route-replaced]\n  expected: routes: [prefixes that are behind the fabric]',
    ]);
  });

  test('empty, broken, binary, large or missing files give one clear sentence', () => {
    const only = (text: string) => complaints(files => files.set('srklab.yml', text));
    expect(only('')).toEqual([
      'srklab.yml:1:1: error: the file is empty [empty-file]\n  expected: a lab file: network, prefix, clabTopology, clusters, links',
    ]);
    expect(only('network: "kind\nprefix: 1\n')).toEqual([
      'srklab.yml:3:1: error: this is no YAML: missing closing "quote [broken-yaml]',
    ]);
    expect(only('\u0000\u0001\u0002')).toEqual([
      'srklab.yml:1:1: error: the file holds bytes that are no text [binary-file]\n  expected: text in UTF-8',
    ]);
    expect(only('# '.padEnd(10_485_760, 'x'))).toEqual([
      'srklab.yml:1:1: error: the file has 10.0 MB [file-too-large]\n  expected: at most 1 MB',
    ]);
    expect(complaints(files => files.delete('srklab.yml'))).toEqual([
      'srklab.yml:1:1: error: there is no file srklab.yml [missing-file]',
    ]);
    expect(only(`a: ${'['.repeat(20_000)}`)).toEqual([
      'srklab.yml:1:1: error: the file is nested too deeply [broken-yaml]',
    ]);
    expect(only(`a: &a [x, x]\nb: &b [*a, *a]\n${'c: *b\n'.repeat(3)}`).map(withoutPlace)[0]).toBe(
      'error: this key stands here twice [duplicate-key]',
    );
  });

  test('a file that is missing, too large or unreadable is shown where it is named', () => {
    const files = talkFiles();
    const source: ReadSource = path => {
      if (path === 'metallb/config.yaml')
        return { problem: 'unreadable', because: 'EACCES: permission denied' };
      if (path === 'fabric/LEAF-DC-1.cfg') return { problem: 'too-large' };
      if (path === 'kind/client.yaml') return { problem: 'missing' };
      if (path === 'app/hello.yaml') return { problem: 'binary' };
      return files.get(path) ?? { problem: 'missing' };
    };
    const reading = readLab('srklab.yml', source);
    expect(
      reading.outcome === 'refused' &&
        reading.errors
          .filter(({ code }) => code.endsWith('file') || code === 'file-too-large')
          .map(error => formatFileError(error, files.get(error.file))),
    ).toEqual([
      'srklab.yml:23:14: error: metallb/config.yaml cannot be read: EACCES: permission denied [unreadable-file]\n  23 |       - app: "./metallb/config.yaml"\n                    ^',
      'srklab.yml:25:14: error: app/hello.yaml holds bytes that are no text [binary-file]\n  25 |       - app: "./app/hello.yaml"\n                    ^',
      'srklab.yml:31:13: error: there is no file kind/client.yaml [missing-file]\n  31 |     config: "./kind/client.yaml"\n                   ^',
      'topo.yml:26:23: error: fabric/LEAF-DC-1.cfg is too large to be a lab file [file-too-large]\n  26 |       startup-config: fabric/LEAF-DC-1.cfg\n                             ^\n  expected: at most 1 MB',
    ]);
  });

  test('mistakes in several files are all reported at once', () => {
    const reading = read(files => {
      replaced('srklab.yml', 'vlan: 1001', 'vlan: 5000')(files);
      files.set('topo.yml', 'name: [');
    });
    expect(reading.outcome === 'refused' && reading.errors.map(({ file }) => file)).toEqual(['srklab.yml']);
    expect(
      complaints(
        replaced('topo.yml', 'LEAF-DC-2:e1-1', 'LEAF-DC-3:e1-1'),
        replaced('fabric/LEAF-DC-1.cfg', 'admin-state enable', 'admin-state on'),
        replaced('metallb/config.yaml', 'myASN', 'myASNN'),
        replaced('kind/client.yaml', 'role: control-plane', 'role: master'),
      ).map(text => text.split(':')[0]),
    ).toEqual([
      'fabric/LEAF-DC-1.cfg',
      'kind/client.yaml',
      'metallb/config.yaml',
      'metallb/config.yaml',
      'srklab.yml',
      'topo.yml',
    ]);
  });
});

describe('topo.yml', () => {
  test('duplicate nodes and links are found', () => {
    expect(
      complaints(replaced('topo.yml', '    LEAF-DC-2:\n', '    LEAF-DC-1:\n')).map(withoutPlace),
    ).toEqual(['error: this key stands here twice [duplicate-key]']);
    expect(
      complaints(
        replaced(
          'topo.yml',
          '["LEAF-DC-2:e1-1", "SPINE-DC-1:e1-2"]',
          '["LEAF-DC-2:e1-1", "SPINE-DC-1:ethernet-1/1"]',
        ),
      ),
    ).toEqual([
      'topo.yml:42:37: error: SPINE-DC-1:ethernet-1/1 is already an end of the link in line 41 [duplicate-endpoint]\n  expected: a port of its own',
    ]);
  });

  test('endpoints that do not exist are found, with the nearest name', () => {
    expect(complaints(replaced('topo.yml', '["LEAF-DC-2:e1-1"', '["LEAF-DC2:e1-1"'))).toEqual([
      'topo.yml:42:19: error: there is no node "LEAF-DC2" [unknown-node]\n  expected: "LEAF-DC-2"? (known here: LEAF-DC-1, LEAF-DC-2, SPINE-DC-1, SPINE-DC-2, BORDER-DC)',
    ]);
    expect(complaints(replaced('topo.yml', '["LEAF-DC-2:e1-1"', '["LEAF-DC-2"')).map(withoutPlace)).toEqual([
      'error: "LEAF-DC-2" is no endpoint [bad-value]\n  expected: "node:interface"',
    ]);
  });

  test('management addresses lie in the prefix and are used once', () => {
    expect(
      complaints(
        replaced('topo.yml', '172.18.100.122', '172.18.100.121'),
        replaced('topo.yml', '172.18.100.123', '172.19.0.1'),
      ),
    ).toEqual([
      'topo.yml:28:18: error: 172.18.100.121 is already the management address of LEAF-DC-1 [duplicate-address]\n  expected: an address of its own',
      'topo.yml:31:18: error: 172.19.0.1 of SPINE-DC-1 is outside of 172.18.0.0/16 [address-outside]\n  expected: an address in 172.18.0.0/16',
    ]);
  });

  test('kinds, keys and link types that the lab does not know are refused', () => {
    expect(
      complaints(
        replaced('topo.yml', 'kind: nokia_srlinux', 'kind: ceos'),
        replaced('topo.yml', 'mgmt-ipv4: 172.18.100.121', 'mgmt-ip: 172.18.100.121'),
        replaced('topo.yml', '- endpoints:', '- type: vxlan\n      endpoints:'),
      ).map(text => withoutPlace(text).slice(0, 101)),
    ).toEqual([
      'error: the lab does not know the kind "ceos" [bad-value]\n  expected: nokia_srlinux (or srl) for a swi',
      'error: unknown key "mgmt-ip" [unknown-key]\n  expected: "mgmt-ipv4"? (known here: mgmt-ipv4, kind, gro',
      'error: the lab does not model links of the type "vxlan" [bad-value]\n  expected: veth',
    ]);
  });

  test('the long form of a link is a link too, and plain containers are nodes', () => {
    const reading = read(files => {
      replaced(
        'topo.yml',
        '- endpoints: ["LEAF-DC-1:e1-1", "SPINE-DC-1:e1-1"]',
        '- type: veth\n      mtu: 9500\n      endpoints:\n        - node: LEAF-DC-1\n          interface: ethernet-1/1\n        - node: SPINE-DC-1\n          interface: e1-1',
      )(files);
      replaced(
        'topo.yml',
        '  links:',
        '    prometheus:\n      kind: linux\n      image: prom/prometheus:v3.5.0\n      ports: ["9090:9090"]\n  links:',
      )(files);
    });
    if (reading.outcome === 'refused')
      throw new Error(reading.errors.map(error => formatFileError(error)).join('\n'));
    expect(reading.lab.links[0]).toEqual({
      id: 'LEAF-DC-1:ethernet-1/1 SPINE-DC-1:e1-1',
      a: { node: 'LEAF-DC-1', port: 'ethernet-1/1' },
      b: { node: 'SPINE-DC-1', port: 'ethernet-1/1' },
      role: 'fabric',
    });
    expect(reading.lab.nodes.find(({ name }) => name === 'prometheus')).toEqual({
      kind: 'container',
      name: 'prometheus',
      containerName: 'clab-dc-k8s-prometheus',
      image: 'prom/prometheus:v3.5.0',
    });
  });

  test('prefix decides what containers are called', () => {
    const name = (prefix: string) => {
      const lab = talkLab(files => {
        replaced('topo.yml', 'name: dc-k8s', `name: dc-k8s\nprefix: ${prefix}`)(files);
        files.set('srklab.yml', (files.get('srklab.yml') ?? '').replaceAll('clab-dc-k8s-', ''));
      });
      return switchesOf(lab)[0]?.containerName;
    };
    expect([name('""'), name('__lab-name'), name('mine')]).toEqual([
      'LEAF-DC-1',
      'dc-k8s-LEAF-DC-1',
      'mine-dc-k8s-LEAF-DC-1',
    ]);
  });

  test('one address on two switches of a network-instance is found; an anycast gateway is no clash', () => {
    const line = (files: Map<string, string>) =>
      (files.get('fabric/LEAF-DC-2.cfg') ?? '')
        .split('\n')
        .findIndex(text => text.includes('lo1 subinterface 0 ipv4 address')) + 1;
    expect(complaints(replaced('fabric/LEAF-DC-2.cfg', '1.1.1.202/32', '1.1.1.201/32'))).toEqual([
      `fabric/LEAF-DC-2.cfg:${line(talkFiles())}:49: error: 1.1.1.201 in kube-ipvrf is already an address of LEAF-DC-1 [duplicate-address]\n  expected: an address of its own (or anycast-gw true on every switch)`,
    ]);
  });

  test('a switch without a configuration starts empty, and says so', () => {
    expect(complaints(replaced('topo.yml', '      startup-config: fabric/SPINE-DC-1.cfg\n', ''))).toEqual([
      'topo.yml:30:5: warning: SPINE-DC-1 has no startup-config: it starts with an empty configuration [no-startup-config]\n  expected: startup-config: fabric/SPINE-DC-1.cfg',
    ]);
  });
});

describe('Kind configurations', () => {
  test('say which nodes there are, named as kind names them', () => {
    const lab = talkLab(
      replaced(
        'kind/datacenter.yaml',
        '  - role: worker\n',
        '  - role: worker\n    labels: {rack: a}\n  - role: worker\n',
      ),
    );
    expect(clusterNodesOf(lab, 'datacenter').map(({ name, labels }) => [name, labels])).toEqual([
      ['datacenter-control-plane', {}],
      ['datacenter-worker', { rack: 'a' }],
      ['datacenter-worker2', {}],
      ['datacenter-worker3', {}],
    ]);
  });

  test('with another version, role or network plugin are refused', () => {
    expect(
      complaints(
        replaced('kind/client.yaml', 'v1alpha4', 'v1alpha3'),
        replaced('kind/datacenter.yaml', 'role: control-plane', 'role: controlplane'),
      ).slice(0, 2),
    ).toEqual([
      'kind/client.yaml:3:13: error: the version should be v1alpha4 [bad-value]\n  expected: apiVersion: kind.x-k8s.io/v1alpha4',
      'kind/datacenter.yaml:5:11: error: "controlplane" is no role [bad-value]\n  expected: control-plane or worker',
    ]);
  });
});

test('only the real lab fetches manifests from elsewhere', () => {
  expect(
    complaints(replaced('srklab.yml', 'metallb/metallb/v0.16.1', 'metallb/other/v0.16.1')).map(withoutPlace),
  ).toEqual([
    "warning: only the real lab fetches https://raw.githubusercontent.com/metallb/other/v0.16.1/config/manifests/metallb-frr-k8s.yaml: what it holds is not known here [not-modelled]\n  expected: a file of the lab, or the address of one of MetalLB's release manifests",
  ]);
});

function withoutPlace(text: string): string {
  return text.replace(/^[^:]+:\d+:\d+: /, '');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
