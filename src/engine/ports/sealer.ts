import type { Secret } from '../../errors/secret.js';

/** The operator identity at work: seals, opens, signs. The identity itself never leaves the adapter. */
export interface Sealer {
  /** Where the identity is kept: for "back this up". */
  readonly identityPath: string;
  /** True when this call of the program made the identity. */
  readonly createdNow: boolean;
  /** Text that only the identity opens (age, armoured). */
  seal(value: Secret): Promise<string>;
  /** @throws BdeError `IDENTITY_MISSING` when sealed to another identity */
  open(sealed: string): Promise<Secret>;
  /** Content of any length, in pieces, that only the identity opens (age, binary). */
  sealStream(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /**
   * What was sealed so. A piece is given once it is verified; that none is missing is known at the end.
   *
   * @throws BdeError `IDENTITY_MISSING`, `STATE_INVALID` where it is damaged, from the iteration
   */
  openStream(sealed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** HMAC-sha256 in hex under a key derived from the identity and `context`; the same for the identity's life. */
  mac(context: string, value: Secret): string;
  /** Detached ed25519 signature (base64) by a key derived from the identity. */
  sign(content: Buffer): string;
  verify(content: Buffer, signature: string): boolean;
  /** OpenSSH key pair derived from the identity: machines authorize its public half for the record alone. */
  recoveryKey(): { readonly privateOpenSsh: Secret; readonly publicOpenSsh: string };
  /** The line of authorized_keys that lets the recovery key print the cluster record and do nothing else. */
  recoveryAuthorizedKey(): string;
}
