import { makeLocalWorld } from './local-world.js';
import { describeProvider } from './provider.contract.js';

describeProvider('local', makeLocalWorld);
