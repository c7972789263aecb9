import { createTestDatabase, testRedisUrl } from '@kkt/testing';
import { fuzz } from './fuzz';
import { startWorld } from './world';

jest.setTimeout(180_000);

describe('fuzzing the compatible door', () => {
  it('a sample: nothing answers 5xx or hangs, and what is accepted becomes documents of the FN', async () => {
    const database = await createTestDatabase();
    const world = await startWorld({ databaseUrl: database.url, redisUrl: testRedisUrl() });
    try {
      const seed = 1 + Math.floor(Math.random() * 1_000_000);
      const { findings, accepted, refused, registered } = await fuzz(world, {
        bodies: 250,
        seed,
        parallel: 8,
      });
      expect({ seed, findings }).toEqual({ seed, findings: [] });
      expect(accepted).toBeGreaterThan(30);
      // Those of another INN are taken and fail at once.
      expect(registered).toBeGreaterThan(accepted * 0.9);
      expect(refused).toBeGreaterThan(30);
    } finally {
      await world.stop();
      await database.drop();
    }
  });
});
