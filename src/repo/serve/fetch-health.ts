import { Client } from 'undici';
import type { Health } from './answer-request.js';

/** Where and by whose authority to ask. */
export interface HealthQuestion {
  readonly address: string;
  readonly port: number;
  /** PEM. */
  readonly caCertificate: string;
}

const ANSWER_WITHIN_MS = 2_000;
const MAX_ANSWER_BYTES = 4096;

/** What the helper there says of itself; undefined when nothing answers there over TLS with a certificate of this authority. */
export async function fetchHealth({ address, port, caCertificate }: HealthQuestion): Promise<Health | undefined> {
  const client = new Client(`https://${address}:${String(port)}`, {
    connect: { ca: caCertificate, timeout: ANSWER_WITHIN_MS },
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: ANSWER_WITHIN_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  try {
    const { body } = await client.request({ method: 'GET', path: '/health' });
    return parseHealth(await body.text());
  } catch {
    // Refused, timed out, or another's certificate: all of them mean that our helper is not there.
    return undefined;
  } finally {
    await client.destroy();
  }
}

function parseHealth(text: string): Health | undefined {
  try {
    const health = JSON.parse(text) as Health | { readonly formatVersion?: unknown };
    return health.formatVersion === 1 ? (health as Health) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
