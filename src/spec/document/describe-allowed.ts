import type { SchemaError } from './schema-validator.js';

/** What fits where a keyword failed, in words: `a whole number`, `"off", "on"`, or what the schema's `x-allowed` says. */
export function describeAllowed(error: SchemaError): string {
  const words = annotation(error, 'x-allowed') ?? KEYWORDS[error.keyword]?.(error);
  return words ?? annotation(error, 'description') ?? `what the schema's "${error.keyword}" says`;
}

const KEYWORDS: Readonly<Record<string, (error: SchemaError) => string>> = {
  type: ({ params }) => [params['type']].flat().map(typeWords).join(' or '),
  enum: (error) => choicesOf(error).map(quote).join(', '),
  const: (error) => choicesOf(error).map(quote).join(', '),
  minimum: (error) => `a number from ${limit(error)}`,
  exclusiveMinimum: (error) => `a number above ${limit(error)}`,
  maximum: (error) => `a number up to ${limit(error)}`,
  exclusiveMaximum: (error) => `a number below ${limit(error)}`,
  minLength: (error) =>
    limit(error) === '1' ? 'a string that is not empty' : `a string of at least ${limit(error)} characters`,
  maxLength: (error) => `a string of at most ${limit(error)} characters`,
  minItems: (error) => (limit(error) === '1' ? 'a list that is not empty' : `a list of at least ${limit(error)}`),
  maxItems: (error) => `a list of at most ${limit(error)}`,
  minProperties: (error) =>
    limit(error) === '1' ? 'an object that is not empty' : `an object of at least ${limit(error)} fields`,
  maxProperties: (error) => `an object of at most ${limit(error)} fields`,
  pattern: ({ params }) => `a string that matches ${String(params['pattern'])}`,
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

function typeWords(type: unknown): string {
  return TYPES[String(type)] ?? String(type);
}

function limit({ params }: SchemaError): string {
  return String(params['limit']);
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}

/** The values of a failed `enum` or `const`; empty for other keywords. */
export function choicesOf(error: SchemaError): readonly unknown[] {
  const choices: unknown = error.params['allowedValues'];
  if (Array.isArray(choices)) return choices;
  return error.keyword === 'const' ? [error.params['allowedValue']] : [];
}

function annotation(error: SchemaError, name: string): string | undefined {
  const value = error.parentSchema?.[name];
  return typeof value === 'string' ? value : undefined;
}
