/** What this run chooses its sequences and its fault points by: `BDE_MODEL_SEED`, or another one each time. */
export const MODEL_SEED = Number(process.env['BDE_MODEL_SEED'] ?? Date.now() % 2 ** 31);

/** How to play a test of this folder again. */
export function playAgain(file: string, more: Readonly<Record<string, string>> = {}): string {
  const settings = Object.entries({ BDE_MODEL_SEED: String(MODEL_SEED), ...more });
  const words = settings.map(([name, value]) => `${name}=${value}`).join(' ');
  return `Play it again: ${words} npx vitest run --project integration test/integration/engine/model/${file}`;
}
