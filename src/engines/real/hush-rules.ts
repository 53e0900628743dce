/** nftables: BFD's control packets (RFC 5881 section 4) of these peers are not heard. */
export function hushRules(peers: readonly string[]): string {
  return `table ip hush { chain in { type filter hook input priority -300; ip saddr { ${peers.join(', ')} } udp dport 3784 drop; }; }`;
}

export const UNHUSH = 'delete table ip hush';
