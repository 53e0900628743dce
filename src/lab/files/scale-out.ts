import { copyDocuments, copyItems, copyRuns, type Rewrite, rewriter } from './copy-lines.ts';
import { isAddress } from './paths.ts';

export type ScaledOut =
  | { readonly outcome: 'scaled'; readonly files: ReadonlyMap<string, string> }
  | { readonly outcome: 'refused'; readonly because: string };

/**
 * The files of the talk's lab → those of the same lab with a third leaf and a third worker behind it. The new leaf is LEAF-DC-2 with
 * other numbers, line by line. `files`: path relative to the lab file's folder → text; `labFile`: the path of srklab.yml in it.
 */
export function scaleOut(files: ReadonlyMap<string, string>, labFile: string): ScaledOut {
  if (files.has(added.config)) return refused(`the lab has a ${added.config} already`);
  const topology = topologies.find(path => files.has(path)) ?? 'topo.yml';
  const missing = [labFile, topology, pattern.config, 'fabric/SPINE-DC-1.cfg', 'kind/datacenter.yaml'].find(
    path => !files.has(path),
  );
  if (missing !== undefined)
    return refused(`there is no ${missing}; only the lab of the talk can be scaled out`);
  const scaled = new Map<string, string>();
  for (const [path, text] of files) {
    if (isAddress(path)) continue;
    scaled.set(path, scaledFile(path, text, labFile));
    if (path === pattern.config) scaled.set(added.config, toThird(text));
  }
  return { outcome: 'scaled', files: scaled };
}

const topologies = ['topo.yml', 'topo.frr.yml'];
const pattern = { config: 'fabric/LEAF-DC-2.cfg' };
const added = { config: 'fabric/LEAF-DC-3.cfg' };

/** What tells the second leaf and its worker apart from the others, and what it is for the third. Whole words only. */
const toThird: Rewrite = rewriter([
  ['LEAF-DC-2', 'LEAF-DC-3'],
  ['leaf-dc-2', 'leaf-dc-3'],
  ['datacenter-worker2', 'datacenter-worker3'],
  ['65002', '65003'],
  ['65302', '65303'],
  ['1.1.1.2', '1.1.1.3'],
  ['1.1.1.202', '1.1.1.203'],
  ['10.1.2.0', '10.1.3.0'],
  ['10.1.2.1', '10.1.3.1'],
  ['10.2.2.0', '10.2.3.0'],
  ['10.2.2.1', '10.2.3.1'],
  ['192.168.101.102', '192.168.101.103'],
  ['172.18.100.122', '172.18.100.126'],
  ['6.5.2.2', '6.5.2.4'],
  ['hash-seed 102', 'hash-seed 103'],
  ['SPINE-DC-1:e1-2', 'SPINE-DC-1:e1-3'],
  ['SPINE-DC-2:e1-2', 'SPINE-DC-2:e1-3'],
]);

/** On a spine the second leaf is also a port. */
const toThirdOnSpine: Rewrite = line => toThird(line).replace(/\bethernet-1\/2(?!\d)/g, 'ethernet-1/3');

function scaledFile(path: string, text: string, labFile: string): string {
  if (path === labFile) return copyItems(text, 'links', toThird);
  if (topologies.includes(path)) return withDrawing(copyRuns(text, toThird));
  if (/^fabric\/SPINE-DC-\d\.cfg$/.test(path)) return copyRuns(text, toThirdOnSpine);
  if (path.startsWith('metallb/')) return copyDocuments(text, toThird);
  if (path === 'kind/datacenter.yaml') return withWorker(text);
  return text;
}

function withWorker(text: string): string {
  const spoken = text.replace('two workers, one behind each leaf', 'three workers, one behind each leaf');
  const last = spoken.lastIndexOf('  - role: worker');
  const line = spoken.indexOf('\n', last) + 1;
  return last < 0 || line === 0 ? spoken : `${spoken.slice(0, line)}  - role: worker\n${spoken.slice(line)}`;
}

/** The comment at the top shows the fabric. */
function withDrawing(text: string): string {
  return `${drawing}${text.replace(/^(#.*\n)+/, '')}`;
}

const drawing = `# The fabric, scaled out: three leaves for the Kubernetes workers, a border leaf for the clients, two spines.
#
#               SPINE-DC-1                 SPINE-DC-2
#          e1-1 e1-2 e1-3 e1-10       e1-1 e1-2 e1-3 e1-10
#
#     LEAF-DC-1    LEAF-DC-2    LEAF-DC-3    BORDER-DC     every leaf: e1-1 to SPINE-DC-1, e1-2 to SPINE-DC-2
#       e1-10        e1-10        e1-10        e1-10
#      worker       worker2      worker3      clients      srklab.yml joins these
`;

function refused(because: string): ScaledOut {
  return { outcome: 'refused', because };
}
