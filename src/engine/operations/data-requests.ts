import { BdeError } from '../../errors/bde-error.js';
import type { Role } from '../../cookbook/types.js';
import type { ResolvedCluster } from '../../spec/resolved-cluster.js';
import type { EngineDependencies } from '../context.js';
import { parseCookbooks } from '../parse-cookbooks.js';
import { readPinnedContent } from '../pins.js';
import { lockedPackages } from '../prepare.js';
import type { BackupArchive, BackupManifest, FoundBackup } from '../ports/backups.js';
import type { ClusterRecord } from '../ports/store.js';
import { NO_CHANGE, type ChangeRequest } from './change-request.js';
import { checkSelection } from './selection.js';

/** Whose data, and the folder in which the backup's own one is to appear. */
export interface BackupAsked {
  /** Undefined: every role that can be backed up. */
  readonly role: string | undefined;
  readonly folder: string;
}

/**
 * Takes the data of roles; the cluster goes on.
 *
 * @throws BdeError `USAGE`, `PREFLIGHT_FAILED` where no role, or not that one, can be backed up
 */
export async function backupRequest(
  { role, folder }: BackupAsked,
  cluster: ClusterRecord,
  deps: EngineDependencies,
): Promise<ChangeRequest> {
  const able = await ableRoles(role, cluster, deps);
  const roles = able.map(({ name }) => name);
  return {
    ...NO_CHANGE,
    kind: 'backup',
    data: { type: 'backup', roles, folder },
    asked: { role: role ?? null, folder },
  };
}

/** Which backup, whose data of it, and whether it may be that of another cluster. */
export interface RestoreAsked {
  /** Undefined: every role that the backup has. */
  readonly role: string | undefined;
  readonly backup: FoundBackup;
  readonly acceptsOther: boolean;
}

/**
 * Puts the data of a backup in the place of what roles have. All that is to be restored is read before: services do not stop
 * for what turns out to be damaged.
 *
 * @throws BdeError `USAGE`, `PREFLIGHT_FAILED`, `GUARD_REFUSED` for a backup of another cluster, `BACKUP_INVALID`
 */
export async function restoreRequest(
  { role, backup, acceptsOther }: RestoreAsked,
  cluster: ClusterRecord,
  deps: EngineDependencies,
): Promise<ChangeRequest> {
  const { folder, manifest } = backup;
  if (manifest.cluster.id !== cluster.id && !acceptsOther) throw ofAnotherCluster(backup, cluster);
  const able = await ableRoles(role, cluster, deps);
  const roles = able.filter(({ name }) => archivesOf(name, manifest).length > 0).map(({ name }) => name);
  if (roles.length === 0) throw hasNothing(backup, role, cluster);
  const archives = manifest.archives.filter((archive) => roles.includes(archive.role));
  for (const archive of archives) await deps.backups.check(folder, archive);
  const { resolved, home } = await readPinnedContent(deps.store.blobs, cluster.pins);
  const locked = lockedPackages(home?.locks ?? []);
  return {
    ...NO_CHANGE,
    kind: 'restore',
    data: { type: 'restore', roles, folder, manifest },
    remarks: [
      describeLoss(manifest, { roles, resolved }),
      ...archives.flatMap((archive) => describeVersions(archive, locked)),
    ],
    asked: { role: role ?? null, from: folder },
  };
}

/** Roles of the cluster whose data can be taken and put back, or the one that is asked for. */
async function ableRoles(
  role: string | undefined,
  { name, pins }: ClusterRecord,
  { store }: EngineDependencies,
): Promise<readonly Role[]> {
  const { resolved, cookbooks } = await readPinnedContent(store.blobs, pins);
  checkSelection(role === undefined ? {} : { role }, resolved);
  const { roles } = parseCookbooks(cookbooks);
  const borne = new Set(resolved.nodes.flatMap((node) => node.roles));
  const able = [...roles.values()].filter((each) => borne.has(each.name) && each.data !== null);
  const asked = role === undefined ? able : able.filter((each) => each.name === role);
  if (asked.length > 0) return asked;
  throw notAble(role, name, able);
}

function notAble(role: string | undefined, cluster: string, able: readonly Role[]): BdeError {
  const what = role === undefined ? `No role of ${cluster} can` : `The role ${role} cannot`;
  const others = able.length === 0 ? '' : ` These can: ${able.map(({ name }) => name).join(', ')}.`;
  return new BdeError(
    'PREFLIGHT_FAILED',
    `${what} be backed up: the pinned cookbooks have no recipes for that.${others}`,
    {
      subject: { cluster, ...(role === undefined ? {} : { role }) },
      hint: `Name backup and restore in the role's file; bde cluster apply ${cluster} --spec FILE brings it to the cluster.`,
    },
  );
}

function archivesOf(role: string, { archives }: BackupManifest): readonly BackupArchive[] {
  return archives.filter((archive) => archive.role === role);
}

function describeLoss(
  manifest: BackupManifest,
  { roles, resolved }: { readonly roles: readonly string[]; readonly resolved: ResolvedCluster },
): string {
  const whose = roles.map((role) => {
    const count = resolved.nodes.filter((node) => node.roles.includes(role)).length;
    const taken = archivesOf(role, manifest).map(({ node }) => node);
    return `the data of ${role} on ${String(count)} nodes is replaced by that of ${taken.join(', ')}`;
  });
  const at = new Date(manifest.takenAt).toISOString();
  return `what was written since ${at} is lost: ${whose.join(', and ')}`;
}

/** Most products read what an older version wrote, and few what a newer one did. */
function describeVersions(
  { role, packages }: BackupArchive,
  locked: Readonly<Record<string, string>>,
): readonly string[] {
  const others = Object.entries(packages).filter(([name, version]) => locked[name] !== version);
  if (others.length === 0) return [];
  const pairs = others.map(([name, version]) => `${version} and now ${locked[name] ?? `no ${name}`}`);
  return [`the data of ${role} was written by other packages than there are: by ${pairs.join(', ')}`];
}

function hasNothing({ manifest }: FoundBackup, role: string | undefined, { name }: ClusterRecord): BdeError {
  const has = [...new Set(manifest.archives.map((archive) => archive.role))].join(', ');
  const what = role === undefined ? `any role of ${name}` : role;
  return new BdeError('PREFLIGHT_FAILED', `The backup ${manifest.id} has no data of ${what}; it has that of ${has}.`, {
    subject: { cluster: name },
    hint: 'See what each backup has with bde cluster backups.',
  });
}

function ofAnotherCluster({ folder, manifest }: FoundBackup, { name }: ClusterRecord): BdeError {
  return new BdeError(
    'GUARD_REFUSED',
    `The backup ${manifest.id} is of another cluster: ${manifest.cluster.name} (${manifest.cluster.id}).`,
    {
      subject: { cluster: name, file: folder },
      hint: 'To bring its data into this cluster all the same, say --accept-other.',
    },
  );
}
