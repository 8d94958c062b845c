import { readFile } from 'node:fs/promises';
import { BdeError } from '../../errors/bde-error.js';
import { NO_CHANGE, type ChangeInputs, type ChangeRequest } from '../../engine/operations/change-request.js';
import type { ClusterRecord } from '../../engine/ports/store.js';
import type { Plan } from '../../plan/plan.js';
import { writeFileAtomically } from './write-file-atomically.js';

/** A saved plan: what was shown, and all that it was made from, so that applying it reads nothing else. */
export interface PlanFile {
  readonly formatVersion: 1;
  readonly cluster: { readonly id: string; readonly name: string };
  readonly request: SavedRequest;
  readonly plan: Plan;
}

type SavedRequest = Omit<ChangeRequest, 'inputs' | 'secrets'> & {
  readonly inputs: 'pinned' | 'former' | SavedInputs;
};

type SavedInputs = Omit<ChangeInputs, 'cookbooks' | 'secrets'> & {
  /** Files in base64. */
  readonly cookbooks: readonly {
    readonly name: string;
    readonly path: string;
    readonly files: Readonly<Record<string, string>>;
  }[];
};

/**
 * Saves a plan.
 *
 * @throws BdeError `USAGE` where the change gives secrets new values: a plan file would show them
 */
export async function writePlanFile(
  path: string,
  saved: { readonly cluster: ClusterRecord; readonly request: ChangeRequest; readonly plan: Plan },
): Promise<void> {
  const { cluster, plan } = saved;
  const { secrets, ...request } = saved.request;
  const file: PlanFile = {
    formatVersion: 1,
    cluster: { id: cluster.id, name: cluster.name },
    request: { ...request, inputs: typeof request.inputs === 'string' ? request.inputs : pack(request.inputs) },
    plan,
  };
  if (secrets.set.size + secrets.rotate.length > 0) throw new TypeError('what changes secrets is not saved');
  await writeFileAtomically(path, `${JSON.stringify(file)}\n`);
}

/**
 * Reads a saved plan back.
 *
 * @throws BdeError `FILE_UNREADABLE`, `PLAN_OUTDATED` for another format
 */
export async function readPlanFile(
  path: string,
): Promise<{ readonly cluster: PlanFile['cluster']; readonly request: ChangeRequest; readonly plan: Plan }> {
  const file = parsePlanFile(path, await readText(path));
  const { inputs } = file.request;
  // An older bde knew less that can be asked for.
  const request = { ...NO_CHANGE, ...file.request, inputs: typeof inputs === 'string' ? inputs : unpack(inputs) };
  return { cluster: file.cluster, request, plan: file.plan };
}

function pack({ cookbooks, secrets, ...rest }: ChangeInputs): SavedInputs {
  if (secrets.size > 0) {
    throw new BdeError('USAGE', 'The spec gives values to secrets, which a plan file must not hold.', {
      hint: 'Apply it at once: leave --out away.',
    });
  }
  const packed = cookbooks.map(({ name, path, files }) => ({
    name,
    path,
    files: Object.fromEntries(Object.entries(files).map(([file, content]) => [file, content.toString('base64')])),
  }));
  return { ...rest, cookbooks: packed };
}

function unpack({ cookbooks, ...rest }: SavedInputs): ChangeInputs {
  const unpacked = cookbooks.map(({ name, path, files }) => ({
    name,
    path,
    files: Object.fromEntries(Object.entries(files).map(([file, text]) => [file, Buffer.from(text, 'base64')])),
  }));
  return { ...rest, cookbooks: unpacked, secrets: new Map() };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new BdeError('FILE_UNREADABLE', `The plan file ${path} cannot be read: ${String(error)}.`, {
      subject: { file: path },
      cause: error instanceof Error ? error : undefined,
    });
  }
}

function parsePlanFile(path: string, text: string): PlanFile {
  const value = parseJson(text);
  const isOurs = typeof value === 'object' && value !== null && 'formatVersion' in value && 'plan' in value;
  if (isOurs && value.formatVersion === 1) return value as PlanFile;
  const seen = isOurs ? `has format ${String(value.formatVersion)}` : 'is no saved plan';
  throw new BdeError('PLAN_OUTDATED', `The file ${path} ${seen}; this bde reads plans of format 1.`, {
    subject: { file: path },
    hint: 'Make the plan anew: bde cluster apply NAME --spec FILE --plan --out FILE.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
