import { parseArgs } from 'node:util';
import { anomalyFigures } from '../anomaly.ts';
import { tableOf } from './table.ts';

/** `npm run bench:anomaly [-- --half tuning|all] [-- --varied] [-- --seeds 1,2,3] [-- --every 4] [-- --json]`. */
const { values } = parseArgs({
  options: {
    half: { type: 'string', default: 'reported' },
    seeds: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
    varied: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const figures = anomalyFigures({
  half: values.half === 'tuning' || values.half === 'all' ? values.half : 'reported',
  weeks: values.varied ? 'varied' : 'frozen',
  seeds: values.seeds.split(',').map(Number),
  everyNthHost: Number(values.every),
});
if (figures === null) {
  process.stderr.write('not measured: the public logs ../shared/data/cloudtrail are not on this machine\n');
} else {
  process.stdout.write(`${values.json ? JSON.stringify(figures, null, 2) : tableOf(figures)}\n`);
}
