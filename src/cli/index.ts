import type { Command } from '@oclif/core';
import ClusterApply from './commands/cluster/apply.js';
import ClusterBackup from './commands/cluster/backup.js';
import ClusterBackups from './commands/cluster/backups.js';
import ClusterCancel from './commands/cluster/cancel.js';
import ClusterConfig from './commands/cluster/config.js';
import ClusterConverge from './commands/cluster/converge.js';
import ClusterCreate from './commands/cluster/create.js';
import ClusterDelete from './commands/cluster/delete.js';
import ClusterDrift from './commands/cluster/drift.js';
import ClusterEvents from './commands/cluster/events.js';
import ClusterExec from './commands/cluster/exec.js';
import ClusterExport from './commands/cluster/export.js';
import ClusterFix from './commands/cluster/fix.js';
import ClusterImport from './commands/cluster/import.js';
import ClusterList from './commands/cluster/list.js';
import ClusterLogs from './commands/cluster/logs.js';
import ClusterProtect from './commands/cluster/protect.js';
import ClusterResize from './commands/cluster/resize.js';
import ClusterRestart from './commands/cluster/restart.js';
import ClusterRotateCerts from './commands/cluster/rotate-certs.js';
import ClusterRestore from './commands/cluster/restore.js';
import ClusterResume from './commands/cluster/resume.js';
import ClusterShow from './commands/cluster/show.js';
import ClusterSsh from './commands/cluster/ssh.js';
import ClusterStart from './commands/cluster/start.js';
import ClusterStatus from './commands/cluster/status.js';
import ClusterStop from './commands/cluster/stop.js';
import ClusterTrust from './commands/cluster/trust.js';
import ClusterUnlock from './commands/cluster/unlock.js';
import ClusterUnprotect from './commands/cluster/unprotect.js';
import ClusterUpgrade from './commands/cluster/upgrade.js';
import ClusterVerify from './commands/cluster/verify.js';
import CookbookDocsCommand from './commands/cookbook/docs.js';
import CookbookLint from './commands/cookbook/lint.js';
import CookbookList from './commands/cookbook/list.js';
import CookbookNew from './commands/cookbook/new.js';
import CookbookTestCommand from './commands/cookbook/test.js';
import ConfigExplain from './commands/config/explain.js';
import CookbookSchema from './commands/cookbook/schema.js';
import DistroList from './commands/distro/list.js';
import DistroShow from './commands/distro/show.js';
import DistroValidate from './commands/distro/validate.js';
import OperationList from './commands/operation/list.js';
import OperationShow from './commands/operation/show.js';
import ProviderCheck from './commands/provider/check.js';
import ProviderList from './commands/provider/list.js';
import RepoBuild from './commands/repo/build.js';
import RepoList from './commands/repo/list.js';
import RepoServe from './commands/repo/serve.js';
import RepoStop from './commands/repo/stop.js';
import SecretList from './commands/secret/list.js';
import SecretRotate from './commands/secret/rotate.js';
import SecretSet from './commands/secret/set.js';
import SpecInit from './commands/spec/init.js';
import SpecList from './commands/spec/list.js';
import SpecSchema from './commands/spec/schema.js';
import SpecShow from './commands/spec/show.js';
import SpecValidate from './commands/spec/validate.js';
import StateBackup from './commands/state/backup.js';
import StateRestore from './commands/state/restore.js';
import TemplateBuild from './commands/template/build.js';
import TemplateDelete from './commands/template/delete.js';
import TemplateList from './commands/template/list.js';
import Completion from './commands/completion.js';
import Doctor from './commands/doctor.js';

/** Every command by its id. */
export const commands: Readonly<Record<string, Command.Class>> = {
  'cluster:apply': ClusterApply,
  'cluster:backup': ClusterBackup,
  'cluster:backups': ClusterBackups,
  'cluster:cancel': ClusterCancel,
  'cluster:config': ClusterConfig,
  'cluster:converge': ClusterConverge,
  'cluster:create': ClusterCreate,
  'cluster:delete': ClusterDelete,
  'cluster:drift': ClusterDrift,
  'cluster:events': ClusterEvents,
  'cluster:exec': ClusterExec,
  'cluster:export': ClusterExport,
  'cluster:fix': ClusterFix,
  'cluster:import': ClusterImport,
  'cluster:list': ClusterList,
  'cluster:logs': ClusterLogs,
  'cluster:protect': ClusterProtect,
  'cluster:resize': ClusterResize,
  'cluster:restart': ClusterRestart,
  'cluster:rotate-certs': ClusterRotateCerts,
  'cluster:restore': ClusterRestore,
  'cluster:resume': ClusterResume,
  'cluster:show': ClusterShow,
  'cluster:ssh': ClusterSsh,
  'cluster:start': ClusterStart,
  'cluster:status': ClusterStatus,
  'cluster:stop': ClusterStop,
  'cluster:trust': ClusterTrust,
  'cluster:unlock': ClusterUnlock,
  'cluster:unprotect': ClusterUnprotect,
  'cluster:upgrade': ClusterUpgrade,
  'cluster:verify': ClusterVerify,
  completion: Completion,
  'config:explain': ConfigExplain,
  'cookbook:schema': CookbookSchema,
  'cookbook:docs': CookbookDocsCommand,
  'cookbook:lint': CookbookLint,
  'cookbook:list': CookbookList,
  'cookbook:new': CookbookNew,
  'cookbook:test': CookbookTestCommand,
  'distro:list': DistroList,
  'distro:show': DistroShow,
  'distro:validate': DistroValidate,
  doctor: Doctor,
  'operation:list': OperationList,
  'operation:show': OperationShow,
  'provider:check': ProviderCheck,
  'provider:list': ProviderList,
  'repo:build': RepoBuild,
  'repo:list': RepoList,
  'repo:serve': RepoServe,
  'repo:stop': RepoStop,
  'secret:list': SecretList,
  'secret:rotate': SecretRotate,
  'secret:set': SecretSet,
  'spec:init': SpecInit,
  'spec:list': SpecList,
  'spec:schema': SpecSchema,
  'spec:show': SpecShow,
  'spec:validate': SpecValidate,
  'state:backup': StateBackup,
  'state:restore': StateRestore,
  'template:build': TemplateBuild,
  'template:delete': TemplateDelete,
  'template:list': TemplateList,
};
