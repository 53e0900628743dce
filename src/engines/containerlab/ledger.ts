import type { Fault } from '../../lab/fault.ts';
import type { PlannedCommand } from '../../programs/planned-command.ts';

/** What a lab made on this machine, and what it broke: kept in a file, so that whoever comes after a crash knows. */
export type Ledger = {
  readonly version: 1;
  /** `name:` of the topology. */
  readonly lab: string;
  /** srklab.yml, from the root of this machine. */
  readonly labFile: string;
  /** The Docker that it is on. */
  readonly docker: string;
  readonly things: readonly LedgerThing[];
  readonly faults: readonly LedgerFault[];
};

/**
 * `making`: begun and not seen finished; whatever of it is there is ours. `made`: ours. `adopted`: it was there before us, and stays
 * when the lab is cleared.
 */
export type Ownership = 'making' | 'made' | 'adopted';

export type LedgerThing =
  | { readonly type: 'network'; readonly name: string; readonly own: Ownership; readonly id?: string }
  | {
      readonly type: 'fabric';
      readonly topology: string;
      readonly own: Ownership;
      readonly containers: readonly MadeContainer[];
    }
  | {
      readonly type: 'cluster';
      readonly name: string;
      readonly kubeconfig: string;
      readonly own: Ownership;
      readonly containers: readonly MadeContainer[];
    }
  /** Goes with the containers at its ends. */
  | { readonly type: 'cable'; readonly ends: string; readonly own: Ownership }
  /** Stays when the lab is cleared: pulling it again would cost time, keeping it only disk. */
  | { readonly type: 'image'; readonly name: string; readonly own: Ownership };

export type MadeContainer = { readonly name: string; readonly id: string };

/** A fault while it is active. `heal` can be run by anybody, without knowing what the fault was. */
export type LedgerFault = {
  /** faultId of the fault. */
  readonly id: string;
  readonly fault: Fault;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly heal: readonly PlannedCommand[];
};

export function emptyLedger(lab: string, labFile: string, docker: string): Ledger {
  return { version: 1, lab, labFile, docker, things: [], faults: [] };
}

/** The thing in the place of what was noted of it before. */
export function withThing(ledger: Ledger, thing: LedgerThing): Ledger {
  return { ...ledger, things: [...withoutThing(ledger, thing).things, thing] };
}

export function withoutThing(ledger: Ledger, thing: LedgerThing): Ledger {
  return { ...ledger, things: ledger.things.filter(known => thingId(known) !== thingId(thing)) };
}

export function withFault(ledger: Ledger, fault: LedgerFault): Ledger {
  return { ...ledger, faults: [...withoutFault(ledger, fault.id).faults, fault] };
}

export function withoutFault(ledger: Ledger, id: string): Ledger {
  return { ...ledger, faults: ledger.faults.filter(known => known.id !== id) };
}

export function thingNamed(ledger: Ledger, type: LedgerThing['type'], name: string): LedgerThing | undefined {
  return ledger.things.find(thing => thingId(thing) === `${type} ${name}`);
}

export function thingId(thing: LedgerThing): string {
  switch (thing.type) {
    case 'network':
    case 'cluster':
    case 'image':
      return `${thing.type} ${thing.name}`;
    case 'fabric':
      return `fabric ${thing.topology}`;
    case 'cable':
      return `cable ${thing.ends}`;
  }
}
