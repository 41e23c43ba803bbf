import { memoryAuditArchive } from '../adapters/memory/audit-archive.ts';
import { memoryIam } from '../adapters/memory/iam.ts';
import { memoryInventoryStore } from '../adapters/memory/inventory-store.ts';
import { memoryLedgerStore } from '../adapters/memory/ledger-store.ts';
import { memoryPictures } from '../adapters/memory/pictures.ts';
import { memorySigner } from '../adapters/memory/signer.ts';
import { type MemorySlack, memorySlack } from '../adapters/memory/slack.ts';
import { memorySurfaces } from '../adapters/memory/slack-surfaces.ts';
import { memoryState } from '../adapters/memory/state.ts';
import { type Instant, secondsOf } from '../core/time.ts';
import { offlineKey, rankBy } from '../core/usage/bounded.ts';
import type { Clock } from './clock.ts';
import { type Fault, faultyIam, faultyLedger, faultySigner } from './faults.ts';

/** Everything that AWS and Slack would hold, in this process. `iam` is what the functions see, `account` the truth. */
export function memoryStores(clock: Clock, fault?: Fault) {
  const iam = memoryIam();
  const slack = memorySlack(() => secondsOf(clock.now()));
  const toldAt: Instant[] = [];
  const ledger = memoryLedgerStore({ rank: rankBy(offlineKey) });
  return {
    state: memoryState(),
    ledger,
    /** What detection is given to read. */
    scored: faultyLedger(ledger, fault),
    iam: faultyIam(iam, fault),
    truth: iam,
    inventories: memoryInventoryStore(),
    audit: memoryAuditArchive(),
    signer: faultySigner(memorySigner(), fault),
    pictures: memoryPictures(),
    slack: { ...slack, tell: remembering(slack, clock, toldAt) },
    surfaces: memorySurfaces(),
    /** When each whisper was told. */
    toldAt,
  };
}

/** Slack shows whispers with their time and keeps none of them; the page wants to show them where they came. */
const remembering =
  (slack: MemorySlack, clock: Clock, toldAt: Instant[]): MemorySlack['tell'] =>
  async (to, text) => {
    await slack.tell(to, text);
    toldAt.push(clock.now());
  };

export type Stores = ReturnType<typeof memoryStores>;
