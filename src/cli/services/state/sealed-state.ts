import { gunzipSync, gzipSync } from 'node:zlib';
import { Secret } from '../../../errors/secret.js';

/** What a backup seals: the store, whole, and what lies beside it in the home. */
export interface SealedState {
  /** An SQLite file. */
  readonly store: Buffer;
  /** As the mirror's `exportKeys` gives them; null where it has none yet. */
  readonly mirrorKeys: Secret | null;
  /** Leases of hosts that were there before, by path below the home. */
  readonly leases: Readonly<Record<string, string>>;
}

/** As one text, with secrets in the open, so a secret itself. */
export function encodeState({ store, mirrorKeys, leases }: SealedState): Secret {
  const gzip = gzipSync(store).toString('base64');
  return new Secret(JSON.stringify({ store: gzip, mirrorKeys: mirrorKeys?.reveal() ?? null, leases }));
}

/** Back from `encodeState`; its shape is trusted, for it is signed. */
export function decodeState(text: Secret): SealedState {
  const { store, mirrorKeys, leases } = JSON.parse(text.reveal()) as {
    readonly store: string;
    readonly mirrorKeys: string | null;
    readonly leases: Readonly<Record<string, string>>;
  };
  return {
    store: gunzipSync(Buffer.from(store, 'base64')),
    mirrorKeys: mirrorKeys === null ? null : new Secret(mirrorKeys),
    leases,
  };
}
