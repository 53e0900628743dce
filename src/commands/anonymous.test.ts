import { expect, test } from 'vitest';
import { anonymous } from './anonymous.ts';

const who = { home: '/home/jane', user: 'jane', host: 'janes-laptop' };

test.each([
  ['/home/jane/lab/topo.yml', '~/lab/topo.yml'],
  ['/home/john/lab', '/home/<user>/lab'],
  ['jane@janes-laptop: done', '<user>@<host>: done'],
  ['mail jane.doe@example.com', 'mail <mail>'],
  ['via 203.0.113.7 dev eth0', 'via <address> dev eth0'],
  ['link/ether 96:8f:50:c1:03:14', 'link/ether <mac>'],
  ['proxy http://jane:pw@proxy:3128', 'proxy http://<login>@proxy:3128'],
  ['token: abc.def', 'token: <secret>'],
  ['-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----', '<key>'],
])('%j is sent as %j', (text, clean) => {
  expect(anonymous(text, who)).toBe(clean);
});

test.each([
  '172.18.100.121 and 1.1.1.201 and 10.254.254.240:8080',
  'clab-dc-k8s-LEAF-DC-1 running Up 2 minutes',
  'janet is somebody else',
  'quay.io/frrouting/frr:10.3.1',
])('%j says nothing about anybody, and stays', text => {
  expect(anonymous(text, who)).toBe(text);
});
