import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CookbookSource } from '../../../../src/cookbook/types.js';
import type { ChangeInputs } from '../../../../src/engine/operations/change-request.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { prepareChange, type PreparedChange } from '../../../../src/engine/operations/prepare-change.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import { flattenSteps } from '../../../../src/plan/plan.js';
import { aChange, FLEET, fleetInputs } from '../../../unit/engine/sample-change.js';
import { testEngine, type TestEngine } from '../test-engine.js';

/** The fleet, with a package for its stores in one version alone. */
function packaged(version: string): readonly CookbookSource[] {
  const repo = '  - package_repo: bde\n';
  const wanted = `  - package: store\n    version: "${version}"\n`;
  return FLEET.map((cookbook) => {
    const { 'recipes/store.yaml': store, 'recipes/node.yaml': node, ...others } = cookbook.files;
    const more = (text: Buffer | undefined, added: string): Readonly<Record<string, Buffer>> => {
      const path = text === store ? 'recipes/store.yaml' : 'recipes/node.yaml';
      return text === undefined ? {} : { [path]: Buffer.from(`${text.toString()}${added}`) };
    };
    return { ...cookbook, files: { ...others, ...more(store, wanted), ...more(node, repo) } };
  });
}

const inputsOf = (repos: readonly string[], version: string): ChangeInputs => ({
  ...fleetInputs({ s: { roles: ['store'], count: 3 }, w: { roles: ['worker'], count: 1 } }),
  cookbooks: packaged(version),
  distro: { repos, attributes: {} },
});

let engine: TestEngine;

beforeEach(async () => {
  engine = testEngine();
  const repos = { main: { packages: ['store'] }, next: { packages: ['store'] } };
  writeFileSync(join(engine.dir, 'repos.json'), JSON.stringify(repos));
  const { source, distro, cookbooks, secrets } = inputsOf(['main'], '1.0');
  const resolved = resolveSource(source, { name: 'demo', roles: parseCookbooks(FLEET).roles, ordinals: new Map() });
  const request = { resolved, distro, cookbooks, secrets, source, rehearsal: false, asked: {} };
  await createCluster(request, engine.deps, engine.stop);
});

afterEach(() => {
  engine.remove();
});

async function prepared(inputs: ChangeInputs): Promise<PreparedChange> {
  return prepareChange(aChange({ kind: 'upgrade', inputs }), await engine.cluster(), engine.deps);
}

/** Digests as a plan has them, by step. */
function digestsOf({ plan }: PreparedChange): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    flattenSteps(plan.steps).flatMap((step) =>
      step.kind === 'converge' || step.kind === 'packages' ? [[step.id, step.digest] as const] : [],
    ),
  );
}

describe('the plan of an upgrade to other repos', () => {
  it('has the steps that look after the repos, and apart from them the roll, whose digests nobody knows', async () => {
    const change = await prepared(inputsOf(['next'], '1.0'));

    expect(change.prepare?.steps.map(({ id }) => id)).toEqual([
      'prepare/network',
      'prepare/template',
      'prepare/trust',
      'prepare/repo/next',
      'prepare/mirror',
    ]);
    expect(change.plan.steps.map(({ id }) => id)).toContain('roll/store');
    expect(digestsOf(change)).toEqual({
      'converge/demo-s-0/basic': null,
      'converge/demo-s-1/basic': null,
      'converge/demo-s-2/basic': null,
      'converge/demo-w-0/basic': null,
      'packages/demo-s-0': null,
      'packages/demo-s-1': null,
      'packages/demo-s-2': null,
      'converge/demo-s-0/store': null,
      'converge/demo-s-1/store': null,
      'converge/demo-s-2/store': null,
    });
  });

  it('leaves repo files alone where the repos stay the same', async () => {
    const change = await prepared({ ...inputsOf(['main'], '1.0'), isPreparedAnew: true });

    expect(Object.keys(digestsOf(change)).filter((id) => id.endsWith('/basic'))).toEqual([]);
  });

  it('can be made though the version that is asked for is not locked yet', async () => {
    const change = await prepared(inputsOf(['next'], '2.0'));

    expect(change.plan.steps.map(({ id }) => id)).toContain('roll/store');
  });
});

it('has nothing to prepare where packages stay as they are', async () => {
  expect((await prepared(inputsOf(['main'], '1.0'))).prepare).toBeNull();
});
