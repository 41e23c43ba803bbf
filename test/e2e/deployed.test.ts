import { fastLane } from './fast-lane.ts';
import { openWorld, type World } from './world.ts';

/**
 * The stacks, deployed by the real CDK CLI into emulators of AWS that nobody here wrote (docs/emulators.md), and used
 * from the outside only.
 */
describe('deployed into emulators', () => {
  let opened: World | undefined;
  beforeAll(async () => {
    opened = await openWorld();
  }, 300_000);
  afterAll(() => opened?.stop(), 30_000);
  const world = () => opened!;

  fastLane(world);
});
