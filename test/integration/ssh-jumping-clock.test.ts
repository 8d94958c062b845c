import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunId } from '../../src/errors/ids.js';
import { askHello } from '../../src/ssh/ask-node.js';
import { wallClock } from '../contract/nodes-ssh-fixture.js';
import { makeLocalShells, SHELLS, type LocalShells, type ShellName } from './ssh-local-shell.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** `date` is the one program that tells the time of day; a shim in its place jumps as a clock does that is set. */
describe.each(Object.keys(SHELLS) as ShellName[])('a clock that jumps, under %s', (name) => {
  let shells: LocalShells;

  beforeEach(async () => {
    shells = await makeLocalShells(name);
  });
  afterEach(() => shells.dispose());

  const setClock = async (offsetMs: number): Promise<void> => {
    const shim = join(shells.root, '../bin/date');
    const seconds = Math.round(offsetMs / 1000);
    await writeFile(shim, `#!/bin/sh\nexec /bin/date -d "@$(($(/bin/date +%s) + ${seconds}))" "$@"\n`);
    await chmod(shim, 0o755);
  };

  it('is told by hello, forward and back', async () => {
    await setClock(DAY_MS);
    const ahead = (await askHello(shells.connection, wallClock)).clockSkewMs;
    await setClock(-DAY_MS);
    const behind = (await askHello(shells.connection, wallClock)).clockSkewMs;

    expect([Math.round(ahead / DAY_MS), Math.round(behind / DAY_MS)]).toEqual([1, -1]);
  });

  it('neither ends a run early nor keeps it beyond its limit', async () => {
    await setClock(0);
    const shim = join(shells.root, '../bin/date');
    const jump = (days: number): string =>
      `printf '#!/bin/sh\\nexec /bin/date -d "${days} days" "$@"\\n' >${shim}; date >&2`;
    const body = `bde_detach; ${jump(1)}; echo forward; ${jump(-1)}; echo back`;

    const steady = await shells.run({ body, timeoutMs: 10_000 });
    const hanging = await shells.run({
      runId: '01RUNB' as RunId,
      body: `bde_detach; ${jump(-1)}; sleep 600`,
      timeoutMs: 1_000,
    });

    expect(steady.end).toMatchObject({ state: 'exited', exitCode: 0 });
    expect(steady.lines).toEqual(['forward', 'back']);
    expect(hanging.end).toEqual({ state: 'timed-out' });
  });
});
