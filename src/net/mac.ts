/** An Ethernet address, lower case with colons ("00:00:5e:00:01:01"). */
export type Mac = string;

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

export function isMac(text: string): boolean {
  return MAC.test(text);
}

/** The anycast gateway's MAC for a virtual router id: 00:00:5e:00:01:VRID, as VRRP builds it (RFC 9568 section 7.3) and SR Linux uses it. */
export function anycastGatewayMac(virtualRouterId: number): Mac {
  return `00:00:5e:00:01:${virtualRouterId.toString(16).padStart(2, '0')}`;
}
