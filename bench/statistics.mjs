/** Median of a list of numbers; the mean of the middle two where their count is even. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What is kept of a list of measurements, rounded to tenths. */
export function summarize(values) {
  const round = (value) => Math.round(value * 10) / 10;
  return { median: round(median(values)), min: round(Math.min(...values)), all: values.map(round) };
}

/** Two things measured in turn: the ratio of the medians and of the minima, rounded to hundredths. */
export function compare(measured, reference) {
  const ratio = (a, b) => Math.round((a / b) * 100) / 100;
  return {
    medians: ratio(median(measured), median(reference)),
    minima: ratio(Math.min(...measured), Math.min(...reference)),
  };
}

/** Calls each of the named functions in turn, A B A B…, and gives their results by name. */
export async function interleave(repetitions, subjects) {
  const results = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const [name, act] of Object.entries(subjects)) results[name].push(await act(repetition));
  }
  return results;
}
