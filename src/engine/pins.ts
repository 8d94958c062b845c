import { BdeError } from '../errors/bde-error.js';
import type { Digest } from '../errors/ids.js';
import { memoByIdentity } from '../cookbook/memo-by-identity.js';
import type { Attributes, CookbookSource } from '../cookbook/types.js';
import type { NodeSize, ResolvedCluster } from '../spec/resolved-cluster.js';
import type { RepoLock } from './ports/mirror.js';
import type { BlobTable } from './ports/store.js';

/** What a cluster pins of a prepared home: the part of it that plans and machines depend on. */
export interface PinnedHome {
  readonly template: Digest;
  readonly network: string;
  readonly prefixLength: number;
  readonly hostAddress: string;
  readonly caCertificate: string;
  readonly packageKeys: Readonly<Record<string, string>>;
  readonly mirrorUrl: string | null;
  readonly locks: readonly RepoLock[];
}

/** All that a plan reads, by content: every verb but those that read the working tree uses these. */
export interface PinnedInputs {
  readonly formatVersion: 1;
  /** Secrets are references. */
  readonly resolved: Digest;
  /** What the manifest says beside names: repos and attributes. */
  readonly distro: DistroInputs;
  /** The spec that was resolved; absent where an older bde pinned, or nobody had one. */
  readonly source?: Digest;
  /** By cookbook name. */
  readonly cookbooks: Readonly<Record<string, PinnedCookbook>>;
  /** Null until the home is prepared. */
  readonly home: Digest | null;
}

/** A spec in normal form, secrets taken out, and what else resolving it needs beside the cookbooks. */
export interface PinnedSource {
  /** As `printClusterSpec` writes it. */
  readonly text: string;
  /** `vendor/flavour`, or the file's name. */
  readonly label: string;
  readonly distro: { readonly name: string; readonly vendor: string; readonly version: string };
  /** What size names meant at the provider. */
  readonly sizes: Readonly<Record<string, NodeSize>>;
}

/** What a distro of the manifest brings to a cluster. */
export interface DistroInputs {
  /** Package repos that its roles install from, in order. */
  readonly repos: readonly string[];
  /** Attributes by cookbook. */
  readonly attributes: Attributes;
}

/** One cookbook: its folder for messages, and its files by relative path. */
export interface PinnedCookbook {
  readonly path: string;
  readonly files: Readonly<Record<string, Digest>>;
}

/** What pins hold, read back. */
export interface PinnedContent {
  readonly resolved: ResolvedCluster;
  readonly distro: DistroInputs;
  readonly cookbooks: readonly CookbookSource[];
  readonly source: PinnedSource | null;
  readonly home: PinnedHome | null;
}

/** Copies inputs into the store; returns the digest of the pins. */
export async function writePins(blobs: BlobTable, content: Omit<PinnedContent, 'home'>): Promise<Digest> {
  const cookbooks: Record<string, PinnedCookbook> = {};
  for (const source of content.cookbooks) {
    cookbooks[source.name] = { path: source.path, files: await writeFiles(blobs, source) };
  }
  const pins: PinnedInputs = {
    formatVersion: 1,
    resolved: await putJson(blobs, content.resolved),
    distro: content.distro,
    ...(content.source === null ? {} : { source: await putJson(blobs, content.source) }),
    cookbooks,
    home: null,
  };
  return putJson(blobs, pins);
}

/** Copies inputs and what was pinned of a home into the store; returns the digest of the pins. */
export async function pinContent(blobs: BlobTable, content: PinnedContent): Promise<Digest> {
  const pins = await writePins(blobs, content);
  return content.home === null ? pins : pinHome(blobs, pins, content.home);
}

/** The same pins with what a prepared home gave; returns their digest. */
export async function pinHome(blobs: BlobTable, pins: Digest, home: PinnedHome): Promise<Digest> {
  return putJson(blobs, { ...(await readPins(blobs, pins)), home: await putJson(blobs, home) });
}

/**
 * The pins themselves, without what they point at.
 *
 * @throws BdeError `STATE_INVALID`
 */
export async function readPins(blobs: BlobTable, digest: Digest): Promise<PinnedInputs> {
  const pins = await getJson<PinnedInputs>(blobs, digest);
  // A newer bde may have written them.
  if ((pins.formatVersion as number) === 1) return pins;
  throw new BdeError(
    'STATE_INVALID',
    `The pinned inputs ${digest.slice(0, 12)} have format ${String(pins.formatVersion)}; this bde reads format 1.`,
    { hint: 'Use the bde version that wrote them.' },
  );
}

/** Everything that pins point at. */
export async function readPinnedContent(blobs: BlobTable, digest: Digest): Promise<PinnedContent> {
  const pins = await readPins(blobs, digest);
  const cookbooks: CookbookSource[] = [];
  for (const [name, cookbook] of Object.entries(pins.cookbooks)) {
    cookbooks.push(await readCookbook(blobs, name, cookbook));
  }
  return {
    resolved: await getJson<ResolvedCluster>(blobs, pins.resolved),
    distro: pins.distro,
    cookbooks,
    source: pins.source === undefined ? null : await getJson<PinnedSource>(blobs, pins.source),
    home: pins.home === null ? null : await getJson<PinnedHome>(blobs, pins.home),
  };
}

/** The pins themselves and every blob that they point at. */
export async function pinnedBlobs(blobs: BlobTable, digest: Digest): Promise<readonly Digest[]> {
  const { resolved, source, home, cookbooks } = await readPins(blobs, digest);
  const files = Object.values(cookbooks).flatMap((cookbook) => Object.values(cookbook.files));
  return [digest, resolved, ...(source === undefined ? [] : [source]), ...(home === null ? [] : [home]), ...files];
}

/** One and the same object while its store is open, for it is parsed once: the names of blobs say all that is in it. */
async function readCookbook(blobs: BlobTable, name: string, cookbook: PinnedCookbook): Promise<CookbookSource> {
  const known = knownCookbooks(blobs);
  const key = JSON.stringify([name, cookbook]);
  const source = known.get(key) ?? { name, path: cookbook.path, files: await readFiles(blobs, cookbook) };
  known.set(key, source);
  return source;
}

const knownCookbooks = memoByIdentity((_: BlobTable) => new Map<string, CookbookSource>());

async function writeFiles(blobs: BlobTable, source: CookbookSource): Promise<Record<string, Digest>> {
  const files: Record<string, Digest> = {};
  for (const [path, content] of Object.entries(source.files)) files[path] = await blobs.put(content);
  return files;
}

async function readFiles(blobs: BlobTable, cookbook: PinnedCookbook): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  for (const [path, digest] of Object.entries(cookbook.files)) files[path] = await blobs.get(digest);
  return files;
}

function putJson(blobs: BlobTable, value: unknown): Promise<Digest> {
  return blobs.put(Buffer.from(JSON.stringify(value)));
}

/** Blobs are content-addressed and ours: what comes out is what went in. */
async function getJson<Value>(blobs: BlobTable, digest: Digest): Promise<Value> {
  return JSON.parse((await blobs.get(digest)).toString('utf8')) as Value;
}
