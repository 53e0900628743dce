/** A decision rule in a learner's words: its name, and what it is for. */
type Wording = { readonly text: string; readonly why: string };

/** By the engines' names for the rules, in the order in which they decide. */
const rules: Readonly<Record<string, Wording>> = {
  'only-path': { text: 'being the only one', why: 'There was nothing to choose from.' },
  'local-pref': {
    text: 'highest local preference',
    why: 'The network’s own wish comes first.',
  },
  'as-path-length': { text: 'shortest AS path', why: 'Fewer networks on the way are better.' },
  origin: { text: 'best origin', why: 'IGP beats EGP beats incomplete.' },
  med: { text: 'lowest MED', why: 'The neighbour network’s wish among its own links.' },
  'ebgp-route': {
    text: 'learnt by eBGP',
    why: 'What another network told directly beats what was passed on inside one’s own.',
  },
  'next-hop-cost': { text: 'closest next hop', why: 'The packet leaves by the nearest way out.' },
  'oldest-route': { text: 'oldest route', why: 'Nothing is better about the new one, so nothing moves.' },
  'peer-router-id': {
    text: 'lowest router id',
    why: 'A tie has to be broken somehow: by the neighbour’s number, or the originator’s where it was reflected.',
  },
  'cluster-list': { text: 'shortest cluster list', why: 'Fewer route reflectors on the way.' },
  'peer-ip': {
    text: 'lowest neighbour address',
    why: 'A tie has to be broken somehow, and the same way every time.',
  },
};

/** A decision rule's name in words: "peer-ip" is "lowest neighbour address"; unknown names lose their hyphens. */
export function ruleText(name: string): string {
  return rules[name]?.text ?? name.replaceAll('-', ' ');
}

/** Why the rule exists, in one sentence; undefined for rules this course does not explain. */
export function ruleExplanation(name: string): string | undefined {
  return rules[name]?.why;
}

/** Why a path is not valid, in words: "next-hop-unresolved" is "its next hop cannot be reached". */
export function invalidReasonText(reason: string): string {
  return invalid[reason] ?? reason.replaceAll('-', ' ');
}

const invalid: Readonly<Record<string, string>> = {
  'next-hop-unresolved': 'its next hop cannot be reached',
  'rejected-route': 'refused by the import policy',
  'as-loop': 'our own AS is already in its path',
  'cluster-loop': 'it already passed this route reflector',
  'originator-loop': 'we originated it ourselves',
};
