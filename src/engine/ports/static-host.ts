/** A host of the site file, which the provider `static` leases: the one type of it, which adapters may not fetch from the spec. */
export type { StaticHost } from '../../spec/site/static-settings.js';
