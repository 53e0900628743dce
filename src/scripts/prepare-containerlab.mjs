// What the real tests with containerlab stand on: a Docker engine, containerlab, kind, an image with FRR, an API server.
// `node src/scripts/prepare-containerlab.mjs` prepares and prints what there is as JSON; with --stop it ends what it started.
// Everything is kept for the next time. What cannot be had is said; the tests that need it are then skipped.
import { fileURLToPath } from 'node:url';
import { startDocker, stopDocker } from './containerlab/docker-engine.mjs';
import { prepareContainerlab, prepareKind, prepareKubernetes } from './containerlab/go-tools.mjs';
import { prepareImages } from './containerlab/images.mjs';
import { installDebian, whereIs } from './containerlab/run.mjs';
import { removeModuleList, withModuleList } from './containerlab/without-modules.mjs';

/** What this machine has for the real lab; what it has not is undefined. `started`: a Docker engine was started for us. */
export async function prepareRealLab() {
  const docker = await startDocker();
  const dockerHost = docker?.host;
  const image =
    dockerHost && prepareImages(dockerHost, fileURLToPath(new URL('../../topo.frr.yml', import.meta.url)));
  const plain = prepareContainerlab();
  const containerlab = plain && withModuleList(plain);
  const etcd = installDebian({ etcd: 'etcd-server' }) ? whereIs('etcd') : undefined;
  return {
    dockerHost,
    started: docker?.started === true,
    image,
    containerlab,
    kind: prepareKind(),
    kubectl: whereIs('kubectl'),
    etcd,
    kubernetes: prepareKubernetes(),
  };
}

/** Ends the Docker engine of `prepareRealLab`, if that started one. */
export async function stopRealLab() {
  const stopped = await stopDocker();
  removeModuleList();
  return stopped;
}

/** The environment in which tests and the program find all of it. */
export function environmentOf(prepared) {
  const named = {
    DOCKER_HOST: prepared.dockerHost,
    SRKLAB_CONTAINERLAB: prepared.containerlab,
    SRKLAB_KIND: prepared.kind,
    SRKLAB_KUBERNETES: prepared.kubernetes,
    SRKLAB_ETCD: prepared.etcd,
    // Nothing is asked of the Internet, a newer version of containerlab neither.
    CLAB_VERSION_CHECK: 'disable',
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--stop')) {
    console.log(
      (await stopRealLab()) ? 'The Docker engine of the real tests has ended.' : 'None of ours was running.',
    );
  } else {
    const started = performance.now();
    console.log(JSON.stringify(environmentOf(await prepareRealLab()), undefined, 2));
    console.error(`${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}
