declare const content: unique symbol;

/** JSON text that remembers the type of what it holds. */
export type Json<Value> = string & { readonly [content]?: Value };

/** JSON text of a value for a column. `undefined`, which JSON lacks, becomes null. */
export function toJson<Value>(value: Value): Json<Value> {
  // The type of `stringify` conceals that it gives undefined for undefined.
  const text = JSON.stringify(value) as string | undefined;
  return text ?? 'null';
}

/** The value of a JSON column. Only `toJson` writes such columns, so what comes back is what the caller of the port gave. */
export function fromJson<Value>(text: Json<Value>): Value {
  return JSON.parse(text) as Value;
}
