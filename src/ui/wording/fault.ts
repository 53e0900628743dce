import type { Fault } from '../../lab/fault.ts';
import { endsOf, faultTitle, impairmentText } from '../../tutor/fault-title.ts';
import { durationText } from './amount.ts';
import { linkText } from './names.ts';

/** What is broken, as a state: "link LEAF-DC-1 e1-1 ↔ SPINE-DC-1 e1-1 is cut". */
export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case 'link-cut':
      return `link ${linkText(fault.link)} is cut`;
    case 'silent-loss': {
      if (fault.direction === 'both') return `link ${linkText(fault.link)} loses everything silently`;
      const { from, to } = endsOf(fault);
      return `link ${linkText(fault.link)} silently loses what ${from} sends to ${to}`;
    }
    case 'link-flap':
      return `link ${linkText(fault.link)} flaps ${fault.times} times (${durationText(fault.downMs)} down, ${durationText(fault.upMs)} up)`;
    case 'link-impaired': {
      const { from, to } = endsOf(fault);
      return `link ${linkText(fault.link)} impairs what ${from} sends to ${to}: ${impairmentText(fault)}`;
    }
    case 'node-silent':
      return `${fault.node} is silent: links stay up, packets vanish`;
    case 'node-stopped':
      return `${fault.node} is stopped`;
    case 'speaker-killed':
      return `the BGP speaker of ${fault.node} was killed`;
    case 'speaker-terminated':
      return `the BGP speaker of ${fault.node} was terminated`;
    case 'speaker-frozen':
      return `the BGP speaker of ${fault.node} is frozen: its connections stay open`;
    case 'pod-killed':
      return `pod ${fault.pod} was killed`;
  }
}

/** The same as an action inside a sentence: "cut LEAF-DC-1 e1-1 – SPINE-DC-1 e1-1", "stop LEAF-DC-1". */
export function faultActionText(fault: Fault): string {
  const title = faultTitle(fault);
  return `${title.slice(0, 1).toLowerCase()}${title.slice(1)}`;
}

/** What is well again: "link LEAF-DC-1 e1-1 ↔ SPINE-DC-1 e1-1 is whole again". */
export function healedText(fault: Fault): string {
  switch (fault.kind) {
    case 'link-cut':
      return `link ${linkText(fault.link)} is whole again`;
    case 'silent-loss':
      return `link ${linkText(fault.link)} carries everything again`;
    case 'link-impaired':
      return `link ${linkText(fault.link)} carries all that ${endsOf(fault).from} sends, at once`;
    case 'link-flap':
      return `link ${linkText(fault.link)} is steady again`;
    case 'node-silent':
      return `${fault.node} is heard again`;
    case 'node-stopped':
      return `${fault.node} is started again`;
    case 'speaker-killed':
    case 'speaker-terminated':
      return `the BGP speaker of ${fault.node} is back`;
    case 'speaker-frozen':
      return `the BGP speaker of ${fault.node} goes on`;
    case 'pod-killed':
      return `pod ${fault.pod} was replaced`;
  }
}
