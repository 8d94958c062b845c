/**
 * The same pure function, which computes once for each object that it is given: for what is asked again for every node of a
 * cluster and cannot have changed, as the object has not. What nobody holds any more is forgotten.
 */
export function memoByIdentity<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const found = known.get(key) ?? { value: compute(key) };
    known.set(key, found);
    return found.value;
  };
}
