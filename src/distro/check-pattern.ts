import type { BdeError } from '../errors/bde-error.js';
import { findingAt, type Place } from '../spec/document/finding.js';
import { quoteText } from '../spec/document/quote-source.js';

/** A finding where a text is no regular expression, with the engine's reason; patterns are data that people write. */
export function checkPattern(place: Place, pattern: string): readonly BdeError[] {
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const reason = error.message.replace(/^.*: (?=[^:]*$)/s, '');
    return [
      findingAt(place, { code: 'FIELD_INVALID', message: `${quoteText(pattern)} is no regular expression: ${reason}` }),
    ];
  }
}
