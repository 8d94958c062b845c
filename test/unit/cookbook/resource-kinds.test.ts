import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import { RESOURCE_KINDS } from '../../../src/cookbook/resources/resource-kinds.js';
import { RESOURCE_PARAMETERS } from '../../../src/cookbook/schemas/resource-parameters.js';
import type { CompileInput, Json } from '../../../src/cookbook/types.js';
import { compileInput, errorOf, recipeCookbook } from './cookbook-support.js';

/** One case of `test/fixtures/resources/<kind>/`: what a recipe says, and what becomes of it. */
interface ResourceCase {
  /** Resources as a recipe has them. */
  readonly given: readonly object[];
  /** Fields of the compile input that differ from `compileInput()`. */
  readonly input?: Partial<CompileInput>;
  /** Parameters of the digest, by resource. */
  readonly parameters?: Readonly<Record<string, Json>>;
  /** Lines of the script behind the functions of its library. */
  readonly script?: readonly string[];
  readonly error?: string;
}

const FOLDER = 'test/fixtures/resources';

const cases = readdirSync(FOLDER).flatMap((kind) =>
  readdirSync(join(FOLDER, kind)).map((file) => ({
    name: `${kind} ${file.replace('.json', '').replaceAll('-', ' ')}`,
    file: join(FOLDER, kind, file),
  })),
);

function compileCase({ given, input }: ResourceCase) {
  const resources = given.map((resource) => `  - ${JSON.stringify(resource)}\n`).join('');
  return compileRun(compileInput(input), [
    recipeCookbook(resources, {
      'files/tool': 'a tool\n',
      'templates/conf.hbs': 'name={{node.name}}\n',
      'roles/demo.yaml':
        'summary: Demo\nrunList: ["demo::main"]\nports: [{ name: http, port: 8080 }, { name: peers, port: 7000, protocol: udp }]\n',
      'roles/teller.yaml':
        'summary: Exports facts\nrunList: ["demo::main"]\nfacts: { token: { schema: { type: string }, secret: true }, count: { schema: { type: integer }, command: "echo 1" } }\n',
      'roles/caller.yaml': 'summary: Requires demo\nrequires: [demo]\nrunList: []\n',
      'attributes.yaml': 'core-site.xml: { type: object, additionalProperties: { type: string } }\n',
    }),
  ]);
}

/** What stands behind the last function of the library. */
function scriptBody(script: string): readonly string[] {
  const lines = script.trimEnd().split('\n');
  const start = lines.findIndex((line) =>
    /^bde_(?:list_\w+\(\)|content_\d+\(\)|resource |creates |only_if |not_if |raises )/.test(line),
  );
  return lines.slice(start, -1);
}

describe('every kind of resource', () => {
  it.each(cases)('$name', ({ file }) => {
    const expected = JSON.parse(readFileSync(file, 'utf8')) as ResourceCase;

    if (expected.error !== undefined) {
      expect(errorOf(() => compileCase(expected)).message).toContain(expected.error);
      return;
    }
    const { resources, script } = compileCase(expected);

    expect(Object.fromEntries(resources.map(({ id, parameters }) => [id, parameters]))).toEqual(expected.parameters);
    expect(scriptBody(script)).toEqual(expected.script);
  });

  it('has its parameters described in the schema, and a fixture', () => {
    const kinds = RESOURCE_KINDS.map(({ kind }) => kind).sort();

    expect(Object.keys(RESOURCE_PARAMETERS).sort()).toEqual(kinds);
    expect(readdirSync(FOLDER).sort()).toEqual(kinds);
  });
});
