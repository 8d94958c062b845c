/** Time, ids and random bytes, as arguments instead of globals. */
export interface Clock {
  /** Wall time in milliseconds since the epoch; for records that people read. */
  now(): number;
  /** Milliseconds that never go back; for leases and time limits. */
  monotonicMs(): number;
  /** Resolves after that many milliseconds; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A new ULID. */
  newId(): string;
  /** Bytes that nobody can guess: secrets are made of them. */
  randomBytes(count: number): Uint8Array;
}
