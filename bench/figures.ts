import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { accessFigures } from './access.ts';
import { fastLaneFigures } from './fast-lane.ts';
import { foldFigures } from './fold.ts';
import { inventoryFigures } from './inventory.ts';
import { rightsizingFigures } from './rightsizing/speed.ts';
import { writeUnits } from './write-units.ts';

/** Every figure of the README by its name; `logs` is the folder of the public CloudTrail logs. */
const figures: Readonly<Record<string, (logs: string) => unknown>> = {
  fold: () => foldFigures(),
  inventory: () => inventoryFigures(),
  access: () => accessFigures(),
  rightsizing: () => rightsizingFigures(),
  fastLane: (logs) => fastLaneFigures(publicLog(logs, 'invictus')),
  writeUnits: (logs) => writeUnits({ invictus: publicLog(logs, 'invictus') }),
};

/** The folder of a public log; null (and said so) where it is absent. */
function publicLog(logs: string, name: string): string | null {
  const folder = join(logs, name);
  if (existsSync(folder)) return folder;
  process.stderr.write(`not measured: the log ../shared/data/cloudtrail/${name} is not on this machine\n`);
  return null;
}

// The process that `measure` starts: FIGURE LOGS, JSON to stdout.
const [, , name = '', logs = ''] = process.argv;
process.stdout.write(JSON.stringify(await figures[name]?.(logs)));
