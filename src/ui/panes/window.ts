/** Which part of a long list is shown: `from` on, so that the selected index stays in sight and the list fills the room. */
export function windowAround(selected: number, count: number, room: number): number {
  if (room <= 0 || count <= room) return 0;
  const wanted = selected - Math.floor(room / 2);
  return Math.max(0, Math.min(wanted, count - room));
}
