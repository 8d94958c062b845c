import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeNodes } from './nodes.contract.js';
import { makeSshFixture } from './nodes-ssh-fixture.js';
import { findFreePort } from './nodes-sshd.js';

describeNodes('ssh2 and sshd', async () => {
  const fixture = await makeSshFixture();
  return {
    ...fixture,
    absentTarget: { ...fixture.target, port: await findFreePort() },
    folder: join(fixture.folder, 'files'),
    readFile: async (path) => ({ content: await readFile(path), mode: (await stat(path)).mode & 0o7777 }),
  };
});
