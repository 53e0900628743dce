import { beforeEach, describe, expect, it } from 'vitest';
import { DrivenLab } from '../test-support/driven-lab.ts';
import { talkLab } from '../test-support/talk-lab.ts';
import { typed } from '../test-support/typed.ts';
import { unified } from './diff.ts';

describe('what a learner asks kubectl besides', () => {
  let lab: DrivenLab;

  const ask = (line: string) => typed(lab, `kubectl ${line}`);

  beforeEach(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('service');
    lab.settle();
  });

  it('creates a deployment, exposes it, and MetalLB gives it an address that every leaf learns', async () => {
    expect(
      (await ask('create deployment web --image=python:3.13.5-alpine3.22 --replicas=2 --port=8080')).text,
    ).toBe('deployment.apps/web created\n');
    expect((await ask('expose deployment web --target-port=8080 --port=80 --type=LoadBalancer')).text).toBe(
      'service/web exposed\n',
    );
    lab.settle();
    expect((await ask('get svc web')).text).toMatch(
      /^web +LoadBalancer +10\.96\.\S+ +10\.254\.254\.241 +80:\d+\/TCP /m,
    );
    expect((await ask('get deploy web')).text).toMatch(/^web +2\/2 +2 +2 /m);
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', '10.254.254.241/32')).not.toEqual([]);
    expect((await ask('create deployment web --image=x')).text).toBe(
      'Error from server (AlreadyExists): deployments.apps "web" already exists\n',
    );
  });

  it('creates namespaces and services, and runs a pod', async () => {
    expect((await ask('create namespace demo')).text).toBe('namespace/demo created\n');
    expect((await ask('create service nodeport hello --tcp=80:8080')).text).toBe('service/hello created\n');
    expect((await ask('run one --image=python:3.13.5-alpine3.22')).text).toBe('pod/one created\n');
    lab.settle();
    expect((await ask('get pod one --show-labels')).text).toMatch(/^one +1\/1 +Running +0 +\S+ +run=one$/m);
  });

  it('taints keep pods away, and are taken away again', async () => {
    expect((await ask('taint nodes datacenter-worker2 busy=yes:NoSchedule')).text).toBe(
      'node/datacenter-worker2 tainted\n',
    );
    await ask('scale deployment hello --replicas=8');
    lab.settle();
    const { text } = await ask('get pods -o wide --sort-by=.metadata.creationTimestamp');
    expect(text.match(/datacenter-worker2 /g)?.length).toBe(2);
    expect((await ask('taint nodes datacenter-worker2 busy-')).text).toBe(
      'node/datacenter-worker2 untainted\n',
    );
    expect((await ask('taint nodes datacenter-worker2 busy:NoExecute')).code).toBe(1);
  });

  it('goes back to a revision that is named, and only to one that there is', async () => {
    await ask('set image deployment/hello hello=python:3.14');
    await ask('set image deployment/hello hello=python:3.15');
    expect((await ask('rollout undo deployment/hello --to-revision=1')).text).toBe(
      'deployment.apps/hello rolled back\n',
    );
    expect((await ask("get deploy hello -o jsonpath='{.spec.template.spec.containers[0].image}'")).text).toBe(
      'python:3.13.5-alpine3.22\n',
    );
    expect((await ask('rollout undo deployment/hello --to-revision=77')).text).toBe(
      'error: unable to find specified revision 77 in history\n',
    );
  });

  it('diff shows what a file would change', async () => {
    const { code, lines } = await ask('diff -f app/hello-lb-local.yaml');
    expect(code).toBe(1);
    expect(lines.filter(line => /^[-+] /.test(line))).toEqual([
      '-  externalTrafficPolicy: Cluster',
      '+  externalTrafficPolicy: Local',
    ]);
    expect((await ask('diff -f app/hello.yaml')).text).toBe('');
  });

  it('diff shows what was applied once and is in the file no more', async () => {
    const labelled = talkLab(files => {
      const text = files.get('app/hello-lb.yaml') ?? '';
      files.set('app/hello-lb.yaml', text.replace('hello-lb\n', 'hello-lb\n  labels:\n    team: blue\n'));
    });
    const other = await new DrivenLab(labelled).buildUpTo('service');
    const { lines } = await typed(other, 'kubectl diff -f app/hello-lb-local.yaml');
    expect(lines.filter(line => /^[-+] /.test(line))).toEqual([
      '-  labels:',
      '-    team: blue',
      '-  externalTrafficPolicy: Cluster',
      '+  externalTrafficPolicy: Local',
    ]);
  });

  it('lists the definitions of all that get knows, and the sessions as frr-k8s writes them', async () => {
    expect((await ask('api-resources')).text).toMatch(
      /^bgpsessionstates +frrk8s\.metallb\.io\/v1beta1 +true +BGPSessionState$/m,
    );
    const crds = await ask('get crd -o name');
    expect(crds.lines).toContain(
      'customresourcedefinition.apiextensions.k8s.io/servicebgpstatuses.metallb.io',
    );
    expect(
      (await ask('get bgpsessionstates.frrk8s.metallb.io -A')).lines
        .slice(0, 2)
        .map(line => line.replace(/ +/g, ' ')),
    ).toEqual([
      'NAMESPACE NAME NODE PEER VRF BGP BFD',
      'metallb-system datacenter-worker-leaf-dc-1 datacenter-worker 1.1.1.201 Established N/A',
    ]);
  });

  it('watch tells what came, changed and went', async () => {
    const cancel = new AbortController();
    const watching = lab.engine.run('kubectl get pods --watch-only --output-watch-events', {
      signal: cancel.signal,
    });
    const pod =
      (await lab.snapshot()).clusters[0]?.pods.find(({ namespace }) => namespace === 'default')?.name ?? '';
    for (let turn = 0; turn < 400; turn++) {
      if (turn === 10)
        await lab.break({ kind: 'pod-killed', cluster: 'datacenter', namespace: 'default', pod });
      lab.advance(20);
      await Promise.resolve();
      await Promise.resolve();
    }
    cancel.abort();
    const text = (await watching).output.map(({ text: one }) => one).join('');
    expect(text).toMatch(/^ADDED {6}hello-/m);
    expect(text).toMatch(/^MODIFIED {3}hello-/m);
    expect(text).toMatch(new RegExp(`^DELETED {4}${pod} `, 'm'));
  });

  it('reads logs by age, number and container', async () => {
    expect((await ask('logs deploy/hello -p')).text).toMatch(
      /previous terminated container "hello" in pod "hello-\S+" not found/,
    );
    expect((await ask('logs deploy/hello -c nope')).text).toContain(
      'container nope is not valid for pod hello-',
    );
    expect((await ask('logs deploy/hello --since=soon')).text).toContain(
      'error: invalid argument "soon" for "--since" flag: time: invalid duration "soon"',
    );
  });

  it('waits as long as it is told, in Go’s durations and in nothing else', async () => {
    const began = lab.now();
    expect((await ask('wait --for=condition=Gone deploy/hello --timeout=1m0.5s')).code).toBe(1);
    expect(lab.now() - began).toBeGreaterThanOrEqual(60_500);
    expect(lab.now() - began).toBeLessThan(61_000);
    expect((await ask('wait --for=condition=Available deploy/hello --timeout=90')).text).toBe(
      'error: invalid argument "90" for "--timeout" flag: time: missing unit in duration "90"\n',
    );
    expect((await ask('rollout status deploy/hello --timeout=5x')).text).toBe(
      'error: invalid argument "5x" for "--timeout" flag: time: unknown unit "x" in duration "5x"\n',
    );
    const pod = /^pod\/(\S+)$/m.exec((await ask('get pods -l app=hello -o name')).text)?.[1];
    expect(await ask(`delete pod ${pod} --timeout=100ms`)).toMatchObject({
      text: `pod "${pod}" deleted from default namespace\nerror: timed out waiting for the condition on pods/${pod}\n`,
      code: 1,
    });
  });

  it.each([
    ['get pods --bogus', 'error: unknown flag: --bogus'],
    ['scale deploy hello --replicas=2 --current-replicas=4', 'error: unknown flag: --current-replicas'],
    ['apply -f app/hello.yaml --dry-run=server', 'error: unknown flag: --dry-run'],
    ['exec deploy/hello -it --pod-running-timeout=1m -- sh', 'error: unknown flag: --pod-running-timeout'],
    ['create ingress x', '"create ingress" is not answered here'],
    ['run x --image=y -- sleep 1', 'no command may stand behind --'],
    ['autoscale deploy hello', 'use kubectl scale'],
    ['explain pod', 'explain is not modelled'],
    ['top nodes', 'Metrics API not available'],
  ])('%s is refused by name', async (line, because) => {
    const { code, text } = await ask(line);
    expect(code).toBe(1);
    expect(text).toContain(because);
  });

  it('takes a label as a column, sorts by a path, and prints Go templates', async () => {
    expect((await ask('get pods -L app --no-headers')).text).toMatch(
      /^hello-\S+ +1\/1 +Running +0 +\S+ +hello$/m,
    );
    expect((await ask("get nodes -o go-template='{{range .items}}{{.metadata.name}} {{end}}'")).text).toBe(
      'datacenter-control-plane datacenter-worker datacenter-worker2 \n',
    );
    expect((await ask('get pod nope --ignore-not-found')).code).toBe(0);
  });
});

describe('a unified diff', () => {
  it('has three lines around each change, and joins what is near', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    expect(unified(before, ['a', 'b', 'c', 'd', 'X', 'f', 'g', 'h', 'i'])).toEqual([
      '@@ -2,7 +2,7 @@',
      ' b',
      ' c',
      ' d',
      '-e',
      '+X',
      ' f',
      ' g',
      ' h',
    ]);
    expect(unified([], ['a'])).toEqual(['@@ -0,0 +1,1 @@', '+a']);
    expect(unified(before, before)).toEqual([]);
  });
});
