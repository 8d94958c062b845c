/** Name under which a cluster's private ssh key is sealed. */
export const SSH_KEY_SECRET = 'ssh-key';

/** Name under which the mirror's keys are sealed while a cluster is imported. */
export const MIRROR_KEYS_SECRET = 'mirror-keys';

/** Name under which a machine's private host key is sealed until the machine has answered. */
export const hostKeySecretName = (machineId: string): string => `host-key/${machineId}`;

/** Name under which the value of a secret attribute is sealed. */
export const attributeSecretName = (path: string): string => `attribute/${path}`;
