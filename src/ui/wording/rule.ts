/** A decision rule's name as the engine gives it, as words: "lowest-peer-address" is "lowest peer address". */
export function ruleText(name: string): string {
  return name.replaceAll('-', ' ');
}

/** Why the rule exists, in one sentence; undefined for rules this course does not explain. */
export function ruleExplanation(name: string): string | undefined {
  const plain = ruleText(name).toLowerCase();
  return explanations.find(([words]) => words.every(word => plain.includes(word)))?.[1];
}

const explanations: readonly (readonly [readonly string[], string])[] = [
  [['local', 'pref'], 'The network’s own wish comes first: the highest local preference wins.'],
  [['as', 'path'], 'Fewer networks on the way: the shortest AS path wins.'],
  [['origin'], 'IGP beats EGP beats incomplete.'],
  [['med'], 'The neighbour network’s wish among its own links: the lowest MED wins.'],
  [['ebgp'], 'Learnt from another network beats learnt inside one’s own.'],
  [['igp'], 'The closest next hop wins.'],
  [['next', 'hop'], 'A route whose next hop cannot be reached is of no use.'],
  [['cluster'], 'Fewer route reflectors on the way.'],
  [['router', 'id'], 'A tie is broken by the lowest router id (the originator’s, when reflected).'],
  [['peer'], 'A tie is broken by the lowest address of the neighbour.'],
  [['only'], 'There was nothing to choose from.'],
  [['weight'], 'A local weight comes before everything.'],
];

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
