import type { CookbookSource } from '../../cookbook/types.js';
import type { Secret } from '../../errors/secret.js';
import type { ResolvedCluster } from '../../spec/resolved-cluster.js';
import type { DistroInputs, PinnedSource } from '../pins.js';

/** All that a new cluster is made from, read and resolved; nothing of it is looked up again. */
export interface CreateRequest {
  readonly resolved: ResolvedCluster;
  readonly distro: DistroInputs;
  readonly cookbooks: readonly CookbookSource[];
  /** What it was resolved from, so that a later change of one field needs no file. */
  readonly source: PinnedSource | null;
  readonly rehearsal: boolean;
  /** Values of secret attributes by path; the resolved cluster holds references. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** For the audit. */
  readonly asked: Readonly<Record<string, unknown>>;
}
