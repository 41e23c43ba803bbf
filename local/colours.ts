import { createColors } from 'picocolors';

/** Colours only where a person watches: a pipe, a file or a test gets plain words, whatever the environment says. */
const watched = process.stdout.isTTY === true && process.stderr.isTTY === true && !process.env.NO_COLOR;

export const colours = createColors(watched);
