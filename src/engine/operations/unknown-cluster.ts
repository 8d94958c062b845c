import { BdeError } from '../../errors/bde-error.js';
import { didYouMean } from '../../spec/document/nearest-name.js';
import { quoteText } from '../../spec/document/quote-source.js';

/** The error for a name that no cluster bears; with the nearest of those that are known. */
export function unknownCluster(name: string, known: readonly string[] = []): BdeError {
  // What came from a command line may be anything.
  const shown = /^[\w-]{1,48}$/.test(name) ? name : quoteText(name);
  return new BdeError('UNKNOWN_CLUSTER', `There is no cluster ${shown}${didYouMean(name, known) || '.'}`, {
    hint: 'See which there are with bde cluster list.',
  });
}
