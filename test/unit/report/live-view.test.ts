import { describe, expect, it } from 'vitest';
import { showLiveProgress } from '../../../src/report/live-view.js';
import type { ProgressEvent } from '../../../src/report/progress.js';
import type { Terminal } from '../../../src/report/terminal.js';

const ENTER_SCREEN = '\u001b[?1049h\u001b[?25l';
const LEAVE_SCREEN = '\u001b[?25h\u001b[?1049l';
const OPTIONS = { title: 'create zk', now: () => 3000 };

class RecordingTerminal implements Terminal {
  columns = 80;
  rows = 24;
  readonly written: string[] = [];
  readonly listeners = new Set<() => void>();

  write(text: string): void {
    this.written.push(text);
  }

  onResize(listener: () => void): () => void {
    return this.#listen(listener);
  }

  onExit(listener: () => void): () => void {
    return this.#listen(listener);
  }

  #listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

const CLONED: readonly ProgressEvent[] = [
  { at: 0, stepId: 'clone:zk-1', kind: 'clone', node: 'zk-1', state: 'running' },
  { at: 2000, stepId: 'clone:zk-1', kind: 'clone', node: 'zk-1', state: 'done' },
];

async function* feedOf(events: readonly ProgressEvent[], failure?: Error) {
  yield* events;
  if (failure !== undefined) throw failure;
}

describe('showLiveProgress', () => {
  it('leaves the final lines as plain text after the screen', async () => {
    const terminal = new RecordingTerminal();

    await showLiveProgress(feedOf(CLONED), terminal, OPTIONS);

    expect(terminal.written[0]).toBe(ENTER_SCREEN);
    expect(terminal.written.slice(-2)).toEqual([LEAVE_SCREEN, '✓ zk-1  done  0:02\n']);
  });

  it('gives the last view and forgets its listeners', async () => {
    const terminal = new RecordingTerminal();

    const view = await showLiveProgress(feedOf(CLONED), terminal, OPTIONS);

    expect(view.steps['clone:zk-1']?.state).toBe('done');
    expect(terminal.listeners.size).toBe(0);
  });

  it('puts the terminal in order when the feed throws', async () => {
    const terminal = new RecordingTerminal();

    const shown = showLiveProgress(feedOf(CLONED, new Error('store gone')), terminal, OPTIONS);

    await expect(shown).rejects.toThrow('store gone');
    expect(terminal.written).toContain(LEAVE_SCREEN);
    expect(terminal.listeners.size).toBe(0);
  });

  it('clears and draws again at once when the size changes', async () => {
    const terminal = new RecordingTerminal();
    async function* resizing() {
      yield* CLONED;
      terminal.columns = 12;
      for (const listener of terminal.listeners) listener();
    }

    await showLiveProgress(resizing(), terminal, OPTIONS);

    expect(terminal.written).toContain('\u001b[2J');
    expect(terminal.written).toContain('\u001b[Hcreate zk…\u001b[K\r\n✓ zk-1  do…\u001b[K\u001b[J');
  });
});
