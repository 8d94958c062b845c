import { parseArgs } from 'node:util';
import { serveMirror } from '../../src/repo/serve/serve-mirror.js';

/** What `bde repo serve` does with its flags, without the rest of bde. */
async function main(): Promise<void> {
  const text = { type: 'string', default: '' } as const;
  const { values } = parseArgs({ options: { folder: text, bind: text, 'version-name': text, 'home-key': text } });
  await serveMirror({
    folder: values.folder,
    bindAddress: values.bind,
    version: values['version-name'],
    homeKey: values['home-key'],
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
