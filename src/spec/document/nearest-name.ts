import { distance } from 'fastest-levenshtein';

/** The candidate that a mistyped name most likely means, case aside; undefined where none is near. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const away = distance(wanted, candidate.toLowerCase());
    if (away <= limit && (best === undefined || away < best.distance)) best = { name: candidate, distance: away };
  }
  return best?.name;
}

/** `; did you mean "x"?`, or nothing: goes to the end of a message. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const nearest = nearestName(name.slice(0, 100), candidates);
  return nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
}
