import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Because, Outcome } from '../../../../core/access/decision.ts';
import { type Case, caseTexts, readCase } from '../../../../core/access/read-case.ts';
import { evaluate } from '../../../../core/access/reference/evaluate.ts';

const casesIn = (path: string): Case[] =>
  caseTexts(readFileSync(path, 'utf8')).map((text) => {
    const read = readCase(text);
    if (!read.ok) throw new Error(`${path}: ${read.error}`);
    return read.value;
  });

const own = join(import.meta.dirname, '../../../cases/access');

describe.each(readdirSync(own))('%s', (file) => {
  const raw = JSON.parse(readFileSync(join(own, file), 'utf8')) as { title: string; because?: Because[] }[];
  const cases = casesIn(join(own, file)).map((each, index) => ({ ...each, ...raw[index]! }));

  test.each(cases)('$id $title', ({ situation, expected, because }) => {
    const decision = evaluate(situation);
    expect(decision.outcome).toBe(expected);
    if (because) expect(decision.because).toEqual(because);
    expect(decision.when !== null).toBe(expected === 'conditional');
    expect(decision.invalid.length > 0).toBe(expected === 'invalid-policy');
  });
});

describe('a witness', () => {
  const conditional = readdirSync(own)
    .flatMap((file) => casesIn(join(own, file)))
    .filter(({ expected }) => expected === 'conditional');

  /** What cannot be given: a fact that no request carries, an owner, the id that AWS gave. */
  const cannotBeGiven = /^untold:|^policy of |^aws:ResourceAccount$|^aws:userid$/;

  test.each(conditional)('of $id lets the request through when it is given', ({ situation }) => {
    const witness = Object.entries(evaluate(situation).when?.witness ?? {});
    expect(witness.length).toBeGreaterThan(0);
    if (witness.some(([key]) => cannotBeGiven.test(key))) return;
    const context = new Map(situation.request.context);
    for (const [key, value] of witness) context.set(key.toLowerCase(), value ?? []);
    const outcome: Outcome = evaluate({ ...situation, request: { ...situation.request, context } }).outcome;
    expect(outcome).toBe('allowed');
  });
});

const shared = '../shared/cases/access.json';
const present = existsSync(shared);
if (!present) console.warn(`Not checked: ${shared} is not on this machine.`);
const sharedCases = present ? casesIn(shared).filter(({ advisory }) => !advisory) : [];

(present ? describe : describe.skip)('the shared cases', () => {
  test('there are some', () => expect(sharedCases.length).toBeGreaterThan(60));
  for (const { id, situation, expected } of sharedCases) {
    test(`${id}`, () => expect(evaluate(situation).outcome).toBe(expected));
  }
});
