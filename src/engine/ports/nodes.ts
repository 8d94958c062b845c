import type { Digest, MachineId, RunId } from '../../errors/ids.js';
import type { Secret } from '../../errors/secret.js';

/** One sshd: where it answers, how it proves itself, and who logs in there with what. */
export interface SshEndpoint {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The only host keys accepted: OpenSSH public key lines (`ssh-ed25519 AAAA…`), mostly one. */
  readonly hostKey: string;
  /** The known_hosts files that the host keys are from, for messages; absent: bde made the key. */
  readonly knownFrom?: string;
  /** OpenSSH private keys, tried in this order; that of the cluster alone where bde made the machine. */
  readonly privateKey: Secret | readonly Secret[];
  /** An ssh-agent whose keys are tried after those. */
  readonly agent?: SshAgent;
}

/** An ssh-agent of this host. */
export interface SshAgent {
  readonly socket: string;
  /** Public key lines of those of its keys that may be tried; absent: all. */
  readonly only?: readonly string[];
}

/** Where a machine answers and how bde becomes root there. */
export interface NodeTarget extends SshEndpoint {
  /** For messages. */
  readonly name: string;
  readonly machineId: MachineId;
  /** The user is not root and becomes root by `sudo`; null: without a password. */
  readonly sudo?: { readonly password: Secret | null };
  /** Hosts that the connection goes through, from here to there; each proves itself before anything is sent through it. */
  readonly jumps?: readonly SshEndpoint[];
}

/** What a node says at first contact, in one exchange. */
export interface NodeHello {
  /** Tools of the published table that the node lacks; empty means all are there. */
  readonly missingTools: readonly string[];
  /** Node's wall time less ours, in milliseconds, half a round trip taken off. */
  readonly clockSkewMs: number;
  /** Highest epoch the node has seen; 0 when none. */
  readonly epoch: number;
  /** Input digest by step key (a role, or `packages`), as recorded after the last success. */
  readonly applied: Readonly<Record<string, Digest>>;
}

/** A script to run on a node, once, under an id that makes a second start impossible. */
export interface RunRequest {
  readonly runId: RunId;
  readonly epoch: number;
  /** Key under which `digest` is recorded on the node after success, and taken away before the first act: a role, or `packages`. */
  readonly key: string;
  /** Null for a run that makes nothing so, under a key of its own: nothing is recorded. */
  readonly digest: Digest | null;
  readonly mode: 'apply' | 'check';
  /** The POSIX sh body, secrets filled in; see `docs/runs.md` for what it may call. */
  readonly script: Secret;
  /** So many characters at the script's beginning are the same for many runs and hold no secret: a node keeps them. */
  readonly sharedLength?: number;
  /** What the body may ask for, by sha256; without secrets. Each is sent only where the node has no such file. */
  readonly contents?: Readonly<Record<string, Buffer>>;
  /** The run's whole process group is killed on the node after this. */
  readonly timeoutMs: number;
}

/** How a run ended. `fenced`: a higher epoch stopped it. `timed-out`: its limit did. `died`: the node went down under it. */
export type RunEnd =
  | { readonly state: 'exited'; readonly exitCode: number; readonly stderr: string }
  | { readonly state: 'fenced'; readonly epoch: number }
  | { readonly state: 'timed-out' }
  | { readonly state: 'died' };

/** What a node knows of a run: never heard of, still going, or ended (its result can be read by `attach`). */
export type RunState = 'absent' | 'live' | 'ended';

/** One remote command as one record, success or not. */
export interface CommandResult {
  readonly argv: readonly string[];
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A verified connection to one machine. Reconnects by itself where that is safe; every method may be called side by side. */
export interface NodeLink {
  /** One exchange: tools, clock, epoch, applied digests. */
  hello(): Promise<NodeHello>;

  /**
   * Raises the node's epoch and, in the same replace, adopts the named run if it is live or ended.
   * A lower or equal epoch than the node's own changes nothing and is an error.
   *
   * @throws BdeError `RUN_REFUSED`
   */
  fence(epoch: number, adopt: RunId | null): Promise<RunState>;

  /**
   * Starts the run, or attaches to it where the node has it already; follows it to its end, over lost connections.
   * `onLine` gets each result line of the run, in order, each once.
   *
   * @throws BdeError `CONNECT_LOST` (the run goes on), `RUN_REFUSED`
   */
  run(request: RunRequest, onLine: (line: string) => void, signal: AbortSignal): Promise<RunEnd>;

  /** Follows a run that the node has, without its script. `absent` runs are an error `RUN_REFUSED`. */
  attach(runId: RunId, onLine: (line: string) => void, signal: AbortSignal): Promise<RunEnd>;

  /** What the node knows of this run. */
  lookUp(runId: RunId): Promise<RunState>;

  /** Runs one command (quoted by the adapter); output is bounded to 1 MiB each and the rest is dropped. */
  command(
    argv: readonly string[],
    options?: {
      readonly stdin?: Secret | string;
      readonly timeoutMs?: number;
      readonly signal?: AbortSignal;
      readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
    },
  ): Promise<CommandResult>;

  /** Writes a file atomically, final mode before content; makes its folder. */
  writeFile(path: string, content: Buffer | Secret, mode: number): Promise<void>;

  /** Closes the connection; runs go on. */
  close(): Promise<void>;
}

/** A machine of which nothing is known but where it is: the host key that it shows is part of the answer. */
export type StrangeTarget = Omit<NodeTarget, 'hostKey' | 'knownFrom' | 'agent' | 'sudo' | 'machineId'>;

/** What a machine shows whoever logs in with a key that can do nothing else. */
export interface ShownText {
  readonly bytes: Buffer;
  /** OpenSSH public key line of the host key that was met. */
  readonly hostKey: string;
}

/** Reaches machines. */
export interface Nodes {
  /**
   * Connects once, with the pinned host key; `timeoutMs` bounds the whole of it, retries of refused connects included.
   *
   * @throws BdeError `CONNECT_FAILED`, `LOGIN_REFUSED`, `SUDO_REFUSED`, `HOST_KEY_MISMATCH` (final: never retried; both
   *   fingerprints)
   */
  connect(target: NodeTarget, options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<NodeLink>;

  /**
   * Logs in, takes what the key's forced command prints, and leaves. Whoever answers is let answer: nothing is sent that is
   * worth anything to a stranger, and what comes back is to be judged by its own signature. Jump hosts are verified.
   *
   * @throws BdeError `CONNECT_FAILED`, `LOGIN_REFUSED`; `NODE_FAILED` where the command failed, or printed more than 8 MiB
   */
  readForced(
    target: StrangeTarget,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<ShownText>;

  /** A new key pair in OpenSSH form. */
  generateKeyPair(comment: string): { readonly privateOpenSsh: Secret; readonly publicOpenSsh: string };
}
