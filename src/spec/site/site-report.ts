import type { BdeError } from '../../errors/bde-error.js';
import type { DocumentPath } from '../document/source-tree.js';

/** Makes a finding of a place in a site file. */
export type SiteReport = (path: DocumentPath, message: string) => BdeError;
