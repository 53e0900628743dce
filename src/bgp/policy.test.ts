import { expect, test } from 'vitest';
import { inclusiveMulticastRoute, ipPrefixRoute } from './evpn.ts';
import { compilePolicies, noActions, type PolicyConfig, type PolicyStatementConfig } from './policy.ts';

const pool = { name: 'pool', entries: [{ prefix: '10.254.254.240/28', from: 28, to: 32 }] };

function statement(of: Partial<PolicyStatementConfig>): PolicyStatementConfig {
  return { name: '10', match: {}, result: undefined, set: {}, ...of };
}

function policy(
  name: string,
  statements: PolicyStatementConfig[],
  defaultResult?: PolicyConfig['defaultResult'],
) {
  return { name, statements, defaultResult };
}

function compile(policies: PolicyConfig[], otherwise = false) {
  return compilePolicies(
    policies.map(({ name }) => name),
    policies,
    [pool],
    () => otherwise,
  );
}

test.each([
  ['10.254.254.240/28', true],
  ['10.254.254.240/32', true],
  ['10.254.254.255/32', true],
  ['10.254.254.0/24', false],
  ['10.254.253.240/28', false],
  ['10.254.254.224/27', false],
])('a prefix set of 10.254.254.240/28 with lengths 28 to 32 and %s: %s', (prefix, fits) => {
  const accepts = compile([
    policy('in', [statement({ match: { prefixSet: 'pool' }, result: 'accept' })], 'reject'),
  ]);
  expect(accepts(prefix, 'ipv4-unicast', 'bgp') !== undefined).toBe(fits);
});

test('a prefix set looks inside EVPN type 5 routes and fits no other EVPN route', () => {
  const accepts = compile([
    policy('in', [statement({ match: { prefixSet: 'pool' }, result: 'accept' })], 'reject'),
  ]);
  const of = { routeDistinguisher: '1.1.1.1:4', ethernetTag: 0, vni: 4 };
  const vip = ipPrefixRoute({ ...of, prefix: '10.254.254.240/32', gateway: '0.0.0.0' });
  const flood = inclusiveMulticastRoute({ ...of, originatingRouter: '1.1.1.1' });
  expect(accepts(vip, 'evpn', 'bgp')).toBe(noActions);
  expect(accepts(flood, 'evpn', 'bgp')).toBeUndefined();
});

test('all conditions of a statement must fit', () => {
  const rejectsPool = compile([
    policy(
      'evpn-type5',
      [statement({ match: { prefixSet: 'pool', family: ['evpn'], evpnRouteTypes: [5] }, result: 'reject' })],
      'accept',
    ),
  ]);
  const of = { routeDistinguisher: '1.1.1.1:4', ethernetTag: 0, vni: 4, gateway: '0.0.0.0' };
  expect(rejectsPool(ipPrefixRoute({ ...of, prefix: '10.254.254.241/32' }), 'evpn', 'bgp')).toBeUndefined();
  expect(rejectsPool(ipPrefixRoute({ ...of, prefix: '10.1.4.0/24' }), 'evpn', 'bgp')).toBe(noActions);
  expect(rejectsPool('10.254.254.241/32', 'ipv4-unicast', 'bgp')).toBe(noActions);
});

test('the protocol a route comes from is matched', () => {
  const locals = compile([
    policy('out', [statement({ match: { protocol: 'local' }, result: 'accept' })], 'reject'),
  ]);
  expect(locals('10.0.0.0/8', 'ipv4-unicast', 'local')).toBe(noActions);
  expect(locals('10.0.0.0/8', 'ipv4-unicast', 'bgp')).toBeUndefined();
});

test('next-statement keeps what was set and goes on; later values win', () => {
  const both = compile([
    policy('in', [
      statement({ result: 'next-statement', set: { localPreference: 200, med: 5 } }),
      statement({ set: { localPreference: 300 } }),
      statement({ result: 'accept' }),
      statement({ result: 'reject' }),
    ]),
  ]);
  expect(both('10.0.0.0/8', 'ipv4-unicast', 'bgp')).toEqual({ localPreference: 300, med: 5 });
});

test('next-policy hands over to the next one of the chain, as does a policy that decides nothing', () => {
  const first = policy('first', [
    statement({ match: { prefixSet: 'pool' }, result: 'next-policy', set: { med: 7 } }),
    statement({ match: { protocol: 'static' }, result: 'accept' }),
  ]);
  const chain = compile([
    first,
    policy('second', [statement({ match: { prefixSet: 'pool' }, result: 'accept' })]),
  ]);
  expect(chain('10.254.254.240/32', 'ipv4-unicast', 'static')).toEqual({ med: 7 });
  expect(chain('10.0.0.0/8', 'ipv4-unicast', 'static')).toBe(noActions);
  expect(chain('10.0.0.0/8', 'ipv4-unicast', 'bgp')).toBeUndefined();
});

test('what no policy decides is decided by the protocol’s default', () => {
  expect(compile([policy('none', [])], true)('10.0.0.0/8', 'ipv4-unicast', 'bgp')).toBe(noActions);
  expect(compile([policy('none', [])], false)('10.0.0.0/8', 'ipv4-unicast', 'bgp')).toBeUndefined();
});

test('equal judgements are one object, so that attributes derived from them can be shared', () => {
  const twice = compile([
    policy('in', [
      statement({ result: 'next-statement', set: { med: 1 } }),
      statement({ result: 'accept', set: { localPreference: 300 } }),
    ]),
  ]);
  expect(twice('10.0.0.0/8', 'ipv4-unicast', 'bgp')).toBe(twice('11.0.0.0/8', 'ipv4-unicast', 'bgp'));
});

test('a policy that does not exist is a bug of the caller, named', () => {
  expect(() => compilePolicies(['missing'], [], [], () => true)).toThrow('no policy is called "missing"');
});
