import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createSecureContext, TLSSocket, type PeerCertificate, type SecureContext } from 'node:tls';
import type { NodeDescription } from '../../../src/cli/services/describe-cluster.js';
import { upperFolder } from './cluster.js';
import type { Home } from './home.js';
import { ECHO_PORT } from './tls-project.js';

/** What became of the requests to one member. */
export interface Asked {
  readonly answered: number;
  /** Certificates that it showed, by serial number. */
  readonly serials: ReadonlySet<string>;
  /** Why requests failed, one line each: nothing is asked again at another member. */
  readonly failures: readonly string[];
}

/** A client that asks every member all the time, each request over a connection of its own. */
export interface TlsLoad {
  /** By node name, so far. */
  asked(): Readonly<Record<string, Asked>>;
  stop(): Promise<Readonly<Record<string, Asked>>>;
}

const PAUSE_MS = 20;

/**
 * Starts asking. The client is a program on the first node, as far as its certificate and its trust go: it reads both from
 * that node's folder for each request. It verifies names and authorities of those whom it asks.
 */
export function startTlsLoad(home: Home, nodes: readonly NodeDescription[]): TlsLoad {
  const [first] = nodes;
  if (first === undefined) throw new Error('there is nobody to ask');
  const folder = join(upperFolder(home, first), 'etc/bde/tls');
  const ended = new AbortController();
  const members = nodes.map((node) => new Member(node, folder));
  const loops = members.map((member) => member.askUntil(ended.signal));
  const asked = (): Readonly<Record<string, Asked>> =>
    Object.fromEntries(members.map((member) => [member.node.name, member.asked]));
  return {
    asked,
    async stop() {
      ended.abort();
      await Promise.all(loops);
      return asked();
    },
  };
}

class Member {
  readonly node: NodeDescription;
  readonly #folder: string;
  readonly #failures: string[] = [];
  readonly #serials = new Set<string>();
  #answered = 0;

  constructor(node: NodeDescription, folder: string) {
    this.node = node;
    this.#folder = folder;
  }

  get asked(): Asked {
    return { answered: this.#answered, serials: this.#serials, failures: this.#failures };
  }

  async askUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#serials.add((await ask(this.node, await readContext(this.#folder))).serialNumber);
        this.#answered += 1;
      } catch (error) {
        this.#failures.push(`${new Date().toISOString()} ${this.node.name}: ${String(error)}`);
      }
      await pause(PAUSE_MS);
    }
  }
}

/** The files are replaced one after the other: who reads a key and a certificate that do not belong together reads again. */
async function readContext(folder: string): Promise<SecureContext> {
  const [ca, cert, key] = await Promise.all(
    ['ca.crt', 'node.crt', 'node.key'].map((name) => readFile(join(folder, name))),
  );
  try {
    return createSecureContext({ ca, cert, key });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') throw error;
    return readContext(folder);
  }
}

function ask(node: NodeDescription, secureContext: SecureContext): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const options = { host: node.address, port: ECHO_PORT, servername: node.name, agent: false, secureContext };
    const sent = request(options, (response) => {
      const { socket } = response;
      const shown = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined;
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200 && shown !== undefined) resolve(shown);
        else reject(new Error(`it answered ${String(response.statusCode)}`));
      });
    });
    sent.once('error', reject);
    sent.end();
  });
}
