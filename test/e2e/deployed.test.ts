import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { assignment } from './assignment.ts';
import { cost } from './cost.ts';
import { everythingElse } from './everything-else.ts';
import { fastLane } from './fast-lane.ts';
import { fullLane } from './full-lane.ts';
import { leaseRole } from './lease-role.ts';
import { leases } from './leases.ts';
import { quarantine } from './quarantine.ts';
import { rightsizing, rightsizingAfterTrial } from './rightsizing.ts';
import { upgrade } from './upgrade.ts';
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
  afterAll(async () => {
    if (opened === undefined) return;
    // Our own roles are held against these (test/synth/own-roles.test.ts).
    copyFileSync(join(opened.folder, 'calls.ndjson'), '.local/recorded-calls.ndjson');
    await opened.stop();
  }, 30_000);
  const world = () => opened!;

  upgrade(world);
  fastLane(world);
  quarantine(world);
  rightsizing(world);
  leases(world);
  leaseRole(world);
  assignment(world);
  fullLane(world);
  everythingElse(world);
  cost(world);
  // Days ahead of everything else.
  rightsizingAfterTrial(world);
});
