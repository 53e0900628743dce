import type { KubeObject } from '../../kube/objects.ts';
import type { FileError } from '../lab-error.ts';

export type ManifestReading = {
  /** In file order. Objects with errors are left out. */
  readonly objects: readonly KubeObject[];
  /** Errors and warnings. */
  readonly diagnostics: readonly FileError[];
};

/** Reads a multi-document YAML (or JSON) manifest. An empty file gives no objects and a warning. */
export function readManifests(_text: string, _file: string): ManifestReading {
  throw new Error('not written yet');
}

/** The objects behind a manifest's address where the lab knows them (MetalLB's release manifests); undefined for any other address. */
export function knownRemoteManifest(_address: string): readonly KubeObject[] | undefined {
  throw new Error('not written yet');
}
