/** Who may import whom: the only copy of the architecture's layer table. `layers.test.ts` holds the code to it, `README.md` prints it. */
export type Layer = {
  /** Folder below src/; the longest matching one owns a file. */
  readonly folder: string;
  readonly holds: string;
  readonly mayImport: readonly string[];
  /** npm packages and node: modules it may import; 'any' for the rim. Type-only imports count too. */
  readonly packages: readonly string[] | 'any';
  readonly because: string;
};

export const layers: readonly Layer[] = [
  {
    folder: 'values',
    holds:
      'values that never change: what follows from one, worked out once; what of a new one is as it was before',
    mayImport: [],
    packages: [],
    because: 'It knows what no value means: anybody may ask it, and it asks nobody.',
  },
  {
    folder: 'net',
    holds: 'addresses, prefixes, AS numbers, 5-tuples',
    mayImport: [],
    packages: [],
    because: 'Everything stands on net/, so net/ stands on nothing.',
  },
  {
    folder: 'bgp',
    holds: 'one BGP speaker: messages as data, session FSM, RIBs, policy, decision process, EVPN routes',
    mayImport: ['net'],
    packages: [],
    because: 'A speaker is a function of messages and time handed to it: no clock, chance, I/O or async.',
  },
  {
    folder: 'kube',
    holds: 'a model of Kubernetes and MetalLB: objects, controllers, speakers’ decisions, kube-proxy',
    mayImport: ['values', 'net'],
    packages: [],
    because: 'Controllers are pure functions of objects: no clock, chance, I/O or async.',
  },
  {
    folder: 'lab',
    holds: 'the vocabulary: Lab, Stage, Command, Event, Snapshot, Check, Fault, LabEngine',
    mayImport: ['net', 'kube'],
    packages: [],
    because:
      'Everybody speaks these words, so they know no engine and no screen. (kube: a lab contains Kubernetes objects.)',
  },
  {
    folder: 'lab/files',
    holds:
      'reads srklab.yml, topo.yml, SR Linux configurations, kind configurations and manifests into a Lab',
    mayImport: ['lab', 'net', 'kube'],
    packages: ['yaml', 'valibot'],
    because: 'It is given texts and gives back values or errors; reading files is done at the rim.',
  },
  {
    folder: 'shell',
    holds: 'a line as a learner types it: words, quotes, pipes, joints, loops',
    mayImport: ['lab'],
    packages: [],
    because: 'It reads and joins; what a program does, and where, is the engine’s affair.',
  },
  {
    folder: 'kubectl',
    holds: 'kubectl as a learner types it, against a modelled cluster',
    mayImport: ['lab', 'kube', 'net', 'lab/files'],
    packages: [],
    because:
      'It is handed clusters, time and a place to print: whether an engine invents their nodes or real machines play them is no matter. (lab/files: a learner applies manifests.)',
  },
  {
    folder: 'course',
    holds: 'lesson text → Lesson; what `lessons check` demands',
    mayImport: ['lab', 'net'],
    packages: ['yaml', 'marked', 'valibot'],
    because: 'It is given texts and gives back values or errors; reading files is done at the rim.',
  },
  {
    folder: 'tutor',
    holds: 'the application without a terminal: one state value, messages, effects as data, update',
    mayImport: ['values', 'course', 'lab', 'net'],
    packages: [],
    because: 'update(state, message) is pure: no clock, chance, I/O, async or React.',
  },
  {
    folder: 'engines/embedded',
    holds: 'the embedded lab',
    mayImport: ['values', 'lab', 'bgp', 'kube', 'net', 'lab/files', 'kubectl', 'shell'],
    packages: [],
    because:
      'It is wound by whoever drives it: no wall clock, no Math.random, no other engine. (lab/files: a learner edits configurations and manifests while it runs.)',
  },
  {
    folder: 'engines/frr',
    holds: 'the lab on real FRR daemons in Linux namespaces',
    mayImport: ['lab', 'kube', 'net', 'lab/files', 'programs', 'engines/real'],
    packages: ['node:fs'],
    because: 'It runs in real time beside us: what it needs of the machine it gets through programs/.',
  },
  {
    folder: 'engines/containerlab',
    holds: 'the real lab: Docker, containerlab, kind, Kubernetes, SR Linux; what was made is in its ledger',
    mayImport: ['lab', 'kube', 'net', 'lab/files', 'kubectl', 'programs', 'engines/real', 'files'],
    packages: ['node:crypto', 'node:fs', 'node:fs/promises', 'node:path'],
    because:
      'It runs in real time beside us: what it needs of the machine it gets through programs/. (kubectl: a line means the same cluster, real or not.)',
  },
  {
    folder: 'engines/real',
    holds:
      'what engines of real routers share: lab time, the event log, building stages, what FRR and the kernel print → rows, what learners commit on switches → FRR, clusters that are modelled and played by real machines',
    mayImport: ['lab', 'kube', 'net', 'lab/files', 'kubectl', 'shell'],
    packages: [],
    because: 'It reads what others were told and starts nothing: which engine asked is no matter.',
  },
  {
    folder: 'engines/wrap',
    holds: 'engines around an engine: traced, faulty, recorded',
    mayImport: ['lab'],
    packages: [],
    because: 'A debugging aid wraps any engine, so it knows none.',
  },
  {
    folder: 'files',
    holds: 'a file of the user’s that is replaced whole or not at all',
    mayImport: [],
    packages: ['node:fs/promises', 'node:path'],
    because:
      'Progress and the ledger of a real lab must survive the same accidents: one piece of code writes both.',
  },
  {
    folder: 'programs',
    holds: 'the one door to outside programs: argv arrays in, results as values out; one file for each tool',
    mayImport: ['net'],
    packages: 'any',
    because: 'It starts programs and reads what they print, and knows nothing of what they are started for.',
  },
  {
    folder: 'engines/recording',
    holds: 'a recorded run, replayed',
    mayImport: ['lab'],
    packages: [],
    because: 'It answers from what was written down; which engine that came from is no matter.',
  },
  {
    folder: 'effects',
    holds: 'performs what the tutor wants: runs the engine, files, progress, clock',
    mayImport: ['tutor', 'course', 'lab', 'lab/files', 'net', 'engines/wrap', 'files'],
    packages: 'any',
    because:
      'Effects do I/O and are given a LabEngine; they neither draw nor know an engine by name. (engines/wrap: it knows none either.)',
  },
  {
    folder: 'renderer',
    holds: 'the cell grid and diff beneath Ink, canvas panes, the launcher’s skeleton frame',
    mayImport: [],
    packages: 'any',
    because: 'It draws cells for anybody and knows nothing of the product.',
  },
  {
    folder: 'ui',
    holds: 'Ink: screens, panes, keys, theme, wording',
    mayImport: ['values', 'tutor', 'course', 'lab', 'net', 'renderer'],
    packages: ['ink', 'react', 'ink-spinner', 'marked'],
    because: 'The terminal only draws state and turns keys into messages: no effects, engines or I/O.',
  },
  {
    folder: 'audience',
    holds: 'the page that an audience follows: state → elements, and the little server that hands them out',
    mayImport: ['tutor', 'course', 'lab', 'net', 'ui'],
    packages: ['node:http', 'node:net', 'node:crypto', 'marked'],
    because:
      'It shows what the presenter’s terminal shows: of ui/ it takes words and the plan of the topology, and it never sends a message.',
  },
  {
    folder: 'commands',
    holds: 'one file per command-line verb',
    mayImport: [
      'net',
      'lab',
      'lab/files',
      'course',
      'tutor',
      'engines/embedded',
      'engines/frr',
      'engines/containerlab',
      'programs',
      'engines/wrap',
      'engines/recording',
      'effects',
      'renderer',
      'ui',
      'audience',
    ],
    packages: 'any',
    because: 'Commands put the pieces together and hold no domain logic.',
  },
  {
    folder: 'launcher',
    holds:
      'answers --version and --help, paints a skeleton of the screen, loads the bundle with its code cache',
    mayImport: ['renderer'],
    packages: ['node:fs', 'node:module', 'node:os', 'node:path', 'node:v8', 'node:vm'],
    because:
      'It runs before anything else is loaded, so it loads nothing: of renderer/ only the terminal’s modes and the handover.',
  },
  {
    folder: '',
    holds: 'main.ts: parses arguments, hands over to a command; layers.ts',
    mayImport: ['commands'],
    packages: 'any',
    because: 'main.ts only hands over.',
  },
  {
    folder: 'test-support',
    holds: 'fakes, fixtures, conformance suite; only tests import it',
    mayImport: ['*'],
    packages: 'any',
    because: 'Product code never imports test support.',
  },
  {
    folder: 'stories',
    holds: 'key-driven stories: the whole program in a pseudo-terminal',
    mayImport: ['*'],
    packages: 'any',
    because: 'Product code never imports stories.',
  },
  {
    folder: 'scripts',
    holds: 'developers’ commands: build, start, test, bench, generated files',
    mayImport: ['*'],
    packages: 'any',
    because: 'Product code never imports scripts.',
  },
];
