/** Name under which a cluster's private ssh key is sealed. */
export const SSH_KEY_SECRET = 'ssh-key';

/** Name under which a machine's private host key is sealed until the machine has answered. */
export const hostKeySecretName = (machineId: string): string => `host-key/${machineId}`;

/** Name under which the value of a secret attribute is sealed. */
export const attributeSecretName = (path: string): string => `attribute/${path}`;

/** Name under which all certificates of a cluster, with their keys, are sealed as one. */
export const CERTIFICATES_SECRET = 'certificates';
