import { type Children, container, leaf, leafList, list, refused } from './schema.ts';
import * as is from './value-types.ts';

const bgpActions = container({
  'local-preference': container({ set: leaf(is.integer(0, 4_294_967_295)) }),
  med: container({
    operation: leaf(is.oneOf('set')),
    value: leaf(is.integer(0, 4_294_967_295)),
  }),
  'as-path': container({
    prepend: container({ 'as-number': leaf(is.asNumber), 'repeat-n': leaf(is.integer(1, 50)) }),
    remove: refused('removing the AS path is not modelled'),
    replace: refused('replacing the AS path is not modelled'),
  }),
  'next-hop': container({ set: leaf(is.either(is.ipv4, is.oneOf('self'))) }),
  communities: refused('communities are not modelled'),
  'standard-community': refused('communities are not modelled'),
  'extended-community': refused('communities are not modelled'),
  origin: refused('setting the origin is not modelled'),
});

const match: Children = {
  prefix: container({ 'prefix-set': leaf(is.name) }),
  protocol: leaf(
    is.identity('srl_nokia-common', 'local', 'static', 'bgp', 'bgp-evpn', 'arp-nd', 'aggregate'),
  ),
  family: leafList(is.identity('srl_nokia-common', 'ipv4-unicast', 'evpn')),
  bgp: container({
    evpn: container({ 'route-type': leafList(is.integer(1, 5)) }),
    'as-path': refused('AS path sets are not modelled'),
    'as-path-length': refused('matching the AS path length is not modelled'),
    'community-set': refused('communities are not modelled'),
    'standard-community': refused('communities are not modelled'),
    'extended-community': refused('communities are not modelled'),
  }),
  'call-policy': refused('calling a policy from a policy is not modelled'),
};

/** Everything under `/ routing-policy`. */
export const routingPolicyStatements = container(
  {
    'prefix-set': list(
      { name: is.name },
      { prefix: list({ 'ip-prefix': is.ipv4Prefix, 'mask-length-range': is.maskLengthRange }, {}) },
    ),
    policy: list(
      { name: is.name },
      {
        'default-action': container({
          'policy-result': leaf(is.oneOf('accept', 'reject', 'next-policy')),
          bgp: refused('a default action only accepts or rejects here: use a statement without a match'),
        }),
        statement: list(
          { name: is.name },
          {
            match: container(match),
            action: container({
              'policy-result': leaf(is.oneOf('accept', 'reject', 'next-statement', 'next-policy')),
              bgp: bgpActions,
            }),
          },
        ),
      },
    ),
    'community-set': refused('communities are not modelled'),
    'as-path-set': refused('AS path sets are not modelled'),
  },
  'srl_nokia-routing-policy',
);
