/**
 * What follows from an object that never changes: worked out when somebody first asks, kept as long as the object is there. The result
 * must not hold the object of another time, or each keeps the one before it.
 */
export function derived<From extends WeakKey, Result>(make: (from: From) => Result): (from: From) => Result {
  const known = new WeakMap<From, Result>();
  return from => {
    const before = known.get(from);
    if (before !== undefined || known.has(from)) return before as Result;
    const result = make(from);
    known.set(from, result);
    return result;
  };
}
