/** Who and where, as it stands in paths and logs. */
export type Who = { readonly home: string; readonly user: string; readonly host?: string | undefined };

/** Addresses of the lab itself say nothing about anybody: its management network, underlay, loopbacks, tenants and documentation's. */
const labAddresses = /^(10\.|127\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|1\.1\.1\.|0\.0\.0\.0|255\.)/;

/** A text without what says whose machine it is from: home folders, user and host names, public and hardware addresses, keys. */
export function anonymous(text: string, { home, user, host }: Who): string {
  let clean = home.length > 1 ? text.replaceAll(home, '~') : text;
  clean = clean
    .replace(/-----BEGIN [A-Z ]+-----[\s\S]*?-----END [A-Z ]+-----/g, '<key>')
    .replace(/\b[\w.+-]+@[\w-]+\.[\w.-]+\b/g, '<mail>')
    .replace(/(\/(?:home|Users)\/)[^/\s:]+/g, '$1<user>')
    .replace(/\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b/gi, '<mac>')
    .replace(
      /\b(?:password|token|secret)(["':= ]+)\S+/gi,
      (whole, mark: string) => `${whole.slice(0, whole.indexOf(mark))}${mark}<secret>`,
    )
    .replace(/(https?:\/\/)[^/\s:@]+:[^/\s@]+@/g, '$1<login>@')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}\b/g, address => (labAddresses.test(address) ? address : '<address>'));
  for (const [name, sign] of [
    [user, '<user>'],
    [host, '<host>'],
  ] as const)
    if (name !== undefined && name.length > 2 && name !== 'root')
      clean = clean.replace(new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`, 'g'), sign);
  return clean;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
