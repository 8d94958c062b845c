import { Decrypter, Encrypter } from 'age-encryption';
import type { Secret } from '../errors/secret.js';

/** Content sealed to a recipient, as binary age: `age -d` opens it too. */
export async function* sealStream(
  recipient: string,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  yield* await encrypter.encrypt(webStreamOf(content));
}

/** What was sealed so; errors are those of the library. */
export async function* openStream(
  identity: Secret,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity.reveal());
  yield* await decrypter.decrypt(webStreamOf(sealed));
}

/** Asks for a piece when one is wanted. Node's own `Readable.toWeb` goes on enqueuing once the reader has given up, and throws. */
function webStreamOf(content: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const pieces = content[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await pieces.return?.();
    },
  });
}
