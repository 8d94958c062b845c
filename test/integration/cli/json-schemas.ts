import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const FOLDER = join(import.meta.dirname, '../../../docs/json');

/** Says what of an output does not fit the definition that docs/json.md names for it; empty when all does. */
export type OutputCheck = (definition: string, output: string) => readonly string[];

/** The published formats, as a stranger's validator reads them. */
export function loadJsonSchemas(): OutputCheck {
  // Unions are written as lists of types, and descriptions stand beside references.
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  for (const file of readdirSync(FOLDER)) ajv.addSchema(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as object);
  return (definition, output) => {
    const [topic, name] = definition.split('#');
    const validate = ajv.getSchema(`${topic}.schema.json#/$defs/${name}`);
    if (validate === undefined) return [`docs/json has no definition ${definition}`];
    if (validate(JSON.parse(output))) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message, JSON.stringify(params)].join(' '),
    );
  };
}
