import { Args, Flags } from '@oclif/core';
import type { ConvergeSelection } from '../engine/operations/selection.js';
import { dataFlags } from './data-flags.js';

/** The cluster that a command is about. */
export const clusterArg = { name: Args.string({ description: 'Name of the cluster.', required: true }) };

/** Flags that every change of a cluster has. */
export const changeFlags = {
  plan: Flags.boolean({ description: 'Show which steps would run, and do nothing.' }),
  'detailed-exitcode': Flags.boolean({
    description: 'With --plan: exit with 10 when there is something to do.',
    dependsOn: ['plan'],
  }),
  yes: Flags.boolean({
    char: 'y',
    description: 'Do not ask before machines are destroyed.',
    env: 'BDE_YES',
    default: false,
  }),
};

/** For changes of settings, packages or sizes, which a rollback follows where they fail. */
export const rollbackFlag = {
  'no-rollback': Flags.boolean({
    description: 'Keep what failed on nodes as it is, to look at it: go back by no rollback.',
    env: 'BDE_NO_ROLLBACK',
    default: false,
  }),
};

/** For changes that a guard may refuse. */
export const forceFlag = {
  force: Flags.boolean({ description: 'Go on though a majority is lost; it is said which.', default: false }),
};

/** For changes that read a spec, and cookbooks and distros with it. */
export const specFlags = {
  set: Flags.string({
    description: 'PATH=VALUE: change a field of the spec, e.g. configuration.web.port=8080.',
    helpValue: 'PATH=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  ...dataFlags,
};

/** For commands that may be about one role. */
export const roleFlag = {
  role: Flags.string({ description: 'Only nodes with this role.', helpValue: 'NAME' }),
};

/** For commands that may be about one group. */
export const groupFlag = {
  group: Flags.string({ description: 'Only nodes of this group.', helpValue: 'NAME' }),
};

/** For commands that may be about one node. */
export const nodeFlag = {
  node: Flags.string({ description: 'Only this node.', helpValue: 'NAME', exclusive: ['group'] }),
};

/** The part of a cluster that the flags above name. */
export function selectionOf(flags: {
  readonly [Part in keyof ConvergeSelection]?: string | undefined;
}): ConvergeSelection {
  const { role, group, node } = flags;
  return {
    ...(role === undefined ? {} : { role }),
    ...(group === undefined ? {} : { group }),
    ...(node === undefined ? {} : { node }),
  };
}
