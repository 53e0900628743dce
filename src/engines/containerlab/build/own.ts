import { type Ledger, type LedgerThing, type MadeContainer, thingId, withThing } from '../ledger.ts';
import type { Machine } from '../machine.ts';

/** Writes down what is being made before it is, and what was made after. A sentence when that cannot be written: then nothing is made. */
export async function note({ ledger }: Machine, thing: LedgerThing): Promise<string | undefined> {
  return ledger.change(before => withThing(before, thing));
}

/** Whose a thing is of which a part was there already: as the ledger says, and where it says nothing, not ours. */
export function ownership(ledger: Ledger, thing: LedgerThing, wasThere: boolean): 'made' | 'adopted' {
  const known = ledger.things.find(one => thingId(one) === thingId(thing));
  if (known?.own === 'adopted' || (known === undefined && wasThere)) return 'adopted';
  return 'made';
}

export function madeOf(containers: readonly MadeContainer[]): MadeContainer[] {
  return containers.map(({ name, id }) => ({ name, id }));
}
