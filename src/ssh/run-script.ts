import { createHash } from 'node:crypto';
import type { RunRequest } from '../engine/ports/nodes.js';
import { withoutComments } from './without-comments.js';
import wrapper from './run-wrapper.sh';

/** A run's script in the two parts that travel: what many runs begin with, and the rest. */
export interface RunScript {
  /** Wrapper and shared functions; a node keeps it in tmpfs under its sha256. */
  readonly shared: Buffer;
  readonly sharedSum: string;
  /** Begins with reading the shared part; may hold secrets. */
  readonly own: Buffer;
}

/** Splits a script where its request says that what many runs share ends. */
export function splitScript({ script, sharedLength = 0 }: RunRequest): RunScript {
  const text = script.reveal();
  const shared = Buffer.from(`${withoutComments(wrapper)}\n${text.slice(0, sharedLength)}`);
  return {
    shared,
    sharedSum: createHash('sha256').update(shared).digest('hex'),
    own: Buffer.from(`. "$BDE_SHARED"\n${text.slice(sharedLength)}\n`),
  };
}
