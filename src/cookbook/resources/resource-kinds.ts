import { archive } from './archive.js';
import { authorizedKey } from './authorized-key.js';
import { blockInFile } from './block-in-file.js';
import { caCertificate } from './ca-certificate.js';
import { configMap } from './config-map.js';
import { directory } from './directory.js';
import { disk } from './disk.js';
import { execute } from './execute.js';
import { fact } from './fact.js';
import { file } from './file.js';
import { firewall } from './firewall.js';
import { group } from './group.js';
import { hostname } from './hostname.js';
import { hostsEntries } from './hosts-entries.js';
import { kernelModule } from './kernel-module.js';
import { lineInFile } from './line-in-file.js';
import { link } from './link.js';
import { mount } from './mount.js';
import { nodeCertificate } from './node-certificate.js';
import { packageRepo } from './package-repo.js';
import { packageKind } from './package.js';
import type { ResourceKind } from './resource-kind.js';
import { remoteFile } from './remote-file.js';
import { service } from './service.js';
import { sysctl } from './sysctl.js';
import { systemdUnit } from './systemd-unit.js';
import { template } from './template.js';
import { timer } from './timer.js';
import { user } from './user.js';
import { waitFor } from './wait-for.js';

/** Every kind of resource that recipes may have; a new one is a file pair and a line here. */
export const RESOURCE_KINDS: readonly ResourceKind[] = [
  archive,
  authorizedKey,
  blockInFile,
  caCertificate,
  configMap,
  directory,
  disk,
  execute,
  fact,
  file,
  firewall,
  group,
  hostname,
  hostsEntries,
  kernelModule,
  lineInFile,
  link,
  mount,
  nodeCertificate,
  packageKind,
  packageRepo,
  remoteFile,
  service,
  sysctl,
  systemdUnit,
  template,
  timer,
  user,
  waitFor,
];

/** The kind of this name. */
export function findResourceKind(name: string): ResourceKind | undefined {
  return RESOURCE_KINDS.find(({ kind }) => kind === name);
}
