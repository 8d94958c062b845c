/** Name under which a cluster's private ssh key is sealed. */
export const SSH_KEY_SECRET = 'ssh-key';

/** Name under which the mirror's keys are sealed while a cluster is imported. */
export const MIRROR_KEYS_SECRET = 'mirror-keys';

/** Name under which a machine's private host key is sealed until the machine has answered. */
export const hostKeySecretName = (machineId: string): string => `host-key/${machineId}`;

/** What the name begins with under which a value is sealed that a secret attribute had before. */
export const FORMER_PREFIX = 'former/';

/** Name under which the value is sealed that a secret attribute had until an operation gave it another one. */
export const formerSecretName = (operationId: string, path: string): string => `${FORMER_PREFIX}${operationId}/${path}`;

/** True for the name of a value that this secret attribute had before. */
export const isFormerOf = (name: string, path: string): boolean =>
  name.startsWith(FORMER_PREFIX) && name.slice(name.indexOf('/', FORMER_PREFIX.length) + 1) === path;

/** Name under which the value of a secret attribute is sealed. */
export const attributeSecretName = (path: string): string => `attribute/${path}`;

/** Name under which all certificates of a cluster, with their keys, are sealed as one. */
export const CERTIFICATES_SECRET = 'certificates';
