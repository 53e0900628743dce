/** The date that lab time zero is taken to be: the embedded lab has no calendar, and programs print dates. */
const LAB_EPOCH = Date.UTC(2026, 0, 1);

/** "2026-01-01T00:00:07Z". */
export function dateText(labTime: number): string {
  return `${new Date(LAB_EPOCH + Math.floor(labTime / 1_000) * 1_000).toISOString().slice(0, 19)}Z`;
}
