import type { Mac } from '../net/mac.ts';
import type { PathAttributes } from './route.ts';

/** Extended communities the lab uses (RFC 4360, 7432, 9012, 9135). */
export type ExtendedCommunity =
  /** "target:65123:4", as configurations write it. */
  | { readonly type: 'route-target'; readonly target: string }
  /** RFC 9012 section 4.1. */
  | { readonly type: 'encapsulation'; readonly tunnelType: 'vxlan' }
  /** EVPN Router's MAC, RFC 9135 section 8.1. */
  | { readonly type: 'router-mac'; readonly mac: Mac }
  /** RFC 7432 section 7.7. */
  | { readonly type: 'mac-mobility'; readonly sequence: number; readonly sticky: boolean }
  /** RFC 7432 section 7.8. */
  | { readonly type: 'default-gateway' }
  /** Any other, passed on untouched: eight octets as "0x…". */
  | { readonly type: 'other'; readonly bytes: string };

export function routeTargetsOf(attributes: PathAttributes): string[] {
  const targets: string[] = [];
  for (const community of attributes.extendedCommunities) {
    if (community.type === 'route-target') targets.push(community.target);
  }
  return targets;
}

export function routerMacOf(attributes: PathAttributes): Mac | undefined {
  for (const community of attributes.extendedCommunities) {
    if (community.type === 'router-mac') return community.mac;
  }
  return undefined;
}

export function macMobilityOf(
  attributes: PathAttributes,
): { readonly sequence: number; readonly sticky: boolean } | undefined {
  for (const community of attributes.extendedCommunities) {
    if (community.type === 'mac-mobility') return community;
  }
  return undefined;
}

/** As SR Linux prints it: "target:65123:4", "bgp-tunnel-encap:VXLAN", "mac-nh:02:…". */
export function extendedCommunityText(community: ExtendedCommunity): string {
  switch (community.type) {
    case 'route-target':
      return community.target;
    case 'encapsulation':
      return 'bgp-tunnel-encap:VXLAN';
    case 'router-mac':
      return `mac-nh:${community.mac}`;
    case 'mac-mobility':
      return `mac-mobility:${community.sequence}${community.sticky ? '/Static' : ''}`;
    case 'default-gateway':
      return 'default-gateway';
    case 'other':
      return community.bytes;
  }
}
