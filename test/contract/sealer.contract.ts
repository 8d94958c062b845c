import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Sealer } from '../../src/engine/ports/sealer.js';
import { Secret } from '../../src/errors/secret.js';

/** A sealer; one that opened the same identity again; one of another identity. */
export interface SealersUnderTest {
  readonly sealer: Sealer;
  readonly again: Sealer;
  readonly stranger: Sealer;
}

const SENTINEL = 'sentinel-7f3a';

async function* inPieces(content: Buffer): AsyncGenerator<Uint8Array, void, undefined> {
  for (let from = 0; from < content.length; from += 10_000) {
    await Promise.resolve();
    yield content.subarray(from, from + 10_000);
  }
}

async function gather(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Every promise of the sealer port. */
export function describeSealer(name: string, make: () => Promise<SealersUnderTest>): void {
  describe(`sealer contract: ${name}`, () => {
    it('opens what it sealed, now and when the identity is opened again', async () => {
      const { sealer, again } = await make();
      const sealed = await sealer.seal(new Secret('hällo\n$(x) "'));

      const opened = [await sealer.open(sealed), await again.open(sealed)];

      expect(opened.map((secret) => secret.reveal())).toEqual(['hällo\n$(x) "', 'hällo\n$(x) "']);
    });

    it('seals the empty text and a long one', async () => {
      const { sealer } = await make();
      const long = 'x'.repeat(300_000);

      const opened = [
        await sealer.open(await sealer.seal(new Secret(''))),
        await sealer.open(await sealer.seal(new Secret(long))),
      ];

      expect(opened.map((secret) => secret.reveal().length)).toEqual([0, 300_000]);
    });

    it('seals to armoured text that does not show the value', async () => {
      const { sealer } = await make();

      const sealed = await sealer.seal(new Secret(SENTINEL));

      expect(sealed.split('\n')[0]).toBe('-----BEGIN AGE ENCRYPTED FILE-----');
      expect(sealed).not.toContain(SENTINEL);
    });

    it('opens content in pieces that it sealed so, of no bytes and of many', async () => {
      const { sealer, again } = await make();
      const many = Buffer.alloc(300_000, 'many ');

      const opened = [
        await gather(again.openStream(sealer.sealStream(inPieces(many)))),
        await gather(again.openStream(sealer.sealStream(inPieces(Buffer.alloc(0))))),
      ];

      expect(opened[0]?.equals(many)).toBe(true);
      expect(opened[1]?.length).toBe(0);
    });

    it('refuses content in pieces that was cut, changed or sealed to another identity', async () => {
      const { sealer, stranger } = await make();
      const sealed = await gather(sealer.sealStream(inPieces(Buffer.alloc(300_000, 'many '))));
      const changed = Buffer.from(sealed);
      changed[200_000] = (changed[200_000] ?? 0) ^ 1;

      const opening = (bytes: Buffer): Promise<Buffer> => gather(sealer.openStream(inPieces(bytes)));

      await expect(opening(sealed.subarray(0, -20_000))).rejects.toMatchObject({ code: 'STATE_INVALID' });
      await expect(opening(changed)).rejects.toMatchObject({ code: 'STATE_INVALID' });
      const others = await gather(stranger.sealStream(inPieces(Buffer.from(SENTINEL))));
      await expect(opening(others)).rejects.toMatchObject({ code: 'IDENTITY_MISSING' });
    });

    it('refuses what was sealed to another identity and names its own', async () => {
      const { sealer, stranger } = await make();
      const sealed = await stranger.seal(new Secret(SENTINEL));

      const opening = sealer.open(sealed);

      await expect(opening).rejects.toMatchObject({
        code: 'IDENTITY_MISSING',
        message: `The operator identity ${sealer.identityPath} is not the one that this was sealed to.`,
      });
    });

    it('refuses sealed text that was changed', async () => {
      const { sealer } = await make();
      const sealed = await sealer.seal(new Secret(SENTINEL));
      const lines = sealed.trimEnd().split('\n');
      const last = lines.at(-2)!;
      const changed = [...lines.slice(0, -2), (last.startsWith('A') ? 'B' : 'A') + last.slice(1), lines.at(-1)];

      const opening = sealer.open(changed.join('\n'));

      await expect(opening).rejects.toMatchObject({ code: 'STATE_INVALID' });
    });

    it('refuses text that was never sealed', async () => {
      const { sealer } = await make();

      const opening = sealer.open('no armour');

      await expect(opening).rejects.toMatchObject({ code: 'STATE_INVALID' });
    });

    it('gives one digest for one context and value for the life of the identity', async () => {
      const { sealer, again, stranger } = await make();
      const value = new Secret(SENTINEL);

      const digest = sealer.mac('cluster C1', value);

      expect(digest).toMatch(/^[0-9a-f]{64}$/);
      expect(again.mac('cluster C1', value)).toBe(digest);
      expect(sealer.mac('cluster C2', value)).not.toBe(digest);
      expect(sealer.mac('cluster C1', new Secret('other'))).not.toBe(digest);
      expect(stranger.mac('cluster C1', value)).not.toBe(digest);
    });

    it('verifies its own signatures of the same content alone', async () => {
      const { sealer, again, stranger } = await make();
      const content = Buffer.from('a record');

      const signature = sealer.sign(content);

      expect(again.verify(content, signature)).toBe(true);
      expect(sealer.verify(Buffer.from('a recorD'), signature)).toBe(false);
      expect(stranger.verify(content, signature)).toBe(false);
    });

    it('takes no other spelling of a signature for the signature', async () => {
      const { sealer } = await make();
      const content = Buffer.from('a record');
      const signature = sealer.sign(content);
      const others = ['', 'AAAA', `${signature}\n`, ` ${signature}`, signature.replace(/=+$/, ''), `${signature}AAAA`];

      const verdicts = others.map((other) => sealer.verify(content, other));

      expect(verdicts).toEqual([false, false, false, false, false, false]);
    });

    it('derives one recovery key for the life of the identity', async () => {
      const { sealer, again, stranger } = await make();

      const key = sealer.recoveryKey();

      expect(key.publicOpenSsh).toMatch(/^ssh-ed25519 AAAA[0-9A-Za-z+/]{64} bde-recovery$/);
      expect(again.recoveryKey().publicOpenSsh).toBe(key.publicOpenSsh);
      expect(again.recoveryKey().privateOpenSsh.reveal()).toBe(key.privateOpenSsh.reveal());
      expect(stranger.recoveryKey().publicOpenSsh).not.toBe(key.publicOpenSsh);
    });

    it('lets the recovery key print the record and nothing else', async () => {
      const { sealer } = await make();

      const line = sealer.recoveryAuthorizedKey();

      const record = '/var/lib/bde/record/current';
      const command = `sh -c 'cat ${record} 2>/dev/null || exec sudo -n cat ${record}'`;
      expect(line).toBe(`restrict,command="${command}" ${sealer.recoveryKey().publicOpenSsh}`);
    });

    it('shows no secret when it or its errors are inspected or serialised', async () => {
      const { sealer, stranger } = await make();
      const sealed = await stranger.seal(new Secret(SENTINEL));
      const error: unknown = await sealer.open(sealed).catch((reason: unknown) => reason);
      const key = sealer.recoveryKey();
      const planted = [SENTINEL, ...key.privateOpenSsh.reveal().split('\n').slice(1, 4), 'AGE-SECRET-KEY-1'];

      const shown = [sealer, key, error, await sealer.open(await sealer.seal(new Secret(SENTINEL)))]
        .map((value) => inspect(value, { depth: 12, showHidden: true }) + JSON.stringify(value) + String(value))
        .join('\n');

      expect(planted.filter((secret) => shown.includes(secret))).toEqual([]);
    });
  });
}
