import { describe, expect, it } from 'vitest';
import { HomeServices } from '../../../src/engine/home-services.js';

function servicesCounting(looks: string[]): HomeServices {
  const guard = (): Promise<void> => Promise.resolve();
  const look = (what: string) => async (): Promise<never> => {
    looks.push(what);
    await Promise.resolve();
    return undefined as never;
  };
  return new HomeServices(
    {
      provider: { provider: {} as never, network: { ensureNetwork: look('network'), removeNetwork: look('remove') } },
      mirror: { ensureServing: look('mirror') } as never,
    },
    guard,
  );
}

describe('HomeServices', () => {
  it('serves all who ask at once with one look', async () => {
    const looks: string[] = [];
    const services = servicesCounting(looks);

    await Promise.all([services.ensureNetwork(), services.ensureNetwork(), services.ensureServing('10.0.0.1')]);

    expect(looks).toEqual(['network', 'mirror']);
  });

  it('looks again for who asks later', async () => {
    const looks: string[] = [];
    const services = servicesCounting(looks);

    await services.ensureServing('10.0.0.1');
    await services.ensureServing('10.0.0.1');

    expect(looks).toEqual(['mirror', 'mirror']);
  });
});
