import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeNodes, type NodesUnderTest } from './nodes.contract.js';
import { makeSshFixture, type SshFixture } from './nodes-ssh-fixture.js';
import { findFreePort } from './nodes-sshd.js';

async function underTest(fixture: SshFixture): Promise<NodesUnderTest> {
  return {
    ...fixture,
    absentTarget: { ...fixture.target, port: await findFreePort() },
    folder: join(fixture.folder, 'files'),
    readFile: async (path) => ({ content: await readFile(path), mode: (await stat(path)).mode & 0o7777 }),
  };
}

describeNodes('ssh2 and sshd', async () => underTest(await makeSshFixture()));

describeNodes('sudo without a password', async () =>
  underTest(await makeSshFixture({ sudoUser: { name: 'bde-olga', rule: 'ALL=(root) NOPASSWD: ALL' } })),
);

describeNodes('sudo with a password', async () =>
  underTest(
    await makeSshFixture({ sudoUser: { name: 'bde-olga', rule: 'ALL=(root) ALL', password: 'it\'s "quite" long $1' } }),
  ),
);

describeNodes('two jump hosts', async () => {
  const [first, second, fixture] = await Promise.all([makeSshFixture(), makeSshFixture(), makeSshFixture()]);
  const under = await underTest(fixture);
  const jumps = [first.target, second.target];
  return {
    ...under,
    target: { ...under.target, jumps },
    absentTarget: { ...under.absentTarget, jumps },
    async dispose() {
      await Promise.all([first, second, fixture].map((each) => each.dispose()));
    },
  };
});
