import { setMaxListeners } from 'node:events';
import type { StopSignals } from '../engine/context.js';

/** Ended on request: not a failure, and what was begun can be resumed. */
export class Interrupted extends Error {
  /** 130 for Ctrl-C, 143 for SIGTERM. */
  readonly exitCode: number;

  /** Whose operation it was, where one was running. */
  readonly cluster: string | undefined;

  constructor(signal: 'SIGINT' | 'SIGTERM', cluster?: string) {
    super(`Stopped by ${signal}.`);
    this.name = 'Interrupted';
    this.cluster = cluster;
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/** Signals of this process as stop signals: the first asks to start nothing more, the second drops everything. */
export function stopSignalsOfProcess(say: (text: string) => void, cluster?: string): StopSignals {
  const stopStarting = new AbortController();
  const abort = new AbortController();
  // Every command and wait listens to them, on each of hundreds of nodes.
  setMaxListeners(0, stopStarting.signal, abort.signal);
  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (stopStarting.signal.aborted) {
      abort.abort(new Interrupted(signal, cluster));
      return;
    }
    say('Stopping: what runs ends first, nothing new starts. Press Ctrl-C again to stop at once.');
    stopStarting.abort(new Interrupted(signal, cluster));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { stopStarting: stopStarting.signal, abort: abort.signal };
}
