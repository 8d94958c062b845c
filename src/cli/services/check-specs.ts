import { BdeError } from '../../errors/bde-error.js';
import { errorToJson, type ErrorJson } from '../../report/error-json.js';
import type { DataRequest } from './find-data-folders.js';
import { readClusterInputs } from './read-cluster-inputs.js';

/** `bde spec validate`; `formatVersion` 1. */
export interface SpecVerdicts {
  readonly formatVersion: 1;
  /** True when every file holds. */
  readonly holds: boolean;
  /** In the order in which they were named. */
  readonly files: readonly SpecVerdict[];
}

/** What is to be said about one spec. */
export interface SpecVerdict {
  /** As it was named. */
  readonly file: string;
  readonly holds: boolean;
  /** Null where the spec does not hold. */
  readonly nodeCount: number | null;
  readonly warnings: readonly string[];
  /** Everything that is wrong, each with its place. */
  readonly errors: readonly ErrorJson[];
}

/** Reads each spec as `cluster create` would, and says what is wrong with it. */
export async function checkSpecs(
  labels: readonly string[],
  data: DataRequest,
  projectRoot: string,
): Promise<SpecVerdicts> {
  const files: SpecVerdict[] = [];
  for (const label of labels) files.push(await checkSpec(label, data, projectRoot));
  return { formatVersion: 1, holds: files.every((file) => file.holds), files };
}

async function checkSpec(label: string, data: DataRequest, projectRoot: string): Promise<SpecVerdict> {
  const request = { ...data, name: undefined, spec: label, distro: undefined, provider: undefined, overrides: [] };
  try {
    const { resolved, warnings } = await readClusterInputs(request, projectRoot);
    return { file: label, holds: true, nodeCount: resolved.nodes.length, warnings, errors: [] };
  } catch (error) {
    if (!(error instanceof BdeError)) throw error;
    const errors = error.failures.length === 0 ? [error] : error.failures;
    return { file: label, holds: false, nodeCount: null, warnings: [], errors: errors.map(errorToJson) };
  }
}
