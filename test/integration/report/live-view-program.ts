import { open } from 'node:fs/promises';
import stringWidth from 'string-width';
import { showLiveProgress } from '../../../src/report/live-view.js';
import type { ProgressEvent } from '../../../src/report/progress.js';
import { terminalOf } from '../../../src/report/terminal.js';

/** Shows the events that stand in a growing file, one JSON object a line, until a line says `end`. */
async function* followFile(path: string): AsyncGenerator<ProgressEvent> {
  const file = await open(path);
  let rest = '';
  for (;;) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(65_536) });
    const lines = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === 'end') return;
      yield JSON.parse(line) as ProgressEvent;
    }
    if (bytesRead === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

process.stderr.write('before the view\n');
await showLiveProgress(followFile(process.argv[2] ?? ''), terminalOf(process.stderr), {
  title: 'create big',
  now: () => 60_000,
  widthOf: stringWidth,
});
process.stderr.write('after the view\n');
