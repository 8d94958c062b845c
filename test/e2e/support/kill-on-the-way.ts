import { expect } from 'vitest';
import type { OperationDocument } from './cluster.js';
import type { Home } from './home.js';

/** How a change went that was killed on its way. */
export interface KilledChange {
  readonly last: OperationDocument;
  readonly kills: number;
  /** From its beginning to its end, what the kills cost included. */
  readonly seconds: number;
}

/**
 * Runs a change, kills it at the first of these points, its resume at the second, and so on; the last resume goes on to
 * the end. The points have to lie on the way in this order.
 */
export async function killOnTheWay(
  home: Home,
  given: { readonly cluster: string; readonly argv: readonly string[]; readonly points: readonly string[] },
): Promise<KilledChange> {
  const { cluster, argv, points } = given;
  const resume = ['cluster', 'resume', cluster];
  const begunMs = performance.now();
  for (const [index, point] of points.entries()) {
    const killed = await home.run(index === 0 ? argv : resume, { BDE_FAULT: `kill@${point}` });
    expect(killed.signal, `${point}: ${killed.stdout}${killed.stderr}`).toBe('SIGKILL');
  }
  const last = await home.json<OperationDocument>(points.length === 0 ? argv : resume);
  return { last, kills: points.length, seconds: (performance.now() - begunMs) / 1000 };
}
