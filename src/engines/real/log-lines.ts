import type { Fact, SessionState } from '../../lab/event.ts';
import { stateOf } from './session-table.ts';

/** What a line of a daemon's log means to the lab. Times are milliseconds since 1970. */
export type LogFact = { readonly at: number } & (
  | {
      readonly type: 'fsm';
      readonly vrf: string;
      readonly peer: string;
      readonly from: SessionState;
      readonly to: SessionState;
    }
  | {
      readonly type: 'adjacency';
      readonly vrf: string;
      readonly peer: string;
      readonly up: boolean;
      readonly because: string;
    }
  | {
      readonly type: 'notification';
      readonly sent: boolean;
      readonly peer: string;
      readonly code: number;
      readonly subcode: number;
      readonly text: string;
    }
  | {
      readonly type: 'bfd';
      readonly vrf: string;
      readonly peer: string;
      readonly from: string;
      readonly to: string;
      readonly diagnostic: BfdDiagnostic;
    }
);

type BfdDiagnostic = Extract<Fact, { readonly type: 'bfd-went-down' }>['diagnostic'];

/** Reads the log of one daemon, as its file has it or as `terminal monitor` prints it; the VRF of a transition stands in the line before it. */
export class LogReader {
  private vrf = 'default';

  read(line: string): LogFact | undefined {
    const head =
      /^(\d{4}[/-]\d\d[/-]\d\d \d\d:\d\d:\d\d\.\d+) (?:\[\w+\] )?\w+: \[[^\]]*\](?:\[EC \d+\])? (.*)$/.exec(
        line,
      );
    if (head === null) return undefined;
    const at = momentOf(head[1] ?? '');
    const text = head[2] ?? '';
    const status = /^bgp_fsm_change_status : vrf (.+?)\(\d+\), Status/.exec(text);
    if (status !== null) {
      this.vrf = status[1] ?? 'default';
      return undefined;
    }
    return this.transition(at, text) ?? adjacency(at, text) ?? notification(at, text) ?? bfd(at, text);
  }

  private transition(at: number, text: string): LogFact | undefined {
    const found = /^(\S+) fd -?\d+ went from (\w+) to (\w+)$/.exec(text);
    if (found === null) return undefined;
    const [, peer = '', from, to] = found;
    // The second connection of a collision (RFC 4271 section 6.8) is put away.
    if (to === 'Deleted') return undefined;
    return { at, type: 'fsm', vrf: this.vrf, peer: bare(peer), from: stateOf(from), to: stateOf(to) };
  }
}

function adjacency(at: number, text: string): LogFact | undefined {
  const found = /^%ADJCHANGE: neighbor (\S+?)(?:\(.*?\))? in vrf (\S+) (Up|Down)\s*(.*)$/.exec(text);
  if (found === null) return undefined;
  const [, peer = '', vrf = '', word, because = ''] = found;
  return { at, type: 'adjacency', vrf, peer: bare(peer), up: word === 'Up', because };
}

function notification(at: number, text: string): LogFact | undefined {
  const found =
    /^%NOTIFICATION(?:\([^)]*\))?: (sent to|received from) neighbor (\S+).*? (\d+)\/(\d+) \(([^)]*)\)/.exec(
      text,
    );
  if (found === null) return undefined;
  const [, direction, peer = '', code, subcode, words = ''] = found;
  return {
    at,
    type: 'notification',
    sent: direction === 'sent to',
    peer: bare(peer),
    code: Number(code),
    subcode: Number(subcode),
    text: words.trim(),
  };
}

function bfd(at: number, text: string): LogFact | undefined {
  const found = /^state-change: \[(.*?)\] (\S+) -> (\S+)(?: reason:(.*))?$/.exec(text);
  if (found === null) return undefined;
  const [, key = '', from = '', to = '', reason = ''] = found;
  const peer = /peer:(\S+)/.exec(key)?.[1] ?? '';
  const vrf = /vrf:(\S+)/.exec(key)?.[1] ?? 'default';
  return { at, type: 'bfd', vrf, peer, from, to, diagnostic: diagnosticOf(reason) };
}

function diagnosticOf(reason: string): BfdDiagnostic {
  if (/neighbou?r/.test(reason)) return 'neighbor-signaled-session-down';
  if (/admin/.test(reason)) return 'administratively-down';
  if (/path/.test(reason)) return 'path-down';
  return 'control-detection-time-expired';
}

function bare(peer: string): string {
  return peer.replace(/\(.*$/, '');
}

/** "2026/11/23 13:31:56.219493", in UTC, as milliseconds since 1970. */
function momentOf(text: string): number {
  const [day = '', clock = ''] = text.split(' ');
  const [whole = '', fraction = '0'] = clock.split('.');
  return Date.parse(`${day.replaceAll('/', '-')}T${whole}Z`) + Number(`0.${fraction}`) * 1000;
}
