import { basename, dirname, join } from 'node:path';
import { type LabReading, readLab } from '../lab/files/read-lab.ts';
import { scaleOut } from '../lab/files/scale-out.ts';
import type { Lab } from '../lab/lab.ts';
import { preparedLab } from './prepared-readings.ts';
import { readTextFile } from './read-text-file.ts';

/** Reads a lab from disk: `file` is its srklab.yml, every path in it is relative to that file's folder. */
export function readLabFrom(file: string): LabReading {
  const known = preparedLab(file);
  if (known !== undefined) return known;
  const folder = dirname(file);
  const reading = readLab(basename(file), path => readTextFile(join(folder, path)));
  return reading.outcome === 'read'
    ? { ...reading, lab: withScaledOut(reading.lab, basename(file)) }
    : reading;
}

/** A lab that knows itself scaled out, from the moment when somebody asks. */
function withScaledOut(lab: Lab, labFile: string): Lab {
  let scaled: { readonly lab: Lab | undefined } | undefined;
  return {
    ...lab,
    get scaledOut() {
      scaled ??= { lab: readScaledOut(lab, labFile) };
      return scaled.lab;
    },
  };
}

function readScaledOut(lab: Lab, labFile: string): Lab | undefined {
  const scaled = scaleOut(lab.files, labFile);
  if (scaled.outcome === 'refused') return undefined;
  const reading = readLab(labFile, path => scaled.files.get(path) ?? { problem: 'missing' });
  return reading.outcome === 'read' ? reading.lab : undefined;
}
