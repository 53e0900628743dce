/** Environment variables that name a program where it is not to be looked for in PATH. */
const variables: ReadonlyMap<string, string> = new Map([
  ['containerlab', 'SRKLAB_CONTAINERLAB'],
  ['kind', 'SRKLAB_KIND'],
  ['kubectl', 'SRKLAB_KUBECTL'],
]);

/** Puts a program's own path into an argument list, also behind sudo. */
export function namedPrograms(env: NodeJS.ProcessEnv): (argv: readonly string[]) => string[] {
  return argv => {
    const at = argv[0] === 'sudo' ? argv.findIndex((word, index) => index > 0 && !word.startsWith('-')) : 0;
    const variable = variables.get(argv[at] ?? '');
    const path = variable === undefined ? undefined : env[variable];
    return path === undefined || path === '' ? [...argv] : argv.toSpliced(at, 1, path);
  };
}
