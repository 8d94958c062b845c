import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/distro/parse-manifest.js';
import { checkAttributes } from '../../../src/cookbook/check-attributes.js';
import { compileProbe } from '../../../src/cookbook/compile-probe.js';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import { lintCookbook } from '../../../src/cookbook/lint/lint-cookbook.js';
import { secretToken } from '../../../src/cookbook/secret-token.js';
import { parseClusterSpec } from '../../../src/spec/parse-cluster-spec.js';
import { parseDocument } from '../../../src/spec/document/parse-document.js';
import { compileInput, cookbookSource, makeCookbook, nodeView } from './cookbook-support.js';

/** The files of docs/recipes.md, by path: indented blocks whose first line names the file they are. */
function filesOfDocs(): Readonly<Record<string, string>> {
  const blocks = readFileSync('docs/recipes.md', 'utf8').match(/(?:^ {4}.*\n)+/gm) ?? [];
  return Object.fromEntries(
    blocks.flatMap((block) => {
      const [first = '', ...lines] = block.replace(/^ {4}/gm, '').split('\n');
      const path = /^# (\S+\.(?:yaml|hbs|json))$/.exec(first)?.[1];
      return path === undefined ? [] : [[path, lines.join('\n')] as const];
    }),
  );
}

const FILES = filesOfDocs();
const cookbookFiles = Object.fromEntries(
  Object.entries(FILES).flatMap(([path, text]) =>
    path.startsWith('cookbooks/redis/') ? [[path.replace('cookbooks/redis/', ''), text] as const] : [],
  ),
);
const cookbook = makeCookbook('redis', cookbookFiles);
const nodes = [0, 1].map((index) => nodeView(index, { name: `kv-redis-${index}`, roles: ['redis'] }));
const inputFor = (index: number) =>
  compileInput({
    nodes,
    node: nodes[index] ?? nodeView(index),
    role: 'redis',
    lockedPackages: { 'redis-server': 'redis-server-7-1.x86_64' },
    attributes: { redis: { port: 6380, password: secretToken('redis.password') } },
  });

describe('the redis cookbook of docs/recipes.md', () => {
  it('has a role, recipes, a template and attributes', () => {
    expect(Object.keys(cookbookFiles).sort()).toEqual([
      'attributes.yaml',
      'recipes/backup.yaml',
      'recipes/restore.yaml',
      'recipes/server.yaml',
      'roles/redis.yaml',
      'templates/redis.conf.hbs',
    ]);
  });

  it('passes lint without a warning', () => {
    expect(lintCookbook(cookbookSource('redis', cookbookFiles), { others: [], together: [] })).toEqual([]);
  });

  it('has the second node copy the first, and neither know the password before it is there', () => {
    const [first, second] = [0, 1].map((index) => compileRun(inputFor(index), [cookbook]));

    expect(first?.script).toContain('port 6380\n');
    expect(first?.script).not.toContain('replicaof');
    expect(second?.script).toContain('replicaof 10.0.0.10 6380\n');
    expect(second?.secrets).toEqual(['redis.password']);
  });

  it('restarts the service for the package, the files that notify it and the one that holds the secret', () => {
    const { script } = compileRun(inputFor(0), [cookbook]);

    expect(script.match(/^bde_raises 'restart service\[redis-server\]'$/gm)).toHaveLength(3);
  });

  it.each(['ready', 'acceptance'] as const)('has a command for %s, which holds no secret', (which) => {
    const command = compileProbe(inputFor(1), [cookbook], which)?.command ?? '';

    expect(command).toContain('-p 6380');
    expect(command).toContain('/etc/redis/password');
  });

  it('moves its declared port with the attribute', () => {
    expect(cookbook.roles['redis']?.role.ports).toMatchObject([{ port: '{{attributes.port}}' }]);
  });

  it('comes with a spec and a distro that hold', () => {
    const spec = parseClusterSpec(parseDocument(FILES['redis.json'] ?? '', 'redis.json'));
    const manifest = parseManifest(parseDocument(FILES['distros/manifest.json'] ?? '', 'manifest.json'));

    expect(spec.spec.groups).toMatchObject([{ roles: ['redis'] }]);
    expect(manifest).toMatchObject({ findings: [], distros: [{ name: 'redis', repos: ['redis'] }] });
    expect(checkAttributes([cookbook], { redis: { port: 6380 } })).toEqual([]);
  });
});
