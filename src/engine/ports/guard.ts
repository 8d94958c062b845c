/**
 * Checks that the caller still holds the cluster's lease; called before each mutation of the world.
 *
 * @throws BdeError `LEASE_LOST`
 */
export type Guard = () => Promise<void>;
