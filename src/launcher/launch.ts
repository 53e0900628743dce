import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadApp } from './load-app.ts';
import { opensTutorial } from './opens-tutorial.ts';
import { paintSkeleton } from './paint-skeleton.ts';
import { screenFlags } from './screen-flags.ts';
import { growYoungSpaceOnce } from './young-space.ts';

/** Written into the launcher when it is built. */
declare const VERSION: string;
declare const BUILD: string;
declare const HELP: string;

/** What the bundle exports. The number is the exit code. */
type App = {
  readonly main: (
    argv: readonly string[],
    /** Where package.json and the lessons and lab files of the package are. */
    place: { readonly packageFolder: string },
  ) => Promise<number>;
};

const oldestNode = 20;
const exitCodeOfUnable = 4;
const exitCodeOfBugs = 70;

launch(process.argv.slice(2));

function launch(argv: readonly string[]): void {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    process.stderr.write(
      `srklab-tutor needs Node.js ${oldestNode} or newer; this is ${process.version}.\nInstall a newer one from nodejs.org and try again.\n`,
    );
    process.exitCode = 1;
  } else if (argv.length === 1 && ['--version', '-v', '-V'].includes(argv[0] ?? '')) {
    answer(`${VERSION}\n`);
  } else if (argv.length === 1 && ['--help', '-h', 'help'].includes(argv[0] ?? '')) {
    answer(HELP);
  } else {
    start(argv);
  }
}

/** A reader who left is no mistake; a disk that is full is one. */
function answer(text: string): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`srklab-tutor: cannot write: ${error.message}\n`);
    process.exitCode = exitCodeOfUnable;
  });
  process.stdout.write(text);
}

function start(argv: readonly string[]): void {
  // Ink colours by FORCE_COLOR only; the convention users know is NO_COLOR.
  if (process.env['NO_COLOR'] && process.env['FORCE_COLOR'] === undefined) process.env['FORCE_COLOR'] = '0';
  const tutorial = opensTutorial(argv, process.env, process.stdin.isTTY && process.stdout.isTTY);
  if (tutorial) for (const flag of screenFlags) setFlagsFromString(flag);
  const skeleton = tutorial ? paintSkeleton() : undefined;
  const app = loadApp<App>({
    file: join(__dirname, 'app.cjs'),
    key: `${VERSION}-${BUILD}`,
    keepsCache: tutorial,
  });
  // Not before: V8 takes compiled code only under the very flags it was kept under.
  if (tutorial) growYoungSpaceOnce();
  app.main(argv, { packageFolder: join(__dirname, '..') }).then(
    exitCode => {
      skeleton?.giveBack();
      // What was written is read before the process ends, also when it goes through a pipe.
      process.stdout.write('', () => process.exit(exitCode));
    },
    error => {
      skeleton?.giveBack();
      process.stderr.write(
        `srklab-tutor stopped because of a mistake in srklab-tutor.\n${describe(error)}\n`,
      );
      process.exit(exitCodeOfBugs);
    },
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
