/** Fields that differ from run to run for good reason: ids, times, keys, epochs, generations, operations, digests over ids. */
const DIFFERING = new Set(['id', 'createdAt', 'epoch', 'generation', 'operation', 'applied', 'next']);

/** The same JSON without what may differ between two runs that came to the same end. */
export function withoutIdentities(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIdentities);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !DIFFERING.has(key))
      .map(([key, field]) => [key, withoutIdentities(field)]),
  );
}
