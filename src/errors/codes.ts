/**
 * Every error code, its exit code and one sentence on when it is raised.
 *
 * The code is stable: scripts branch on it. `docs/errors.md` has an entry for each; a test compares the two lists.
 */
export const ERROR_CODES = {
  USAGE: { exit: 2, when: 'Flags or arguments do not fit the command.' },
  UNKNOWN_CLUSTER: { exit: 2, when: 'No cluster of that name is known to this home.' },
  UNKNOWN_NODE: { exit: 2, when: 'The cluster has no node of that name.' },
  UNKNOWN_OPERATION: { exit: 2, when: 'No operation of that id is known to this home.' },
  NO_TTY: { exit: 2, when: 'A question would have to be asked, but there is no terminal and no `--yes`.' },
  REFUSED_BY_USER: { exit: 2, when: 'A question was answered with no; nothing was done.' },
  COOKBOOK_INVALID: { exit: 3, when: 'A cookbook does not fit its schema or its rules.' },
  DISTRO_UNKNOWN: { exit: 3, when: 'No distro of the manifest, or more than one, fits what was asked for.' },
  FIELD_INVALID: { exit: 3, when: 'A field of a file that people write has a value that is not allowed.' },
  FIELD_UNKNOWN: { exit: 3, when: 'A file that people write has a field that its format lacks.' },
  RENDER_FAILED: { exit: 3, when: 'A template of a cookbook is malformed or names a value that is missing.' },
  FILE_UNREADABLE: { exit: 3, when: 'A file that was asked for is missing, unreadable, or leads out of its folder.' },
  MANIFEST_INVALID: { exit: 3, when: 'The distro manifest, the spec map or a file beside them is wrong.' },
  SITE_INVALID: { exit: 3, when: 'A site file does not fit its schema or its rules.' },
  SPEC_INVALID: { exit: 3, when: 'A cluster spec does not fit its schema or its rules.' },
  SPEC_ROLE_RETIRED: { exit: 3, when: 'A cluster spec names a role of a product that is not shipped.' },
  SPEC_UNKNOWN: { exit: 3, when: 'No spec of the map, or more than one, fits what was asked for.' },
  SPEC_UNKNOWN_ROLE: { exit: 3, when: 'A cluster spec names a role that no cookbook has.' },
  SPEC_UNSATISFIED: { exit: 3, when: 'A cluster spec breaks a rule of a role: count, memory, roles it requires.' },
  SYNTAX_INVALID: { exit: 3, when: 'A file is not well-formed JSON or YAML, has a key twice, or is too large.' },
  PREFLIGHT_FAILED: { exit: 4, when: 'Something that the operation needs is missing; nothing was made.' },
  GUARD_REFUSED: { exit: 4, when: 'The change would break what must hold: a minimum, a majority, a protection.' },
  PLAN_OUTDATED: { exit: 4, when: 'A saved plan no longer fits: what it was made from or what it saw has changed.' },
  CLUSTER_EXISTS: { exit: 4, when: 'A cluster of that name exists already.' },
  PROVIDER_FAILED: { exit: 5, when: 'A machine could not be cloned, started, stopped or destroyed.' },
  TEMPLATE_FAILED: { exit: 5, when: 'The machine template could not be built.' },
  MACHINE_NEVER_UP: { exit: 5, when: 'A machine did not come up, and neither did its replacements.' },
  CONNECT_FAILED: { exit: 6, when: 'A node could not be reached over ssh in time.' },
  CONNECT_LOST: { exit: 6, when: 'A connection ended before its exchange did.' },
  LOGIN_REFUSED: { exit: 6, when: 'A node refused the cluster key.' },
  HOST_KEY_MISMATCH: { exit: 6, when: 'A node showed another host key than the one made for it.' },
  NODE_TOOLS_MISSING: { exit: 6, when: 'A node lacks tools that converge needs.' },
  CONVERGE_FAILED: { exit: 7, when: 'A resource of a recipe failed.' },
  NODE_FAILED: { exit: 7, when: 'A node could not store or start what it was sent, e.g. because its disk is full.' },
  RUN_REFUSED: { exit: 7, when: 'The node refused a run, for another one holds its lock or a higher epoch was seen.' },
  READY_TIMEOUT: { exit: 7, when: 'A role did not become ready in time.' },
  MEMBERSHIP_FAILED: { exit: 7, when: 'A node could not join or leave a role, or be drained.' },
  ACCEPTANCE_FAILED: { exit: 7, when: 'The acceptance test of the cluster failed.' },
  REPO_FAILED: { exit: 8, when: 'A package repo could not be built, verified or served.' },
  STATE_INVALID: { exit: 9, when: 'The store, its schema or the journal do not fit this version of bde.' },
  CANCELLED: { exit: 9, when: 'The operation was cancelled from elsewhere; it can be resumed.' },
  LEASE_HELD: { exit: 9, when: 'Another controller holds the lease of the cluster.' },
  LEASE_LOST: { exit: 9, when: 'This controller lost the lease of the cluster to another one.' },
  IDENTITY_INVALID: {
    exit: 9,
    when: 'The identity file cannot be read, can be read by others, or holds no age identity.',
  },
  IDENTITY_MISSING: { exit: 9, when: 'The store is sealed, and the identity that opens it is not there.' },
  STORE_UNUSABLE: {
    exit: 9,
    when: 'The store cannot be opened or written: no permission, disk full, or locked for too long.',
  },
} as const satisfies Record<string, { readonly exit: number; readonly when: string }>;

/** A stable error code; see `docs/errors.md`. */
export type ErrorCode = keyof typeof ERROR_CODES;
