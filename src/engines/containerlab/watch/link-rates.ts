import type { LabLink, LinkEnd } from '../../../lab/lab.ts';
import { endKey } from '../../real/link-ends.ts';
import type { Watch } from './watch.ts';

type Reading = { readonly at: number; readonly in: number; readonly out: number };

/** Packets per second over links, from what the switches at their ends counted. */
export class LinkRates {
  private readonly watch: Watch;
  private readonly readings = new Map<string, { readonly before: Reading; readonly now: Reading }>();

  constructor(watch: Watch) {
    this.watch = watch;
  }

  of({ a, b }: LabLink): { readonly rateAToB: number; readonly rateBToA: number } {
    const atA = this.rates(a);
    if (atA !== undefined) return { rateAToB: atA.out, rateBToA: atA.in };
    const atB = this.rates(b);
    return { rateAToB: atB?.in ?? 0, rateBToA: atB?.out ?? 0 };
  }

  private rates(end: LinkEnd): { readonly in: number; readonly out: number } | undefined {
    const key = endKey(end);
    const router = this.watch.routers.get(end.node);
    // What it counted before it fell silent is no rate of now.
    const reading = router?.answering.state === 'unknown' ? undefined : router?.packets(end.port);
    if (reading === undefined) {
      this.readings.delete(key);
      return undefined;
    }
    const known = this.readings.get(key) ?? { before: reading, now: reading };
    const next = known.now.at === reading.at ? known : { before: known.now, now: reading };
    this.readings.set(key, next);
    const { before, now } = next;
    const perSecond = (from: number, to: number) =>
      now.at === before.at ? 0 : Math.max(0, ((to - from) * 1000) / (now.at - before.at));
    return { in: perSecond(before.in, now.in), out: perSecond(before.out, now.out) };
  }
}
