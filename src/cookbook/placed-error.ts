import { BdeError } from '../errors/bde-error.js';
import { formatPlace, type SourcePlace } from './render/source-place.js';

/** What is wrong at one place of a cookbook, as `COOKBOOK_INVALID`. */
export function placedError(place: SourcePlace, message: string, hint?: string): BdeError {
  return new BdeError('COOKBOOK_INVALID', `${formatPlace(place)}: ${message}`, { hint, subject: { ...place } });
}
