import { type ProxiedService, type ProxyDecision, proxyDecision } from '../../../kube/kube-proxy.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { type FiveTuple, reversed, TCP, UDP } from '../../../net/flow.ts';
import type { WalkContext } from '../device.ts';
import { hashText } from '../random.ts';
import { Conntrack } from './conntrack.ts';

/** What a node's netfilter makes of a packet. */
export type Translated =
  | { readonly type: 'pass'; readonly flow: FiveTuple; readonly how: 'as it is' | 'translated' | 'answer' }
  | { readonly type: 'drop' | 'reject'; readonly because: string };

/** What the rules know of the node they stand on. */
export type NodeFacts = {
  readonly node: string;
  readonly seed: number;
  readonly services: () => readonly ProxiedService[];
  readonly addresses: () => readonly Ipv4[];
  /** The address that a masqueraded connection to that pod gets. */
  readonly sourceTowards: (pod: Ipv4) => Ipv4;
};

/** kube-proxy's rules and the connection tracking below them: destinations are translated, sometimes sources too. */
export class ServiceTranslation {
  readonly conntrack = new Conntrack();
  private readonly facts: NodeFacts;

  constructor(facts: NodeFacts) {
    this.facts = facts;
  }

  /** `external`: the packet comes from outside the node. */
  translate(flow: FiveTuple, external: boolean, context: WalkContext): Translated {
    const { observe, now } = context;
    const known = this.conntrack.find(flow, observe);
    if (known?.answer === true) {
      known.entry.lastUsed = now;
      return { type: 'pass', flow: reversed(known.entry.original), how: 'answer' };
    }
    if (flow.protocol !== TCP && flow.protocol !== UDP) return { type: 'pass', flow, how: 'as it is' };
    if (known !== undefined) {
      known.entry.lastUsed = now;
      return { type: 'pass', flow: known.entry.translated, how: 'translated' };
    }
    return this.firstSeen(flow, external, context);
  }

  /** A connection that the node sees for the first time, be it in its middle: the rules decide. */
  private firstSeen(flow: FiveTuple, external: boolean, context: WalkContext): Translated {
    const { facts } = this;
    const decision = proxyDecision(
      facts.services(),
      facts.node,
      facts.addresses(),
      { destination: flow.destinationAddress, port: flow.destinationPort, external },
      () => this.draw(flow),
    );
    if (decision.type === 'none') return { type: 'pass', flow, how: 'as it is' };
    if (decision.type !== 'translate') return decision;
    const translated = this.apply(flow, decision);
    this.conntrack.add(flow, translated, context.now, context.observe);
    return { type: 'pass', flow: translated, how: 'translated' };
  }

  /** The same connection draws the same number, so that what is imagined and what is sent agree. */
  private draw(flow: FiveTuple): number {
    const { seed, node } = this.facts;
    const text = `${seed} ${node} ${flow.sourceAddress} ${flow.sourcePort} ${flow.destinationPort}`;
    return hashText(text) / 4_294_967_296;
  }

  private apply(flow: FiveTuple, to: Extract<ProxyDecision, { type: 'translate' }>): FiveTuple {
    const moved = { ...flow, destinationAddress: to.address, destinationPort: to.port };
    if (!to.masquerade) return moved;
    let translated: FiveTuple = { ...moved, sourceAddress: this.facts.sourceTowards(to.address) };
    // Two clients may use the same port; the later one then takes another (--random-fully).
    while (this.conntrack.replyTaken(translated)) {
      const sourcePort = 1_024 + (hashText(`${translated.sourcePort} ${flow.sourceAddress}`) % 64_512);
      translated = { ...translated, sourcePort };
    }
    return translated;
  }
}

/** What was done to a packet of that flow, in words; undefined for nothing. */
export function noteOf(
  original: FiveTuple,
  { flow, how }: Extract<Translated, { type: 'pass' }>,
): string | undefined {
  switch (how) {
    case 'as it is':
      return undefined;
    case 'answer':
      return `answer of a translated connection: from ${flow.sourceAddress}:${flow.sourcePort} again`;
    case 'translated': {
      const dnat = `DNAT to ${flow.destinationAddress}:${flow.destinationPort}`;
      return original.sourceAddress === flow.sourceAddress ? dnat : `${dnat}, SNAT to ${flow.sourceAddress}`;
    }
  }
}
