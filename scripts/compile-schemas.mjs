// Compiles every JSON Schema of src/*/schemas/ to src/generated/validators.js: at run time no schema is compiled (ajv's
// own compile costs 36 ms a schema). Runs in the build, after `npm ci` (prepare) and before tests (vitest globalSetup).
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const GENERATED = join(ROOT, 'src/generated');

/** Writes the validators, the schemas themselves and the types of both, where the sources have changed. */
export async function compileSchemas() {
  const files = await findSchemaFiles();
  const stamp = `// Made by scripts/compile-schemas.mjs from sources ${await digestOf(files)}.\n`;
  // The last one written: where it fits, all do.
  if (await startsWith(join(GENERATED, 'schemas.d.ts'), stamp)) return;
  const schemas = await loadSchemas(files);
  await mkdir(GENERATED, { recursive: true });
  await replaceFile('validators.js', stamp + (await compileAll(schemas)));
  await replaceFile('validators.d.ts', stamp + declareValidators(schemas));
  await replaceFile('schemas.js', `${stamp}export const SCHEMAS = ${JSON.stringify(byId(schemas), null, 1)};\n`);
  await replaceFile('schemas.d.ts', stamp + SCHEMAS_TYPE);
}

const SCHEMAS_TYPE = `/** Every schema by its $id. */
export declare const SCHEMAS: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
`;

/** The name by which vitest calls a global set-up. */
export const setup = compileSchemas;

async function findSchemaFiles() {
  const folders = await readdir(join(ROOT, 'src'), { withFileTypes: true });
  const found = await Promise.all(folders.filter((entry) => entry.isDirectory()).map(({ name }) => listSchemas(name)));
  return found.flat().sort();
}

async function listSchemas(folder) {
  const path = join(ROOT, 'src', folder, 'schemas');
  const names = await readdir(path).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(path, name));
}

async function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of [fileURLToPath(import.meta.url), ...files]) hash.update(`${file}\0`).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

async function startsWith(file, text) {
  const content = await readFile(file, 'utf8').catch(() => '');
  return content.startsWith(text);
}

/** Every exported object with an `$id`, by the name of its validator. */
async function loadSchemas(files) {
  const { build } = await import('esbuild');
  const contents = files.map((file, index) => `export * as s${index} from ${JSON.stringify(file)};`).join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const modules = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
  const exported = Object.values(modules).flatMap((module) => Object.values(module));
  const schemas = exported.filter((value) => typeof value === 'object' && value !== null && '$id' in value);
  return new Map(schemas.map((schema) => [validatorName(schema.$id), schema]));
}

/** `bde:cluster-spec` → `validateClusterSpec` */
function validatorName(id) {
  const match = /^bde:([a-z]+(?:-[a-z]+)*)$/.exec(id);
  if (match === null) throw new Error(`the $id ${JSON.stringify(id)} is not of the form bde:some-name`);
  return `validate${match[1].replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase())}`;
}

async function compileAll(schemas) {
  const [{ Ajv2020 }, standalone, formats] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv/dist/standalone/index.js'),
    import('ajv-formats'),
  ]);
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    schemas: [...schemas.values()],
    code: { source: true, esm: true },
  });
  formats.default.default(ajv);
  ajv.addVocabulary(['x-allowed', 'x-hint']);
  const names = Object.fromEntries([...schemas].map(([name, schema]) => [name, schema.$id]));
  return bundle(standalone.default.default(ajv, names));
}

/** ajv's "esm" output still says `require` for its own small run-time parts. */
async function bundle(code) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: ROOT, loader: 'js' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  return outputFiles[0].text;
}

function byId(schemas) {
  return Object.fromEntries([...schemas.values()].map((schema) => [schema.$id, schema]));
}

function declareValidators(schemas) {
  const lines = [...schemas.keys()].sort().map((name) => `export declare const ${name}: SchemaValidator;`);
  return ["import type { SchemaValidator } from '../spec/document/schema-validator.js';", '', ...lines, ''].join('\n');
}

/** Whole or not at all: several test runs may do this at once. */
async function replaceFile(name, content) {
  const path = join(GENERATED, name);
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, content);
  await rename(draft, path);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  await compileSchemas();
