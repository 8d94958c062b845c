import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import type { CompileInput, CompiledRun, Json } from '../../../src/cookbook/types.js';
import { compileInput, recipeCookbook } from './cookbook-support.js';

/** One case of `test/fixtures/resources/<kind>/`: what a recipe says, and what becomes of it. */
export interface ResourceCase {
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

export const CASES_FOLDER = 'test/fixtures/resources';

/** Every case, by kind and name. */
export const RESOURCE_CASES = readdirSync(CASES_FOLDER).flatMap((kind) =>
  readdirSync(join(CASES_FOLDER, kind)).map((file) => ({
    kind,
    name: `${kind} ${file.replace('.json', '').replaceAll('-', ' ')}`,
    file: join(CASES_FOLDER, kind, file),
  })),
);

export function readCase(file: string): ResourceCase {
  return JSON.parse(readFileSync(file, 'utf8')) as ResourceCase;
}

export function compileCase({ given, input }: Pick<ResourceCase, 'given' | 'input'>): CompiledRun {
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
