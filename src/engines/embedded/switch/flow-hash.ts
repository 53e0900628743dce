import type { HashConfig } from '../../../lab/switch-config.ts';
import { toNumber } from '../../../net/address.ts';
import type { FiveTuple } from '../../../net/flow.ts';
import { mix32 } from '../random.ts';

/**
 * The hash of a flow over the configured fields, 32 bits. What a real switching ASIC computes is not public: this is a
 * good hash in its place, so splits and polarisation are true in kind, single flows' paths are not.
 */
export function hashFlow(flow: FiveTuple, config: HashConfig, seed: number): number {
  let hash = mix32(seed ^ 0x5f356495);
  if (config.sourceAddress) hash = mix32(hash ^ toNumber(flow.sourceAddress));
  if (config.destinationAddress) hash = mix32((hash + 0x9e3779b9) ^ toNumber(flow.destinationAddress));
  if (config.protocol) hash = mix32((hash + 0x7f4a7c15) ^ flow.protocol);
  if (config.sourcePort) hash = mix32((hash + 0x3c6ef372) ^ flow.sourcePort);
  if (config.destinationPort) hash = mix32((hash + 0x1b873593) ^ flow.destinationPort);
  return hash;
}

/** The hashed fields in order, as "name=value". Every switch on a packet's way is asked: what was told last is told again. */
export function hashedFields(flow: FiveTuple, config: HashConfig): readonly string[] {
  if (told?.flow !== flow || !sameFields(told.config, config))
    told = { flow, config, fields: fieldsOf(flow, config) };
  return told.fields;
}

let told:
  | { readonly flow: FiveTuple; readonly config: HashConfig; readonly fields: readonly string[] }
  | undefined;

function sameFields(a: HashConfig, b: HashConfig): boolean {
  return (
    a === b ||
    (a.sourceAddress === b.sourceAddress &&
      a.destinationAddress === b.destinationAddress &&
      a.protocol === b.protocol &&
      a.sourcePort === b.sourcePort &&
      a.destinationPort === b.destinationPort)
  );
}

function fieldsOf(flow: FiveTuple, config: HashConfig): string[] {
  const fields: string[] = [];
  if (config.sourceAddress) fields.push(`source-address=${flow.sourceAddress}`);
  if (config.destinationAddress) fields.push(`destination-address=${flow.destinationAddress}`);
  if (config.protocol) fields.push(`protocol=${flow.protocol}`);
  if (config.sourcePort) fields.push(`source-port=${flow.sourcePort}`);
  if (config.destinationPort) fields.push(`destination-port=${flow.destinationPort}`);
  return fields;
}

/** Inner entropy for the tunnel's UDP source port: 49152 to 65535 (RFC 7348 section 5). The same on every switch. */
export function entropyPort(inner: FiveTuple): number {
  let hash = mix32(toNumber(inner.sourceAddress) ^ 0x2545f491);
  hash = mix32((hash + 0x9e3779b9) ^ toNumber(inner.destinationAddress));
  hash = mix32(hash ^ inner.protocol ^ (inner.sourcePort << 16) ^ inner.destinationPort);
  return 49152 + (hash & 0x3fff);
}
