import { beforeAll, describe, expect, it } from 'vitest';
import { DrivenLab } from '../test-support/driven-lab.ts';
import { talkLab } from '../test-support/talk-lab.ts';
import { type Answer, typed } from '../test-support/typed.ts';
import { durationText } from './age.ts';
import { readArguments } from './arguments.ts';
import { jsonPath, yamlLines } from './render.ts';

async function type(lab: DrivenLab, line: string, cluster?: string): Promise<Answer> {
  const answer = await typed(lab, line, cluster === undefined ? {} : { cluster });
  return { ...answer, lines: answer.lines.slice(0, -1) };
}

/** A line with names, addresses and ages of this run taken out. */
function shape(line: string): string {
  return line
    .replace(/-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-POD')
    .replace(/\b10\.(244|96)\.\d+\.\d+/g, 'IP')
    .replace(/:3\d{4}\//g, ':PORT/')
    .replace(/\b\d+(s|m)(\d+s)?\b/g, 'AGE')
    .replace(/ {2,}/g, '  ')
    .trimEnd();
}

describe('before anything is built', () => {
  it('is refused by a server that is not there, and says what to build', async () => {
    const { code, lines } = await type(new DrivenLab(talkLab()), 'kubectl get pods');
    expect(code).toBe(1);
    expect(lines).toEqual([
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
      '(the cluster datacenter does not exist: kind create cluster, or the stage clusters, makes it)',
    ]);
  });
});

describe('on the talk’s lab', () => {
  let lab: DrivenLab;
  const ask = (line: string, cluster?: string) => type(lab, line, cluster);

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('clients');
  });

  it('lists nodes in kubectl’s columns', async () => {
    const { lines } = await ask('kubectl get nodes');
    expect(lines.map(shape)).toEqual([
      'NAME  STATUS  ROLES  AGE  VERSION',
      'datacenter-control-plane  Ready  control-plane  AGE  v1.37.0',
      'datacenter-worker  Ready  <none>  AGE  v1.37.0',
      'datacenter-worker2  Ready  <none>  AGE  v1.37.0',
    ]);
  });

  it('lists services with address and node port, the selector when wide', async () => {
    expect((await ask('kubectl get svc -o wide')).lines.map(shape)).toEqual([
      'NAME  TYPE  CLUSTER-IP  EXTERNAL-IP  PORT(S)  AGE  SELECTOR',
      'hello-lb  LoadBalancer  IP  10.254.254.240  8080:PORT/TCP  AGE  app=hello',
      'kubernetes  ClusterIP  IP  <none>  443/TCP  AGE  <none>',
    ]);
  });

  it('lists pods with their node', async () => {
    const { lines } = await ask('kubectl get po -l app=hello -o wide --no-headers');
    expect(lines.map(shape).sort()).toEqual([
      'hello-POD  1/1  Running  0  AGE  IP  datacenter-worker  <none>  <none>',
      'hello-POD  1/1  Running  0  AGE  IP  datacenter-worker  <none>  <none>',
      'hello-POD  1/1  Running  0  AGE  IP  datacenter-worker2  <none>  <none>',
      'hello-POD  1/1  Running  0  AGE  IP  datacenter-worker2  <none>  <none>',
    ]);
  });

  it('prefixes names when several kinds are asked for', async () => {
    const { lines } = await ask('kubectl get deploy,rs');
    expect(lines.map(shape)).toEqual([
      'NAME  READY  UP-TO-DATE  AVAILABLE  AGE',
      'deployment.apps/hello  4/4  4  4  AGE',
      '',
      'NAME  DESIRED  CURRENT  READY  AGE',
      expect.stringMatching(/^replicaset\.apps\/hello-\w+ {2}4 {2}4 {2}4 {2}AGE$/),
    ]);
  });

  it('shows MetalLB’s resources', async () => {
    expect((await ask('kubectl -n metallb-system get bgppeers')).lines.map(shape)).toEqual([
      'NAME  ADDRESS  ASN  BFD PROFILE  MULTI HOPS',
      'leaf-dc-1  1.1.1.201  65301  true',
      'leaf-dc-2  1.1.1.202  65302  true',
    ]);
    expect((await ask('kubectl get ipaddresspools -A')).lines.map(shape)).toEqual([
      'NAMESPACE  NAME  AUTO ASSIGN  AVOID BUGGY IPS  ADDRESSES',
      'metallb-system  vips  true  false  ["10.254.254.240/28"]',
    ]);
    expect((await ask('kubectl get servicebgpstatuses -A -o name')).lines.length).toBe(2);
  });

  it('reads fields by JSONPath, and whole objects as JSON and YAML', async () => {
    expect(
      (await ask("kubectl get svc hello-lb -o jsonpath='{.status.loadBalancer.ingress[0].ip}'")).text,
    ).toBe('10.254.254.240\n');
    expect(
      (await ask("kubectl get pods -l app=hello -o jsonpath='{.items[*].spec.nodeName}'")).text
        .trim()
        .split(' ')
        .sort(),
    ).toEqual(['datacenter-worker', 'datacenter-worker', 'datacenter-worker2', 'datacenter-worker2']);
    const json = JSON.parse((await ask('kubectl get deploy hello -o json')).text);
    expect([json.kind, json.spec.replicas, json.status.availableReplicas]).toEqual(['Deployment', 4, 4]);
    expect((await ask('kubectl get svc hello-lb -o yaml')).lines).toContain('    - ip: 10.254.254.240');
  });

  it('describes a service with the events that explain its address', async () => {
    const { text } = await ask('kubectl describe service hello-lb');
    expect(text).toContain('LoadBalancer Ingress:     10.254.254.240 (VIP)\n');
    expect(text).toContain('External Traffic Policy:  Cluster\n');
    expect(text).toMatch(
      /Normal {2}IPAllocated +\d+s +metallb-controller {2}Assigned IP \["10\.254\.254\.240"\]/,
    );
    expect(text).toContain('announcing from node "datacenter-worker2" with protocol "bgp"');
  });

  it('speaks to the cluster that the step, the context or the kubeconfig names', async () => {
    expect((await ask('kubectl get nodes -o name', 'client')).text).toBe('node/client-control-plane\n');
    expect((await ask('kubectl --context kind-client get nodes -o name')).text).toBe(
      'node/client-control-plane\n',
    );
    expect((await ask('kubectl --kubeconfig .kube/config-client get no -o name')).text).toBe(
      'node/client-control-plane\n',
    );
    expect((await ask('kubectl --context other get nodes')).text).toBe(
      'error: context "other" does not exist\n(this lab has: kind-datacenter, kind-client)\n',
    );
  });

  it('runs a request in a pod of a deployment', async () => {
    const { text, code } = await ask(
      'kubectl exec deploy/clients -- wget -qO- http://10.254.254.240:8080/',
      'client',
    );
    expect(code).toBe(0);
    expect(text).toMatch(/^pod=hello-\S+ node=datacenter-worker2? client=\S+\n$/);
  });

  it('knows what the programs of the pods logged', async () => {
    lab.advance(5_000);
    expect((await ask('kubectl logs deploy/hello --tail=1')).text).toMatch(
      /^\S+ - - \[2026-01-01T00:0\d:\d\dZ\] "GET \/ HTTP\/1\.1" 200 -\n$/,
    );
    const controller = await ask('kubectl -n metallb-system logs deploy/controller');
    expect(JSON.parse(controller.lines[0] ?? '{}')).toMatchObject({
      event: 'ipAllocated',
      msg: 'Assigned IP ["10.254.254.240"]',
    });
  });

  it.each([
    ['kubectl get foo', 1, 'error: the server doesn\'t have a resource type "foo"\n'],
    ['kubectl get pod nope', 1, 'Error from server (NotFound): pods "nope" not found\n'],
    ['kubectl get deploy -n kube-public', 0, 'No resources found in kube-public namespace.\n'],
    ['kubectl apply -f nowhere.yaml', 1, 'error: the path "nowhere.yaml" does not exist\n'],
    ['kubectl top pods', 1, 'error: Metrics API not available\n'],
    ['kubectl apply', 1, 'error: must specify one of -f and -k\n'],
    [
      'kubectl patch svc hello-lb -p \'{"spec":{"externalTrafficPolicy":"local"}}\'',
      1,
      'The Service "hello-lb" is invalid: spec.externalTrafficPolicy: Unsupported value: "local": supported values: "Cluster", "Local"\n',
    ],
    [
      'kubectl scale deployment hello',
      1,
      'error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n',
    ],
  ])('answers a mistake as kubectl does: %s', async (line, code, text) => {
    expect(await ask(line)).toMatchObject({ code, text });
  });

  it('says what it knows when a verb is unknown, with the exit code of a missing program', async () => {
    const { code, lines } = await ask('kubectl frobnicate');
    expect(code).toBe(127);
    expect(lines[0]).toBe('error: unknown command "frobnicate" for "kubectl"');
    expect(lines[1]).toContain('get, describe, apply');
  });

  it('turns an editor down with a way around it', async () => {
    const { code, text } = await ask('kubectl edit svc hello-lb');
    expect(code).toBe(1);
    expect(text).toContain('kubectl patch');
  });
});

describe('changing things', () => {
  let lab: DrivenLab;
  const ask = (line: string) => type(lab, line);

  beforeAll(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('metallb');
  });

  it('applies, applies again, scales, waits and deletes', async () => {
    expect((await ask('kubectl apply -f app/hello.yaml')).lines).toEqual([
      'configmap/hello created',
      'deployment.apps/hello created',
    ]);
    expect((await ask('kubectl rollout status deployment/hello')).lines.at(-1)).toBe(
      'deployment "hello" successfully rolled out',
    );
    expect((await ask('kubectl apply -f app/hello.yaml')).lines).toEqual([
      'configmap/hello unchanged',
      'deployment.apps/hello unchanged',
    ]);
    expect((await ask('kubectl scale deploy hello --replicas=2')).text).toBe(
      'deployment.apps/hello scaled\n',
    );
    expect((await ask('kubectl wait --for=condition=Available deploy/hello --timeout=60s')).text).toBe(
      'deployment.apps/hello condition met\n',
    );
    expect((await ask('kubectl delete -f app/hello.yaml')).lines).toEqual([
      'configmap "hello" deleted from default namespace',
      'deployment.apps "hello" deleted from default namespace',
    ]);
    lab.settle();
    expect((await ask('kubectl get all')).text).not.toContain('hello');
  });

  it('takes "." for the folder of the lab, as it takes "./"', async () => {
    const { text } = await ask('kubectl apply -f .');
    expect(text).not.toContain('does not exist');
    expect(text).toBe((await ask('kubectl apply -f ./')).text);
  });

  it('errors about one object name its type in the plural', async () => {
    expect((await ask('kubectl wait --for=delete deploy/coredns -n kube-system --timeout=1s')).text).toBe(
      'error: timed out waiting for the condition on deployments/coredns\n',
    );
    expect((await ask('kubectl delete -f app/hello.yaml')).text).toContain(
      'Error from server (NotFound): error when deleting: deployments.apps "hello" not found\n',
    );
    await ask('kubectl apply -f app/hello.yaml');
    expect((await ask('kubectl create -f app/hello.yaml')).text).toContain(
      'Error from server (AlreadyExists): error when creating "app/hello.yaml": deployments.apps "hello" already exists\n',
    );
  });

  it('needs the definitions before it takes MetalLB’s resources', async () => {
    const early = await new DrivenLab(talkLab()).buildUpTo('clusters');
    const { code, lines } = await type(early, 'kubectl apply -f metallb/config.yaml');
    expect(code).toBe(1);
    expect(lines.slice(-2)).toEqual([
      'error: resource mapping not found in "metallb/config.yaml": no matches for kind "BGPAdvertisement" in version "metallb.io/v1beta1"',
      'ensure CRDs are installed first',
    ]);
  });

  it('drains a node only when told what to do with DaemonSets, and tells each eviction', async () => {
    await ask('kubectl apply -f app/hello.yaml');
    lab.settle();
    const refused = await ask('kubectl drain datacenter-worker');
    expect(refused.code).toBe(1);
    expect(refused.lines[0]).toBe('node/datacenter-worker cordoned');
    expect(refused.text).toContain('(use --ignore-daemonsets to ignore)');
    const drained = await ask('kubectl drain datacenter-worker --ignore-daemonsets');
    expect(drained.code).toBe(0);
    expect(drained.lines.filter(line => line.startsWith('evicting pod default/hello-')).length).toBe(2);
    expect(drained.lines.at(-1)).toBe('node/datacenter-worker drained');
    expect((await ask('kubectl get node datacenter-worker --no-headers')).text).toContain(
      'Ready,SchedulingDisabled',
    );
    expect((await ask('kubectl uncordon datacenter-worker')).text).toBe(
      'node/datacenter-worker uncordoned\n',
    );
  });

  it('rolls out a new template and back', async () => {
    await ask('kubectl rollout restart deployment/hello');
    lab.settle();
    expect((await ask('kubectl rollout history deployment/hello')).lines.slice(2)).toEqual([
      '1         <none>',
      '2         <none>',
      '',
    ]);
    expect((await ask('kubectl rollout undo deployment/hello')).text).toBe(
      'deployment.apps/hello rolled back\n',
    );
  });

  it('labels a node out of the load balancer and back in', async () => {
    await ask('kubectl apply -f app/hello-lb.yaml');
    lab.settle();
    const label = 'node.kubernetes.io/exclude-from-external-load-balancers';
    expect((await ask(`kubectl label node datacenter-worker ${label}=`)).text).toBe(
      'node/datacenter-worker labeled\n',
    );
    lab.settle();
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', '10.254.254.240/32')).toEqual(['1.1.1.2']);
    expect((await ask(`kubectl label node datacenter-worker ${label}-`)).text).toBe(
      'node/datacenter-worker unlabeled\n',
    );
    lab.settle();
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', '10.254.254.240/32')).toEqual(['1.1.1.1', '1.1.1.2']);
  });

  it('watches until somebody stops it', async () => {
    const cancel = new AbortController();
    const printed: string[] = [];
    const running = lab.engine.run('kubectl get pods -l app=hello -w', {
      signal: cancel.signal,
      onOutput: chunk => printed.push(chunk.text),
    });
    lab.advance(1_000);
    const [victim = ''] = (await ask('kubectl get pods -l app=hello -o name')).lines;
    const deleting = lab.engine.run(`kubectl delete ${victim} --force`);
    for (let turn = 0; turn < 200; turn++) {
      lab.advance(50);
      await Promise.resolve();
    }
    await deleting;
    cancel.abort();
    expect((await running).exitCode).toBe(130);
    const states = printed.slice(5).map(line => line.trim().split(/ +/)[2]);
    expect(states).toContain('ContainerCreating');
    expect(states).toContain('Running');
  });
});

it('takes a command line apart as kubectl does', () => {
  const read = (line: string) => {
    const { words, options, rest } = readArguments(line.split(' '));
    return [words, Object.fromEntries(options), rest];
  };
  expect(read('get pods -n kube-system -owide -w')).toEqual([
    ['get', 'pods'],
    { namespace: ['kube-system'], output: ['wide'], watch: ['true'] },
    [],
  ]);
  expect(read('exec -it web -c app -- sh -c ls')).toEqual([
    ['exec', 'web'],
    { stdin: ['true'], tty: ['true'], container: ['app'] },
    ['sh', '-c', 'ls'],
  ]);
  expect(read('logs -f web --tail=3')).toEqual([['logs', 'web'], { follow: ['true'], tail: ['3'] }, []]);
  expect(read('apply -f a.yaml -f b.yaml')).toEqual([['apply'], { filename: ['a.yaml', 'b.yaml'] }, []]);
});

it.each([
  [4_900, '4s'],
  [119_000, '119s'],
  [123_000, '2m3s'],
  [120_000, '2m'],
  [700_000, '11m'],
  [11_100_000, '3h5m'],
  [90_000_000, '25h'],
  [180_000_000, '2d2h'],
])('shortens %i ms to %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

it('writes YAML that a reader would quote the same way', () => {
  expect(
    yamlLines({ b: ['x', { c: 1, d: 'yes' }], a: { list: [], text: 'one\ntwo\n' }, ip: '10.0.0.1', n: '1' }),
  ).toEqual([
    'a:',
    '  list: []',
    '  text: |',
    '    one',
    '    two',
    'b:',
    '- x',
    '- c: 1',
    '  d: "yes"',
    'ip: 10.0.0.1',
    'n: "1"',
  ]);
});

it('reads simple JSONPath and says when it cannot', () => {
  const value = { items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }] };
  expect(jsonPath('{.items[*].metadata.name}', value)).toBe('a b');
  expect(jsonPath('{.items[1].metadata.name}{"\\n"}', value)).toBe('b\n');
  expect(jsonPath('{.items[-1].metadata.name}', value)).toBe('b');
  expect(jsonPath('{range .items[*]}{.metadata.name}{"\\n"}{end}', value)).toBe('a\nb\n');
  expect(jsonPath('{.items[?(@.metadata.name=="a")].metadata.name}', value)).toBe('a');
  expect(jsonPath('{.items[?(@.metadata.name!="a")].metadata.name} {.items[0:1].metadata.name}', value)).toBe(
    'b a',
  );
  expect(jsonPath('{.items[?(@.spec.replicas>1)]}', value)).toBe('');
  expect(jsonPath('{.items..name}', value)).toBeUndefined();
});
