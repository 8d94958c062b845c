import type { NodeView } from './types.js';

/** What can be read of a node: one of its fields, or which node it is. */
export type NodeReading = keyof NodeView | 'itself';

/** Asks an observed node for the node that it stands for. */
const ORIGINAL = Symbol('the node itself');

/** A node like another one, which tells what is read of it, by whatever way. */
export function observedNode(node: NodeView, note: (read: NodeReading) => void): NodeView {
  const noteField = (key: string | symbol): void => {
    if (Object.hasOwn(node, key)) note(key as keyof NodeView);
  };
  return new Proxy(node, {
    get(_, key) {
      if (key === ORIGINAL) {
        note('itself');
        return node;
      }
      noteField(key);
      return Reflect.get(node, key) as unknown;
    },
    getOwnPropertyDescriptor(_, key) {
      noteField(key);
      return Reflect.getOwnPropertyDescriptor(node, key);
    },
  });
}

/** The value itself, where it may be a node that is observed: who compares values has to compare these. */
export function originalOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return (value as { readonly [ORIGINAL]?: NodeView })[ORIGINAL] ?? value;
}
