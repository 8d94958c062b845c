import { ensureKeyring } from '../../src/repo/trust/gpg-keyring.js';

/** Makes a keyring in the folder that is named, for a test that kills this process meanwhile. */
const [, , folder = ''] = process.argv;
await ensureKeyring(folder, 'test <test@bde.invalid>');
