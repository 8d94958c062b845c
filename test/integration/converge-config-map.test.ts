import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Secret } from '../../src/errors/secret.js';
import { compileRun } from '../../src/cookbook/compile-run.js';
import type { Cookbook } from '../../src/cookbook/cookbook.js';
import { fillSecrets } from '../../src/cookbook/secret-token.js';
import type { CompileInput } from '../../src/cookbook/types.js';
import { nodeAttributes } from '../../src/engine/attribute-layers.js';
import { takeSecretsOut } from '../../src/engine/take-secrets-out.js';
import { resolveCluster } from '../../src/spec/resolve-cluster.js';
import { compileInput, makeCookbook, nodeView } from '../unit/cookbook/cookbook-support.js';
import { inputFor, rules } from '../unit/spec/spec-builders.js';
import { BodyRunner, SHELLS } from './converge-support.js';

/** A spec as BDE's users have it: files below a product, the group's over the cluster's. */
const SPEC = `{
  // the sample of BDE's own documentation, shortened
  "nodeGroups": [
    { "name": "master", "roles": ["hadoop_namenode"], "instanceNum": 1, "cpuNum": 1, "memCapacityMB": 1024 },
    {
      "name": "worker", "roles": ["hadoop_namenode"], "instanceNum": 1, "cpuNum": 1, "memCapacityMB": 1024,
      "configuration": { "hadoop": { "core-site.xml": { "io.file.buffer.size": "131072" } } }
    }
  ],
  "configuration": {
    "hadoop": {
      "core-site.xml": { "io.file.buffer.size": "4096", "hadoop.proxyuser.<any>.hosts": "a&b", "fs.defaultFS": "mine" },
      "hadoop-env.sh": {},
      "log4j.properties": { "log4j.rootLogger": "INFO, \\u00e9" },
      "credentials": { "store.password": "it's <\\"&\\\\" }
    }
  }
}`;

const ATTRIBUTES = `
core-site.xml: { type: object, additionalProperties: { type: string } }
hadoop-env.sh: { type: object, additionalProperties: { type: string } }
log4j.properties: { type: object, additionalProperties: { type: string } }
credentials: { type: object, additionalProperties: { type: string, secret: true } }
`;

const RECIPE = `resources:
  - config_map: @/core-site.xml
    format: xml
    from: core-site.xml
    values:
      fs.defaultFS: "hdfs://{{node.address}}:8020"
    OWNED
  - config_map: @/log4j.properties
    format: properties
    from: log4j.properties
    OWNED
  - config_map: @/secret.xml
    format: xml
    from: credentials
    mode: "0600"
    OWNED
  - config_map: @/secret.yaml
    format: yaml
    from: credentials
    mode: "0600"
    OWNED
  - config_map: @/seed.json
    format: json
    seed: true
    values: { port: 8020, ha: false }
    OWNED
`;

describe.each(Object.entries(SHELLS))('settings of a BDE spec, laid under %s', (_, shell) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
  });
  afterEach(() => {
    runner.remove();
  });

  const path = (name: string) => join(runner.folder, name);
  const text = (name: string) => readFileSync(path(name), 'utf8');

  /** The script for the first node of a group, from the text of the spec on. */
  const scriptFor = (group: string, spec = SPEC): Secret => {
    const owned = `owner: "${String(process.getuid?.())}"\n    group: "${String(process.getgid?.())}"`;
    const cookbook = makeCookbook('hadoop', {
      'attributes.yaml': ATTRIBUTES,
      'roles/hadoop_namenode.yaml': 'summary: x\nrunList: ["hadoop::main"]\n',
      'recipes/main.yaml': RECIPE.replaceAll('@', runner.folder).replaceAll('OWNED', owned),
    });
    const { input, secrets } = inputOf(cookbook, { spec, group });
    return fillSecrets(compileRun(input, [cookbook]).script, secrets);
  };
  const apply = (group: string, spec?: string) => runner.run(scriptFor(group, spec).reveal(), { shell });
  const check = (group: string, spec?: string) => runner.run(scriptFor(group, spec).reveal(), { shell, mode: 'check' });
  const outcomes = (lines: readonly { readonly outcome: string }[]) => lines.map(({ outcome }) => outcome);

  it('are made where they are absent, as a check foretells', () => {
    const foretold = check('master');
    const made = apply('master');
    const again = apply('master');

    expect(outcomes(foretold.lines)).toEqual(Array<string>(5).fill('would-change'));
    expect(outcomes(made.lines)).toEqual(Array<string>(5).fill('changed'));
    expect(outcomes(again.lines)).toEqual(Array<string>(5).fill('unchanged'));
    expect(again.detaches).toBe(0);
  });

  it('hold what the spec says, with the keys of the recipe over it', () => {
    apply('master');

    expect(text('core-site.xml').match(/<(?:name|value)>.*/g)).toEqual([
      '<name>fs.defaultFS</name>',
      '<value>hdfs://10.0.0.10:8020</value>',
      '<name>hadoop.proxyuser.&lt;any&gt;.hosts</name>',
      '<value>a&amp;b</value>',
      '<name>io.file.buffer.size</name>',
      '<value>4096</value>',
    ]);
    expect(text('log4j.properties')).toBe('log4j.rootLogger=INFO, \\u00e9\n');
    expect(JSON.parse(text('seed.json'))).toEqual({ ha: false, port: 8020 });
  });

  it("take the group's value before the cluster's", () => {
    apply('worker');

    expect(text('core-site.xml')).toContain('<value>131072</value>');
  });

  it('keep secrets out of the report and in files that are shut', () => {
    const { stdout } = apply('master');

    expect(text('secret.xml')).toContain(`<value>it's &lt;"&amp;\\</value>`);
    expect(parse(text('secret.yaml'))).toEqual({ 'store.password': `it's <"&\\` });
    expect(statSync(path('secret.xml')).mode & 0o777).toBe(0o600);
    expect(stdout).not.toContain("it's");
  });

  it('are repaired where they drifted, with the difference, and a seed is not', () => {
    apply('master');
    writeFileSync(path('core-site.xml'), text('core-site.xml').replace('4096', '1'));
    writeFileSync(path('seed.json'), '{}');

    const foretold = check('master');
    const { lines } = apply('master');

    expect(outcomes(foretold.lines)).toEqual(['would-change', 'unchanged', 'unchanged', 'unchanged', 'unchanged']);
    expect(outcomes(lines)).toEqual(['changed', 'unchanged', 'unchanged', 'unchanged', 'unchanged']);
    expect(lines[0]?.diff).toContain('-    <value>1</value>\n+    <value>4096</value>');
    expect(text('seed.json')).toBe('{}');
  });

  it('change in the one file whose setting changed', () => {
    apply('master');

    const { lines } = apply('master', SPEC.replace('INFO', 'WARN'));

    expect(outcomes(lines)).toEqual(['unchanged', 'changed', 'unchanged', 'unchanged', 'unchanged']);
  });
});

/** All that the engine does between the text of a spec and the compiler, for one group. */
function inputOf(
  cookbook: Cookbook,
  { spec, group }: { readonly spec: string; readonly group: string },
): { readonly input: CompileInput; readonly secrets: ReadonlyMap<string, Secret> } {
  const read = resolveCluster(inputFor(spec, [rules('hadoop_namenode')]));
  const { cluster, secrets } = takeSecretsOut(read, [cookbook]);
  const node = nodeView(0, { group, roles: ['hadoop_namenode'] });
  const distro = { attributes: {} } as Parameters<typeof nodeAttributes>[0]['distro'];
  const { attributes } = nodeAttributes({ resolved: cluster, distro, cookbooks: [cookbook] }, node);
  return { input: compileInput({ role: 'hadoop_namenode', nodes: [node], attributes }), secrets };
}
