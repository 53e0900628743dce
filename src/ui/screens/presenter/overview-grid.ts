/** Cards of the overview: how many beside each other, and how wide each is with the gap after it. */
export function overviewGrid(width: number): { readonly columns: number; readonly card: number } {
  const columns = Math.max(1, Math.floor((width - 2) / 26));
  return { columns, card: Math.floor((width - 2) / columns) };
}
