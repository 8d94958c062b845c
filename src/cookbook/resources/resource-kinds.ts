import { archive } from './archive.js';
import { caCertificate } from './ca-certificate.js';
import { directory } from './directory.js';
import { execute } from './execute.js';
import { file } from './file.js';
import { group } from './group.js';
import { hostsEntries } from './hosts-entries.js';
import { link } from './link.js';
import { packageRepo } from './package-repo.js';
import { packageKind } from './package.js';
import type { ResourceKind } from './resource-kind.js';
import { remoteFile } from './remote-file.js';
import { service } from './service.js';
import { sysctl } from './sysctl.js';
import { systemdUnit } from './systemd-unit.js';
import { template } from './template.js';
import { user } from './user.js';
import { waitFor } from './wait-for.js';

/** Every kind of resource that recipes may have; a new one is a file pair and a line here. */
export const RESOURCE_KINDS: readonly ResourceKind[] = [
  archive,
  caCertificate,
  directory,
  execute,
  file,
  group,
  hostsEntries,
  link,
  packageKind,
  packageRepo,
  remoteFile,
  service,
  sysctl,
  systemdUnit,
  template,
  user,
  waitFor,
];

/** The kind of this name. */
export function findResourceKind(name: string): ResourceKind | undefined {
  return RESOURCE_KINDS.find(({ kind }) => kind === name);
}
