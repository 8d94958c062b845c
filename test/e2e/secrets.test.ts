import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execEverywhere, showCluster, upperFolder } from './support/cluster.js';
import { commandLinesWith, filesWith, formsOf } from './support/find-text.js';
import { newHome, type Home } from './support/home.js';
import { dataFolder } from './support/host-traces.js';
import type { Project } from './support/project.js';
import type { Ended } from './support/running.js';
import { until } from './support/until.js';
import { buildVaultProject, VAULT_FILE, VAULT_PROOFS } from './support/vault-project.js';

/** What is looked for, in a value that would break whatever forgot to quote it. */
const NEEDLE = 'q7Zsentinel9f1cW';
const TOKEN = `${NEEDLE}'"$(touch /tmp/x)\\{{x}}`;
const TEXTS = formsOf(NEEDLE);

let project: Project & { readonly spec: string };
let home: Home;
/** Everything that was printed, by command. */
const outputs = new Map<string, Ended>();
/** Command lines that held the secret while the cluster was made. */
const shown: string[] = [];

beforeAll(async () => {
  project = await buildVaultProject(TOKEN);
  home = await newHome(project);
  await run(['cluster', 'create', 'vault', '--spec', project.spec, '--plan', '--json']);
  const creating = home.start(['cluster', 'create', 'vault', '--spec', project.spec, '--json', '--debug']);
  await until(
    'the end of create',
    async () => {
      shown.push(...(await commandLinesWith(TEXTS)));
      return !creating.isRunning();
    },
    { withinMs: 600_000, everyMs: 20 },
  );
  outputs.set('create', await creating.ended);
});

afterAll(async () => {
  await home.dispose();
  await project.remove();
});

async function run(argv: readonly string[]): Promise<Ended> {
  const ended = await home.run(argv);
  outputs.set(argv.join(' '), ended);
  return ended;
}

describe('a secret attribute', () => {
  it('comes to its file and its commands as it was given', async () => {
    const [node] = (await showCluster(home, 'vault')).nodes;
    const digest = createHash('sha256').update(TOKEN).digest('hex');

    const [proofs] = Object.values(await execEverywhere(home, 'vault', ['cat', ...VAULT_PROOFS]));

    expect(outputs.get('create')?.exitCode, outputs.get('create')?.stderr).toBe(0);
    expect(await readFile(`${upperFolder(home, node!)}${VAULT_FILE}`, 'utf8')).toBe(`token=${TOKEN}\n`);
    expect(proofs).toBe(`${digest}  -\n${digest}  -\n`);
  });

  it('is in no command line of any process meanwhile', () => {
    expect(shown).toEqual([]);
  });

  it('is in nothing that any command prints, a diff of its own file included', async () => {
    await execEverywhere(home, 'vault', ['sed', '-i', 's/^token=./token=X/', VAULT_FILE]);

    const drifted = await run(['cluster', 'converge', 'vault', '--check', '--diff', '--json']);
    await run(['cluster', 'converge', 'vault', '--check', '--diff']);
    await run(['cluster', 'converge', 'vault', '--plan', '--json']);
    await run(['cluster', 'converge', 'vault', '--json']);
    await run(['cluster', 'show', 'vault', '--json']);
    await run(['cluster', 'logs', 'vault', '--json']);
    await run(['cluster', 'events', 'vault', '--json']);
    await run(['config', 'explain', 'vault', 'vault.token', '--json']);
    await run(['spec', 'validate', project.spec, '--json']);
    const operations = await run(['operation', 'list', '--json']);
    for (const { id } of (JSON.parse(operations.stdout) as { operations: readonly { id: string }[] }).operations) {
      await run(['operation', 'show', id, '--json']);
    }

    const telling = [...outputs].filter(([, ended]) =>
      TEXTS.some((text) => `${ended.stdout}${ended.stderr}`.includes(text)),
    );
    expect(telling.map(([command]) => command)).toEqual([]);
    expect([...outputs].filter(([, { exitCode }]) => exitCode !== 0 && exitCode !== 10)).toEqual([]);
    expect(drifted.exitCode, drifted.stderr).toBe(10);
  });

  it('is in no file of the home, the mirror included', async () => {
    const patternFile = join(home.folder, 'patterns');

    const found = await filesWith(TEXTS, home.path, { patternFile });

    expect(found).toEqual([]);
  });

  it('is in no file of a machine but its own', async () => {
    const patternFile = join(home.folder, 'patterns');
    const [node] = (await showCluster(home, 'vault')).nodes;

    const found = await filesWith(TEXTS, join(dataFolder(home.key), 'machines'), { patternFile });
    const [inMemory] = Object.values(
      await execEverywhere(home, 'vault', ['sh', '-c', `grep -rlasF ${NEEDLE} /run /tmp /dev/shm || true`]),
    );

    expect(found).toEqual([`${upperFolder(home, node!)}${VAULT_FILE}`]);
    expect(inMemory).toBe('');
  });
});
