/** A four-octet AS number, 1 to 4294967295 (RFC 6793). */
export type Asn = number;

/** Reads an AS number written as a plain decimal; undefined when it is none (0 is reserved, RFC 7607). */
export function parseAsn(text: string): Asn | undefined {
  if (!/^[1-9]\d{0,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= 4294967295 ? value : undefined;
}

/** Private use: 64512–65534 and 4200000000–4294967294 (RFC 6996). */
export function isPrivateAsn(asn: Asn): boolean {
  return (asn >= 64512 && asn <= 65534) || (asn >= 4200000000 && asn <= 4294967294);
}
