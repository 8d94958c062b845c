import PQueue from 'p-queue';
import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { ClusterId, MachineId } from '../../errors/ids.js';
import type { EngineDependencies } from '../context.js';
import type { ClusterRecordContent } from '../ports/cluster-records.js';
import type { ShownText } from '../ports/nodes.js';
import type { MachineListing, MachineLogIn } from '../ports/provider.js';
import { chooseRecord, type ChosenRecord, type VerifiedRecord } from './choose-record.js';
import type { FoundCluster } from './find-clusters.js';
import { sharesHostKey } from './shares-host-key.js';

/** How long a machine may take to show its record. */
const READ_MS = 10_000;
/** As bde makes machines. */
const USUAL_LOG_IN = { port: 22, user: 'root' } as const;

/** What reading records reaches the world through. */
export type RecordReading = Pick<EngineDependencies, 'nodes' | 'records' | 'sealer' | 'provider' | 'limits'>;

/** Why the record of one machine does not count. */
export interface RecordProblem {
  readonly node: string;
  readonly error: BdeError;
}

/** The record of a cluster, with what was wrong with those of other machines. */
export interface ReadRecords extends ChosenRecord {
  readonly problems: readonly RecordProblem[];
}

/**
 * The highest-numbered record that the machines of a cluster show to the recovery key: signed by the identity, of this
 * cluster, and naming the host key that was met.
 *
 * @throws BdeError `RECORD_UNUSABLE` where no machine shows such a one
 */
export async function readRecords(
  deps: RecordReading,
  { id, name, machines }: FoundCluster,
  signal: AbortSignal,
): Promise<ReadRecords> {
  const queue = new PQueue({ concurrency: deps.limits.connectsAtOnce });
  const running = machines.filter(({ state, addresses }) => state === 'on' && addresses.length > 0);
  const answers = await Promise.all(
    running.map((machine) => queue.add(() => attempt(machine, () => readRecordOf(deps, machine, { id, signal })))),
  );
  const problems = answers.flatMap((answer) => ('error' in answer ? [answer] : []));
  const chosen = chooseRecord(answers.flatMap((answer) => ('content' in answer ? [answer] : [])));
  if (chosen === null) throw noRecord(name, problems);
  return { ...chosen, problems };
}

/**
 * The record of the machine at an address, of whatever cluster.
 *
 * @throws BdeError `RECORD_UNUSABLE`, those of reading it
 */
export async function readRecordAt(
  deps: RecordReading,
  address: string,
  signal: AbortSignal,
): Promise<ClusterRecordContent> {
  const shown = await readAt(deps, { name: address, address }, signal);
  const content = await deps.records.open(shown.bytes);
  const known = content.machines.some(({ hostKey }) => sharesHostKey(hostKey, shown.hostKey));
  if (!known) throw strangeHost(address);
  return content;
}

async function attempt(
  { mark }: MachineListing,
  read: () => Promise<ClusterRecordContent>,
): Promise<VerifiedRecord | RecordProblem> {
  try {
    return { node: mark.nodeName, content: await read() };
  } catch (error) {
    if (!isBdeError(error)) throw error;
    return { node: mark.nodeName, error };
  }
}

async function readRecordOf(
  deps: RecordReading,
  { mark, addresses: [address = ''] }: MachineListing,
  { id, signal }: { readonly id: ClusterId; readonly signal: AbortSignal },
): Promise<ClusterRecordContent> {
  const shown = await readAt(deps, { name: mark.nodeName, address }, signal);
  const content = await deps.records.open(shown.bytes, { clusterId: id });
  if (!namesHost(content, mark.machineId, shown)) throw strangeHost(mark.nodeName);
  return content;
}

function namesHost({ machines }: ClusterRecordContent, machineId: MachineId, { hostKey }: ShownText): boolean {
  const machine = machines.find(({ id }) => id === machineId);
  return machine !== undefined && sharesHostKey(machine.hostKey, hostKey);
}

/** By the recovery key, as each user that may have it; by the operator's own keys where the provider has such a way. */
async function readAt(
  deps: RecordReading,
  { name, address }: { readonly name: string; readonly address: string },
  signal: AbortSignal,
): Promise<ShownText> {
  const logIn = await logInTo(deps, address);
  const privateKey = deps.sealer.recoveryKey().privateOpenSsh;
  const errors: unknown[] = [];
  for (const user of new Set([logIn.user, USUAL_LOG_IN.user])) {
    try {
      return await deps.nodes.readForced({ name, ...logIn, user, privateKey }, { timeoutMs: READ_MS, signal });
    } catch (error) {
      if (!isBdeError(error, 'LOGIN_REFUSED') && !isBdeError(error, 'NODE_FAILED')) throw error;
      errors.push(error);
    }
  }
  const asOperator = await readAsOperator(deps, address, signal);
  if (asOperator !== null) return asOperator;
  throw errors[0];
}

async function logInTo(
  { provider }: RecordReading,
  address: string,
): Promise<Pick<MachineLogIn, 'address' | 'port' | 'user' | 'jumps'>> {
  if (provider.access === undefined) return { address, ...USUAL_LOG_IN };
  const { port, user, jumps, ...way } = await provider.access.accessTo(address);
  return { address: way.address, port, user, ...(jumps === undefined ? {} : { jumps }) };
}

async function readAsOperator(
  { provider, nodes, records }: RecordReading,
  address: string,
  signal: AbortSignal,
): Promise<ShownText | null> {
  const target = await provider.access?.operatorAt(address);
  if (target === undefined) return null;
  const link = await nodes.connect(target, { timeoutMs: READ_MS, signal });
  try {
    const { stdout, exitCode } = await link.command(records.printCommand(), { timeoutMs: READ_MS, signal });
    return exitCode === 0 ? { bytes: Buffer.from(stdout), hostKey: target.hostKey } : null;
  } finally {
    await link.close();
  }
}

function strangeHost(node: string): BdeError {
  return new BdeError(
    'RECORD_UNUSABLE',
    `The record that ${node} shows does not name the host key that ${node} has: it is the record of another machine.`,
    { subject: { node }, hint: 'Look at what answers there; the records of other machines may still serve.' },
  );
}

function noRecord(cluster: string, problems: readonly RecordProblem[]): BdeError {
  const why = problems.length === 0 ? 'no machine of it is on' : problems.map(({ error }) => error.message).join('; ');
  return new BdeError('RECORD_UNUSABLE', `No machine of ${cluster} shows a cluster record that can be used: ${why}.`, {
    subject: { cluster },
    hint:
      'Turn its machines on, and set BDE_IDENTITY to the identity that made it. Without a record the machines can only ' +
      'be removed: bde doctor --fix --destroy-unknown.',
    failures: problems.map(({ error }) => error),
  });
}
