/** What ajv says about one failed keyword, as far as we use it; with ajv's `verbose`, so that the schema is at hand. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON pointer into the value. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The name at fault, where the keyword stands below `propertyNames`. */
  readonly propertyName?: string;
  /** The schema that holds the keyword. */
  readonly parentSchema?: Readonly<Record<string, unknown>>;
  /** The value that did not fit. */
  readonly data?: unknown;
}

/** A compiled schema: true where a value fits; else `errors` holds all reasons until the next call. */
export interface SchemaValidator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}
