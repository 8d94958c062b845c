import { BdeError } from '../../errors/bde-error.js';
import { formatPlace, type SourcePlace } from './source-place.js';

/** What went wrong at one place of a template, as `RENDER_FAILED`. */
export function renderError(place: SourcePlace, message: string, hint?: string): BdeError {
  return new BdeError('RENDER_FAILED', `${formatPlace(place)}: ${message}`, { hint, subject: { ...place } });
}
