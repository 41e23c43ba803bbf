import { readFileSync } from 'node:fs';

/**
 * Loaded before a function in the local stage: its clock runs as many seconds ahead as the file says, so that nobody waits
 * for the end of a lease. The emulator's schedules go by the same file (emulator.py).
 */
const real = Date.now;
Date.now = () => real() + Number(readFileSync(process.env.LEASTWISE_LOCAL_CLOCK, 'utf8')) * 1000;
