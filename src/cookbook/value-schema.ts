import type { Json } from './types.js';
import { didYouMean } from '../spec/document/nearest-name.js';

/** What a value may be: the subset of JSON Schema that attributes and facts are described in. */
export interface ValueSchema {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly description?: string;
  readonly default?: Json;
  /** The value is sealed, and shown nowhere; strings only. */
  readonly secret?: boolean;
  /** How bde makes the value of a secret attribute that nobody gives. */
  readonly generate?: SecretGenerator;
  readonly enum?: readonly (string | number | boolean)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: ValueSchema;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  /** Absent: no other keys where `properties` is there, any where it is not. */
  readonly additionalProperties?: boolean | ValueSchema;
  /** Keys of a map that nobody may give, for bde does: by key, where its value comes from. */
  readonly owned?: Readonly<Record<string, string>>;
}

/** Characters drawn from an alphabet (`alphanumeric`), or the spelling of random bytes (`base64`). */
export type SecretGenerator =
  | { readonly length: number; readonly alphabet?: 'alphanumeric' | 'hex' | 'digits' }
  | { readonly bytes: number; readonly encoding?: 'base64' | 'base64url' | 'hex' };

/** Something in a value that does not fit. */
export interface ValueProblem {
  readonly path: readonly (string | number)[];
  /** True where the key itself is at fault, not its value. */
  readonly unknownKey: boolean;
  /** `is "x"; allowed is a whole number`, to stand behind the name of what is at the path. */
  readonly message: string;
  /** Where a text was wanted and another scalar found: YAML may have made one of the other. */
  readonly misread?: { readonly value: number | boolean; readonly allowed: string };
}

/** Everything in a value that does not fit its schema, in the order of the value. */
export function checkValue(
  schema: ValueSchema,
  value: Json,
  path: readonly (string | number)[] = [],
): readonly ValueProblem[] {
  if (!hasType(schema.type, value)) return [wrongType(schema, value, path)];
  const seen = seenOf(schema, value);
  if (schema.enum !== undefined && !schema.enum.some((choice) => choice === value)) {
    return [misfit(path, seen, schema.enum.map((choice) => JSON.stringify(choice)).join(', '))];
  }
  return [
    ...limitsBroken(schema, value).map((allowed) => misfit(path, seen, allowed)),
    ...checkParts(schema, value, path),
  ];
}

function wrongType(schema: ValueSchema, value: Json, path: ValueProblem['path']): ValueProblem {
  const { type, enum: choices, pattern, secret = false } = schema;
  const problem = misfit(path, seenOf(schema, value), TYPE_NAMES[type]);
  if (type !== 'string' || secret || (typeof value !== 'number' && typeof value !== 'boolean')) return problem;
  const words = pattern === undefined ? 'a string' : `a text that matches ${pattern}`;
  const allowed = choices === undefined ? words : choices.map((choice) => JSON.stringify(choice)).join(', ');
  return { ...problem, misread: { value, allowed } };
}

const TYPE_NAMES: Readonly<Record<ValueSchema['type'], string>> = {
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

function hasType(type: ValueSchema['type'], value: Json): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

/** What would have been allowed, for each limit of a scalar that is broken. */
function limitsBroken(schema: ValueSchema, value: Json): readonly string[] {
  const { minimum, maximum, minLength = 0, maxLength = Infinity, pattern = '' } = schema;
  if (typeof value === 'string') {
    return [
      ...(value.length < minLength ? [`a text of at least ${minLength} characters`] : []),
      ...(value.length > maxLength ? [`a text of at most ${maxLength} characters`] : []),
      ...(new RegExp(pattern, 'u').test(value) ? [] : [`a text that matches ${pattern}`]),
    ];
  }
  if (typeof value !== 'number') return [];
  return [
    ...(minimum !== undefined && value < minimum ? [`a number from ${minimum}`] : []),
    ...(maximum !== undefined && value > maximum ? [`a number up to ${maximum}`] : []),
  ];
}

function checkParts(schema: ValueSchema, value: Json, path: ValueProblem['path']): readonly ValueProblem[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined
      ? []
      : (value as readonly Json[]).flatMap((item, index) => checkValue(items, item, [...path, index]));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => checkField(schema, [key, field], [...path, key]));
}

function checkField(
  schema: ValueSchema,
  [key, field]: readonly [string, Json],
  path: ValueProblem['path'],
): readonly ValueProblem[] {
  const { properties = {}, additionalProperties = schema.properties === undefined, owned = {} } = schema;
  if (Object.hasOwn(owned, key)) return [ownedKey(path, owned[key] ?? '')];
  const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (own !== undefined) return checkValue(own, field, path);
  if (typeof additionalProperties === 'object') return checkValue(additionalProperties, field, path);
  if (additionalProperties) return [];
  return [{ path, unknownKey: true, message: `is not known${didYouMean(key, Object.keys(properties))}` }];
}

function ownedKey(path: ValueProblem['path'], origin: string): ValueProblem {
  return { path, unknownKey: true, message: `is set by bde itself: ${origin}` };
}

function misfit(path: ValueProblem['path'], seen: string, allowed: string): ValueProblem {
  return { path, unknownKey: false, message: `is ${seen}; allowed is ${allowed}` };
}

/** What a message says of a value; of a secret it says nothing. */
function seenOf({ secret = false }: ValueSchema, value: Json): string {
  return secret ? 'a secret of another form' : describe(value);
}

function describe(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
