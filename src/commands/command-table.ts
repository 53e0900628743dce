import type { ExitCode } from './exit-codes.ts';
import type { ProgramIo } from './program-io.ts';

/** A verb of the command line: all that help and the parser need, and where its code is. */
export type CommandSpec = {
  readonly name: string;
  readonly summary: string;
  /** What follows the verb: "[lesson…]". */
  readonly operands: string;
  /** At most this many operands. */
  readonly most: number;
  readonly options: readonly OptionSpec[];
  readonly details: readonly string[];
  readonly examples: readonly { readonly line: string; readonly meaning: string }[];
  readonly load: () => Promise<{ readonly run: RunCommand }>;
};

export type OptionSpec = {
  readonly name: string;
  readonly short?: string;
  /** Name of its value in help; without one it is a switch. */
  readonly value?: string;
  /** Taken where no number of this kind follows; only for options whose value is a number. */
  readonly otherwise?: string;
  /** The values there are, where they are few. */
  readonly oneOf?: readonly string[];
  readonly help: string;
};

export type Arguments = {
  readonly operands: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  readonly switches: ReadonlySet<string>;
};

export type RunCommand = (args: Arguments, io: ProgramIo) => Promise<ExitCode>;

export const commonOptions: readonly OptionSpec[] = [
  {
    name: 'config',
    short: 'c',
    value: 'FILE',
    help: 'the lab (default: srklab.yml of this folder if there is one, else the lab that ships with the program)',
  },
  {
    name: 'lessons',
    value: 'DIR',
    help: 'the lessons (default: lessons of this folder if there are any, else those that ship with the program)',
  },
  {
    name: 'lab',
    value: 'ENGINE',
    help: 'what runs the lab: embedded, frr (real FRR daemons, Linux), containerlab (Docker), or recording:FILE (default: embedded)',
  },
  {
    name: 'seed',
    value: 'NUMBER',
    help: 'of the embedded lab; the same seed gives the same run (default: 1)',
  },
  { name: 'help', short: 'h', help: 'this text' },
];

const record: OptionSpec = {
  name: 'record',
  value: 'FILE',
  help: 'write down what goes through the lab, to replay it with --lab recording:FILE',
};

const theme: OptionSpec = {
  name: 'theme',
  value: 'THEME',
  oneOf: ['dark', 'light'],
  help: 'colours for a dark or a light background (default: what the terminal says)',
};

export const commands: readonly CommandSpec[] = [
  {
    name: 'learn',
    summary: 'the tutorial (also without any verb)',
    operands: '[lesson]',
    most: 1,
    options: [
      { name: 'plain', help: 'lines instead of a screen: for screen readers and simple terminals' },
      record,
      theme,
    ],
    details: [
      'Opens the tutorial on the terminal. Without one, or with --plain, it reads lines and writes lines: an empty line does the',
      'next thing of the step, "help" lists the rest.',
    ],
    examples: [
      { line: 'srklab-tutor', meaning: 'the lessons, where you left them' },
      { line: 'srklab-tutor learn 05-service', meaning: 'straight into a lesson' },
      { line: 'srklab-tutor --plain', meaning: 'without a screen' },
    ],
    load: () => import('./learn.ts'),
  },
  {
    name: 'play',
    summary: 'takes lessons without a learner: solutions, checks, faults',
    operands: '[lesson…]',
    most: 99,
    options: [
      { name: 'all', help: 'every lesson' },
      record,
      {
        name: 'report',
        value: 'FORMAT',
        oneOf: ['tap', 'json', 'markdown'],
        help: 'of the outcome (default: tap)',
      },
    ],
    details: [
      'Each step: its check must fail before the solution and hold after it; after the last fault is healed the lab must be what it',
      'was. Ends with 1 when something is not so.',
    ],
    examples: [
      { line: 'srklab-tutor play --all', meaning: 'all lessons' },
      {
        line: 'srklab-tutor play 08-break-a-leaf --report markdown',
        meaning: 'one lesson, to paste into an issue',
      },
    ],
    load: () => import('./play.ts'),
  },
  {
    name: 'lessons',
    summary: 'lists lessons, or checks them like code',
    operands: 'list|check [lesson…]',
    most: 99,
    options: [
      { name: 'json', help: 'machine-readable' },
      { name: 'no-run', help: 'check: read only, do not play the lessons' },
    ],
    details: [
      'Mistakes are shown with file:line:column and an excerpt. check ends with 3 for mistakes in files, 1 for checks that fail.',
    ],
    examples: [
      { line: 'srklab-tutor lessons list', meaning: 'ids, titles, minutes, progress' },
      { line: 'srklab-tutor lessons check --lessons my-lessons', meaning: 'before you share your lessons' },
    ],
    load: () => import('./lessons.ts'),
  },
  {
    name: 'present',
    summary: 'the talk on stage: slides here, notes and a page elsewhere',
    operands: '[lesson]',
    most: 1,
    options: [
      record,
      {
        name: 'fallback',
        value: 'FILE',
        help: 'a recording of the lesson: F puts it in the place of a lab that fails',
      },
      theme,
      {
        name: 'serve',
        value: 'PORT',
        otherwise: '8089',
        help: 'a read-only page that follows you, for the audience (default port: 8089; 0: any that is free)',
      },
      {
        name: 'serve-address',
        value: 'ADDRESS',
        help: 'where the page is served (default: 127.0.0.1, this machine alone)',
      },
      { name: 'socket', value: 'FILE', help: 'where notes attach, when several talks run on one machine' },
    ],
    details: [
      'A clicker works as it is: forward, back, black screen. No key changes the lab until "a" has armed it for 30 seconds. Open',
      '"srklab-tutor notes" in a second terminal. More in docs/presenting.md.',
    ],
    examples: [
      { line: 'srklab-tutor present', meaning: 'from the first lesson on' },
      { line: 'srklab-tutor present 08', meaning: 'one lesson, the lab brought to its beginning' },
      {
        line: 'srklab-tutor present 08 --serve --serve-address 0.0.0.0',
        meaning: 'with a page that the room can open',
      },
    ],
    load: () => import('./present.ts'),
  },
  {
    name: 'notes',
    summary: 'speaker notes, time and the lab’s health, beside "present"',
    operands: '',
    most: 0,
    options: [
      { name: 'socket', value: 'FILE', help: 'where "present" listens' },
      { name: 'plain', help: 'lines instead of a screen' },
    ],
    details: [
      'Waits for a presenter of the same user on the same machine, and finds it again after a crash.',
    ],
    examples: [{ line: 'srklab-tutor notes', meaning: 'in a second terminal' }],
    load: () => import('./notes.ts'),
  },
  {
    name: 'show',
    summary: 'builds the lab and prints a table of it',
    operands: '<table>',
    most: 1,
    options: [
      { name: 'until', value: 'STAGE', help: 'build up to this stage (default: the last one)' },
      { name: 'node', value: 'NODE', help: 'of this switch (where a table is a node’s)' },
      { name: 'instance', value: 'NAME', help: 'of this network-instance' },
      { name: 'break', value: 'FAULT', help: 'break this first: "link-cut LEAF-DC-1 SPINE-DC-1"' },
      { name: 'json', help: 'machine-readable' },
      { name: 'csv', help: 'for spreadsheets' },
      { name: 'markdown', help: 'to paste into an issue' },
    ],
    details: [],
    examples: [
      { line: 'srklab-tutor show sessions --until fabric', meaning: 'BGP sessions of the bare fabric' },
      {
        line: 'srklab-tutor show forwarding --node BORDER-DC --instance kube-ipvrf --json',
        meaning: 'next-hop groups of the border',
      },
      { line: 'srklab-tutor show timeline --break "node-stopped LEAF-DC-1"', meaning: 'what a fault does' },
      {
        line: 'srklab-tutor show failover --break "node-stopped LEAF-DC-1" --markdown',
        meaning: 'the same, summed up',
      },
    ],
    load: () => import('./show.ts'),
  },
  {
    name: 'capture',
    summary: 'builds the lab and writes its BGP packets into a pcap file',
    operands: '',
    most: 0,
    options: [
      { name: 'output', short: 'o', value: 'FILE', help: 'the file, for Wireshark or tshark' },
      { name: 'until', value: 'STAGE', help: 'build up to this stage (default: the last one)' },
      { name: 'break', value: 'FAULT', help: 'then break this: "link-cut LEAF-DC-1 SPINE-DC-1"' },
      { name: 'link', value: 'LINK', help: 'only what crossed this link: "LEAF-DC-1 SPINE-DC-1"' },
      { name: 'force', help: 'replace the file when it is there' },
    ],
    details: [
      'From the first SYN on: connections, OPENs, UPDATEs, what a fault ended. Time zero of the lab is 2026-01-01. BFD and clients’',
      'requests are not in it (docs/not-modelled.md).',
    ],
    examples: [
      { line: 'srklab-tutor capture -o fabric.pcap --until fabric', meaning: 'the fabric coming up' },
      {
        line: 'srklab-tutor capture -o cut.pcap --break "link-cut LEAF-DC-1 SPINE-DC-1"',
        meaning: 'what a cut link makes the switches say',
      },
    ],
    load: () => import('./capture.ts'),
  },
  {
    name: 'export',
    summary: 'the talk to take home: a handout, or a terminal recording of a lesson',
    operands: 'handout [lesson…] | cast <lesson>',
    most: 99,
    options: [
      { name: 'output', short: 'o', value: 'FILE', help: 'write it there (default: standard output)' },
      {
        name: 'format',
        value: 'FORMAT',
        oneOf: ['html', 'markdown'],
        help: 'of the handout (default: html)',
      },
      { name: 'force', help: 'replace the file when it is there' },
      { name: 'no-run', help: 'handout: only what you did yourself, do not play the lessons' },
    ],
    details: [
      'A handout holds the lessons with the outputs and measurements of your own run, and where you have none, of the lab played',
      'now. A cast is in the asciicast v2 format.',
    ],
    examples: [
      { line: 'srklab-tutor export handout -o talk.html', meaning: 'one HTML file that needs nothing else' },
      { line: 'srklab-tutor export handout 08 --format markdown', meaning: 'one lesson as Markdown' },
      { line: 'srklab-tutor export cast 08-break-a-leaf -o leaf.cast', meaning: 'for the asciinema player' },
    ],
    load: () => import('./export.ts'),
  },
  {
    name: 'scale-out',
    summary: 'writes the lab with a third leaf and a third worker',
    operands: '',
    most: 0,
    options: [{ name: 'output', short: 'o', value: 'DIR', help: 'a folder that is new or empty' }],
    details: [
      'Each file is made from the lab’s own: the new leaf is LEAF-DC-2 with other numbers. Lessons that need it use this lab by',
      'themselves on the embedded lab; on a real machine, build it from the folder.',
    ],
    examples: [
      { line: 'srklab-tutor scale-out -o bigger', meaning: 'then: srklab-tutor -c bigger/srklab.yml' },
    ],
    load: () => import('./scale-out.ts'),
  },
  {
    name: 'start',
    summary: 'builds the real lab on this machine: Docker, containerlab, kind',
    operands: '',
    most: 0,
    options: [
      { name: 'until', value: 'STAGE', help: 'build up to this stage (default: all of them)' },
      { name: 'dry-run', help: 'print every command that would run, in order, and run none' },
      { name: 'yes', short: 'y', help: 'do not ask' },
      { name: 'json', help: 'machine-readable: an object a line, with --dry-run one object' },
    ],
    details: [
      'What is there already stays as it is, so the same command goes on after a crash or Ctrl-C. What it makes is written down',
      'for "srklab clear". "srklab -c start srklab.yml", as the original had it, works too. More in docs/real-lab.md.',
    ],
    examples: [
      { line: 'srklab start -c srklab.yml', meaning: 'the whole lab' },
      {
        line: 'srklab start -c srklab-lite.yml --until fabric',
        meaning: 'FRR switches and their links, no clusters',
      },
      { line: 'srklab start -c srklab.yml --dry-run', meaning: 'what would run, with what runs as root' },
    ],
    load: () => import('./start.ts'),
  },
  {
    name: 'status',
    summary: 'what of the real lab is there, whose it is, what is broken',
    operands: '',
    most: 0,
    options: [{ name: 'json', help: 'machine-readable' }],
    details: ['It only looks.'],
    examples: [{ line: 'srklab status -c srklab.yml', meaning: 'stages, containers, who holds the lab' }],
    load: () => import('./status.ts'),
  },
  {
    name: 'clear',
    summary: 'removes what the real lab made on this machine',
    operands: '',
    most: 0,
    options: [
      { name: 'yes', short: 'y', help: 'do not ask' },
      { name: 'dry-run', help: 'say what would go and what would stay, and remove nothing' },
      { name: 'adopted-too', help: 'also what was there before srklab came to it' },
      { name: 'json', help: 'machine-readable' },
    ],
    details: [
      'Only what the lab made goes: other clusters, networks, containers and images stay, and it says which of them it saw.',
    ],
    examples: [
      { line: 'srklab clear -c srklab.yml', meaning: 'says what goes and what stays, then asks' },
      { line: 'srklab clear -c srklab.yml --yes', meaning: 'in scripts' },
    ],
    load: () => import('./clear.ts'),
  },
  {
    name: 'support',
    summary: 'what a bug report about the real lab needs, without what says who you are',
    operands: '',
    most: 0,
    options: [
      { name: 'output', short: 'o', value: 'FILE', help: 'write it there (default: standard output)' },
      { name: 'force', help: 'replace the file when it is there' },
    ],
    details: [
      'Versions, the doctor, the log of the last build, the last events. Home folders, user and host names, mail, hardware and',
      'public addresses and secrets are taken out. It is a text file: read it before you send it. Nothing is sent by itself.',
    ],
    examples: [{ line: 'srklab-tutor support -o report.txt', meaning: 'to attach to an issue' }],
    load: () => import('./support.ts'),
  },
  {
    name: 'doctor',
    summary: 'looks whether this machine has what it takes',
    operands: '',
    most: 0,
    options: [
      { name: 'json', help: 'machine-readable' },
      { name: 'fix', help: 'run what mends it and can hurt nothing, after asking' },
      { name: 'yes', short: 'y', help: 'with --fix: do not ask' },
    ],
    details: ['One row for each thing: what was found, what is needed, why, and how to mend it.'],
    examples: [
      { line: 'srklab-tutor doctor', meaning: 'before a workshop' },
      { line: 'srklab-tutor doctor --lab containerlab', meaning: 'what the real lab takes of this machine' },
      { line: 'srklab-tutor doctor --lab containerlab --fix', meaning: 'kernel limits, modules, images' },
    ],
    load: () => import('./doctor.ts'),
  },
];
