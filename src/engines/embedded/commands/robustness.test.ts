import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DrivenLab } from '../../../test-support/driven-lab.ts';
import { talkLab } from '../../../test-support/talk-lab.ts';
import { typed } from '../../../test-support/typed.ts';

const heads = [
  'docker',
  'docker network',
  'docker exec clab-dc-k8s-LEAF-DC-1 sr_cli',
  'docker exec clab-dc-k8s-BORDER-DC sr_cli show network-instance',
  'docker exec clab-dc-k8s-BORDER-DC sr_cli info from state',
  'docker exec datacenter-worker',
  'docker exec datacenter-worker ip',
  'docker exec datacenter-worker vtysh -c',
  'kubectl',
  'kubectl get',
  'kubectl create',
  'kubectl exec deploy/hello --',
  'containerlab',
  'containerlab tools netem',
  'kind',
];

const words = (
  'ps exec inspect ls get pods svc deploy hello -n -A -o wide yaml jsonpath={.items[*]} --format {{.Names}} {{range}} -q --filter ' +
  'name=x status= clab-dc-k8s-LEAF-DC-1 datacenter-worker show default * protocols bgp neighbor 10.1.1.0 advertised-routes evpn ' +
  'route-table next-hop tunnel vxlan-tunnel all vtep brief detail interface ethernet-1/1 flat set / diff tools reset-peer "show bgp" ' +
  'route addr neigh -s ss -tn arping -I e1-1 curl -w %{http_code} http://10.254.254.240:8080 ping -c 1 10.1.4.1 logs --tail=1 ' +
  '--since=5s taint rollout undo -f app/hello.yaml --image=x --replicas=2 -p {} set --delay 10ms --loss 5 -i | grep x && ? -- = : /24 -1'
).match(/"[^"]*"|\S+/g);

it('whatever is typed is answered: nothing throws, nothing prints what no program would, no failure is silent', {
  timeout: 60_000,
}, async () => {
  const lab = await new DrivenLab(talkLab()).buildUpTo('clients');
  const line = fc.tuple(
    fc.constantFrom(...heads),
    fc.array(fc.constantFrom(...(words ?? [])), { maxLength: 5 }),
  );
  await fc.assert(
    fc.asyncProperty(line, async ([head, rest]) => {
      const text = [head, ...rest].join(' ');
      const { code, text: printed } = await typed(lab, text, { cancelAfter: 10_000 });
      expect(printed).not.toMatch(/undefined|NaN|\[object/);
      if (code !== 0 && code !== 130 && !text.includes('|')) expect(printed.trim()).not.toBe('');
    }),
    { numRuns: 250 },
  );
});
