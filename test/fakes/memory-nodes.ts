import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { BdeError } from '../../src/errors/bde-error.js';
import type { Digest, MachineId, RunId } from '../../src/errors/ids.js';
import { Secret } from '../../src/errors/secret.js';
import type { CommandResult, NodeLink, Nodes, NodeTarget, RunEnd, RunRequest } from '../../src/engine/ports/nodes.js';
import { diskStorage, storageOf, type WorldPlace, type WorldStorage } from './world-storage.js';

/** `dir/machines.json`, written by the fake provider: what is there to connect to. */
export interface MachinesFile {
  readonly machines: Readonly<
    Record<
      string,
      {
        readonly mark: unknown;
        readonly state: string;
        readonly addresses: readonly string[];
        readonly hostKeyPublic: string;
      }
    >
  >;
}

/** How a scripted run or command goes. Without a script a run ends with 0 and one result line. */
export interface ScriptedOutcome {
  readonly state?: RunEnd['state'];
  readonly exitCode?: number;
  readonly stderr?: string;
  /** Result lines of a run. */
  readonly lines?: readonly string[];
  /** Output of a command. */
  readonly stdout?: string;
  /** Only the first so many times, on each machine; for ever by default. */
  readonly times?: number;
  /** Only a run of what has this input digest; any by default. */
  readonly digest?: string;
}

/** `dir/outcomes.json`, written by tests. */
export interface OutcomesFile {
  /** By `node/key`, or `key` for all nodes. */
  readonly runs?: Readonly<Record<string, ScriptedOutcome>>;
  /** By a part of the command line; the longest part that fits counts. */
  readonly commands?: Readonly<Record<string, ScriptedOutcome>>;
  /** By node name: connecting fails with this code. */
  readonly connects?: Readonly<
    Record<string, { readonly code: 'CONNECT_FAILED' | 'LOGIN_REFUSED'; readonly times?: number }>
  >;
}

/** What happened to a machine so far, for assertions; counts over all controllers that used the folder. */
export interface NodeCounts {
  readonly connects: number;
  readonly hellos: number;
  readonly runs: number;
  readonly attaches: number;
  readonly commands: number;
  readonly fences: number;
  /** Of scripts, files and stdin. */
  readonly bytes: number;
}

/** What a machine keeps of a run. */
interface RunRecord {
  readonly key: string;
  readonly digest: Digest | null;
  readonly mode: RunRequest['mode'];
  readonly epoch: number;
  readonly lines: readonly string[];
  readonly end: RunEnd;
}

const NO_COUNTS: NodeCounts = { connects: 0, hellos: 0, runs: 0, attaches: 0, commands: 0, fences: 0, bytes: 0 };

/** What happened to one machine. */
export function readNodeCounts(dir: string, machineId: string): NodeCounts {
  return countsOf(diskStorage(dir), machineId);
}

function countsOf(storage: WorldStorage, machineId: string): NodeCounts {
  return { ...NO_COUNTS, ...storage.read<Partial<NodeCounts>>(join('nodes', machineId, 'counts.json'), {}) };
}

/** Every run that one machine was told to do, in order: `apply zookeeper d1`. Attached and repeated ones are not in it. */
export function readRunLog(dir: string, machineId: string): readonly string[] {
  return (
    diskStorage(dir)
      .readText(join('nodes', machineId, 'run-log'))
      ?.trimEnd()
      .split('\n') ?? []
  );
}

/**
 * Machines whose runs end at once and well, unless a test says otherwise. All state is files below `dir`, replaced
 * atomically and at once, so it stays when the controller is killed. A machine is there while `machines.json` says `on`.
 */
export function createMemoryNodes(place: WorldPlace): Nodes {
  const storage = storageOf(place);
  return {
    async connect(target, { signal }) {
      signal.throwIfAborted();
      const machine = new MemoryMachine(storage, target);
      machine.meet();
      return createMemoryLink(machine);
    },

    async readForced({ address, name }, { signal }) {
      signal.throwIfAborted();
      const { machines } = storage.read<MachinesFile>('machines.json', { machines: {} });
      const found = Object.entries(machines).find(
        ([, each]) => each.state === 'on' && each.addresses.includes(address),
      );
      const subject = { node: name };
      if (found === undefined) throw new BdeError('CONNECT_FAILED', `nothing answers at ${address}`, { subject });
      const [machineId, { hostKeyPublic }] = found;
      const record = storage.readText(join('nodes', machineId, 'record'));
      if (record === undefined) throw new BdeError('NODE_FAILED', `${name} has no record`, { subject });
      return { bytes: Buffer.from(record), hostKey: keyOf(hostKeyPublic) };
    },

    generateKeyPair(comment) {
      const blob = (bytes: number): string => randomBytes(bytes).toString('base64');
      return {
        privateOpenSsh: new Secret(
          `-----BEGIN OPENSSH PRIVATE KEY-----\n${blob(48)}\n-----END OPENSSH PRIVATE KEY-----\n`,
        ),
        publicOpenSsh: `ssh-ed25519 ${blob(51)} ${comment}`,
      };
    },
  };
}

function createMemoryLink(machine: MemoryMachine): NodeLink {
  let isOpen = true;
  const meet = (): void => {
    if (!isOpen || !machine.isOn()) throw machine.lostError();
  };
  return {
    async hello() {
      meet();
      machine.count({ hellos: 1 });
      return { missingTools: [], clockSkewMs: 0, epoch: machine.epoch().epoch, applied: machine.applied() };
    },

    async fence(epoch, adopt) {
      meet();
      machine.count({ fences: 1 });
      return machine.fence(epoch, adopt);
    },

    async run(request, onLine, signal) {
      meet();
      signal.throwIfAborted();
      const record = machine.findRun(request.runId) ?? machine.perform(request);
      record.lines.forEach((line) => onLine(line));
      return record.end;
    },

    async attach(runId, onLine, signal) {
      meet();
      signal.throwIfAborted();
      machine.count({ attaches: 1 });
      const record = machine.findRun(runId);
      if (record === undefined) throw machine.refusal(`${machine.target.name} knows of no run ${runId}`);
      record.lines.forEach((line) => onLine(line));
      return record.end;
    },

    async lookUp(runId) {
      meet();
      return machine.findRun(runId) === undefined ? 'absent' : 'ended';
    },

    async command(argv, options = {}) {
      meet();
      options.signal?.throwIfAborted();
      const stdin = options.stdin instanceof Secret ? options.stdin.reveal() : (options.stdin ?? '');
      machine.count({ commands: 1, bytes: Buffer.byteLength(stdin) });
      const result =
        machine.takeRecord(argv, stdin) ?? machine.carryData(argv, options.onOutput) ?? machine.command(argv);
      if (result.stdout !== '') options.onOutput?.('stdout', Buffer.from(result.stdout));
      if (result.stderr !== '') options.onOutput?.('stderr', Buffer.from(result.stderr));
      return result;
    },

    async writeFile(path, content, mode) {
      meet();
      const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content.reveal());
      machine.count({ bytes: bytes.length });
      machine.keep(path, bytes, mode);
    },

    async close() {
      isOpen = false;
    },
  };
}

/** One machine's files. */
class MemoryMachine {
  readonly target: NodeTarget;
  readonly #storage: WorldStorage;
  readonly #folder: string;

  constructor(storage: WorldStorage, target: NodeTarget) {
    this.target = target;
    this.#storage = storage;
    this.#folder = join('nodes', target.machineId);
  }

  file(...names: readonly string[]): string {
    return join(this.#folder, ...names);
  }

  keep(path: string, content: Buffer, mode: number): void {
    this.#storage.writeText(this.file('files', path), content, mode);
  }

  isOn(): boolean {
    return this.#listing(this.target.machineId)?.state === 'on';
  }

  /** What happens at a connect. */
  meet(): void {
    const { name, machineId, address, port, hostKey } = this.target;
    const where = `${name} at ${address}:${port}`;
    const subject = { node: name };
    const listing = this.#listing(machineId);
    const refusal = this.#outcomes().connects?.[name];
    if (refusal !== undefined && this.#isDue(`connect ${name}`, refusal.times)) {
      throw new BdeError(refusal.code, `${where} does not let us in, as its script says`, { subject });
    }
    if (listing?.state !== 'on') throw new BdeError('CONNECT_FAILED', `${where} does not answer`, { subject });
    if (keyOf(listing.hostKeyPublic) !== keyOf(hostKey)) {
      const data = { expected: keyOf(hostKey), found: keyOf(listing.hostKeyPublic) };
      throw new BdeError('HOST_KEY_MISMATCH', `${where} shows another host key than the one made for it`, {
        subject,
        data,
      });
    }
    this.count({ connects: 1 });
  }

  count(more: Partial<NodeCounts>): void {
    const counts = countsOf(this.#storage, this.target.machineId);
    const sums = Object.entries(more).map(([name, by]) => [name, counts[name as keyof NodeCounts] + by]);
    this.#storage.write(this.file('counts.json'), { ...counts, ...Object.fromEntries(sums) });
  }

  epoch(): { readonly epoch: number; readonly adopted: RunId | null } {
    return this.#storage.read(this.file('epoch.json'), { epoch: 0, adopted: null });
  }

  applied(): Readonly<Record<string, Digest>> {
    const folder = this.file('applied');
    const keys = this.#storage.list(folder);
    return Object.fromEntries(keys.map((key) => [key, this.#storage.readText(join(folder, key)) as Digest]));
  }

  findRun(runId: RunId): RunRecord | undefined {
    return this.#storage.read<RunRecord | undefined>(this.file('runs', `${runId}.json`), undefined);
  }

  fence(epoch: number, adopt: RunId | null): 'absent' | 'ended' {
    const seen = this.epoch().epoch;
    if (epoch <= seen) throw this.refusal(`${this.target.name} has seen epoch ${seen}`, { epoch: seen });
    const isThere = adopt !== null && this.findRun(adopt) !== undefined;
    this.#storage.write(this.file('epoch.json'), { epoch, adopted: isThere ? adopt : null });
    return isThere ? 'ended' : 'absent';
  }

  perform(request: RunRequest): RunRecord {
    const { runId, epoch, key, digest, mode } = request;
    const seen = this.epoch().epoch;
    if (epoch < seen) throw this.refusal(`${this.target.name} has seen epoch ${seen}`, { epoch: seen });
    if (epoch > seen) this.#storage.write(this.file('epoch.json'), { epoch, adopted: null });
    this.count({ runs: 1, bytes: Buffer.byteLength(request.script.reveal()) });
    this.#storage.append(this.file('run-log'), `${mode} ${key} ${digest}`);
    const outcomes = this.#outcomes().runs ?? {};
    const scripted = [`${this.target.name}/${key}`, key].find((name) => outcomes[name] !== undefined) ?? '';
    const { digest: wanted = digest } = outcomes[scripted] ?? {};
    const outcome = wanted === digest ? this.#due(`run ${scripted}`, outcomes[scripted]) : undefined;
    const record = { key, digest, mode, epoch, lines: this.#lines(request, outcome), end: endOf(outcome, epoch) };
    if (mode === 'apply' && digest !== null && record.end.state === 'exited' && record.end.exitCode === 0) {
      this.#storage.writeText(this.file('applied', key), digest);
    }
    this.#storage.write(this.file('runs', `${runId}.json`), record);
    return record;
  }

  /** What the script that installs cluster records does: a lower number never replaces a higher one. */
  takeRecord(argv: readonly string[], stdin: string): CommandResult | undefined {
    if (argv[3] !== 'bde-install-record') return undefined;
    const numberOf = (text: string): readonly number[] => {
      const { epoch, count } = JSON.parse(text) as { readonly epoch: number; readonly count: number };
      return [epoch, count];
    };
    const file = this.file('record');
    const kept = this.#storage.readText(file);
    const [epoch = 0, count = 0] = kept === undefined ? [] : numberOf(kept);
    const [newEpoch = 0, newCount = 0] = numberOf(stdin);
    const isKept = epoch > newEpoch || (epoch === newEpoch && count > newCount);
    if (!isKept) this.#storage.writeText(file, stdin);
    const stdout = isKept ? `kept ${String(epoch)} ${String(count)}` : 'installed';
    return { argv, exitCode: isKept ? 3 : 0, signal: null, timedOut: false, durationMs: 0, stdout, stderr: '' };
  }

  /** What the scripts do that pack and unpack data of a backup: that of a machine is one text, `data of NODE` at first. */
  carryData(argv: readonly string[], onOutput: CommandOutput): CommandResult | undefined {
    const [, , , name = '', path = '', second = '', third = ''] = argv;
    const data = Buffer.from(this.#storage.readText(this.file('data')) ?? `data of ${this.target.name}`);
    switch (name) {
      case 'bde-pack-files':
        return succeeded(argv, `${String(data.length)} ${sha256(data)}\n`);
      case 'bde-read-piece': {
        const from = Number(second) - 1;
        onOutput?.('stdout', data.subarray(from, from + Number(third)));
        return succeeded(argv, '');
      }
      case 'bde-unpack-parts': {
        const brought = Buffer.from(this.#storage.readText(this.file('files', path, 'parts/000000')) ?? '');
        if (sha256(brought) !== second) return { ...succeeded(argv, ''), exitCode: 1, stderr: 'not what was sent' };
        this.#storage.writeText(this.file('data'), brought);
        return succeeded(argv, '');
      }
      default:
        return undefined;
    }
  }

  command(argv: readonly string[]): CommandResult {
    const line = argv.join(' ');
    const outcomes = this.#outcomes().commands ?? {};
    const [scripted = ''] = Object.keys(outcomes)
      .filter((part) => line.includes(part))
      .sort((one, other) => other.length - one.length);
    const outcome = this.#due(`command ${scripted}`, outcomes[scripted]) ?? {};
    return {
      argv,
      exitCode: outcome.state === 'timed-out' ? null : (outcome.exitCode ?? 0),
      signal: outcome.state === 'timed-out' ? 'SIGKILL' : null,
      timedOut: outcome.state === 'timed-out',
      durationMs: 0,
      stdout: outcome.stdout ?? '',
      stderr: outcome.stderr ?? '',
    };
  }

  refusal(message: string, data: Readonly<Record<string, unknown>> = {}): BdeError {
    return new BdeError('RUN_REFUSED', message, { subject: { node: this.target.name }, data });
  }

  lostError(): BdeError {
    const { name } = this.target;
    return new BdeError('CONNECT_LOST', `the connection to ${name} was lost`, { subject: { node: name } });
  }

  #lines({ key, digest, mode }: RunRequest, outcome: ScriptedOutcome | undefined): readonly string[] {
    if (outcome?.lines !== undefined) return outcome.lines;
    const word = this.applied()[key] === digest ? 'unchanged' : mode === 'check' ? 'would-change' : 'changed';
    return [JSON.stringify({ resource: `fake[${key}]`, outcome: word, ms: 0 })];
  }

  #listing(machineId: MachineId): MachinesFile['machines'][string] | undefined {
    return this.#storage.read<MachinesFile>('machines.json', { machines: {} }).machines[machineId];
  }

  #outcomes(): OutcomesFile {
    return this.#storage.read<OutcomesFile>('outcomes.json', {});
  }

  #due(what: string, outcome: ScriptedOutcome | undefined): ScriptedOutcome | undefined {
    return outcome !== undefined && this.#isDue(what, outcome.times) ? outcome : undefined;
  }

  /** Counts how often a script was used on this machine. */
  #isDue(what: string, times = Infinity): boolean {
    if (times === Infinity) return true;
    const used = this.#storage.read<Record<string, number>>(this.file('used.json'), {});
    const count = used[what] ?? 0;
    this.#storage.write(this.file('used.json'), { ...used, [what]: count + 1 });
    return count < times;
  }
}

type CommandOutput = NonNullable<Parameters<NodeLink['command']>[1]>['onOutput'];

function succeeded(argv: readonly string[], stdout: string): CommandResult {
  return { argv, exitCode: 0, signal: null, timedOut: false, durationMs: 0, stdout, stderr: '' };
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** What a machine has for data, as backups take it and restorations put it back. */
export function readMachineData(dir: string, machineId: string): string | undefined {
  return diskStorage(dir).readText(join('nodes', machineId, 'data'));
}

/** Gives a machine other data. */
export function writeMachineData(dir: string, machineId: string, data: string): void {
  diskStorage(dir).writeText(join('nodes', machineId, 'data'), data);
}

function endOf(outcome: ScriptedOutcome | undefined, epoch: number): RunEnd {
  switch (outcome?.state) {
    case 'fenced':
      return { state: 'fenced', epoch: epoch + 1 };
    case 'timed-out':
    case 'died':
      return { state: outcome.state };
    default:
      return { state: 'exited', exitCode: outcome?.exitCode ?? 0, stderr: outcome?.stderr ?? '' };
  }
}

/** Type and blob, without the comment. */
function keyOf(line: string): string {
  return line.trim().split(' ').slice(0, 2).join(' ');
}
