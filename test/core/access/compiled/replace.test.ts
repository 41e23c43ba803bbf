import fc from 'fast-check';
import { compile, type Engine } from '../../../../core/access/compiled/engine.ts';
import type { OpenQuestion } from '../../../../core/access/compiled/survey.ts';
import type { PolicyPlace } from '../../../../core/access/organization.ts';
import { evaluate } from '../../../../core/access/reference/evaluate.ts';
import { replacePolicy } from '../../../../core/access/replace-policy.ts';
import { createSituations } from '../../../../core/access/situations.ts';
import { organization, question } from './random-organizations.ts';
import { accounts, policyText } from './random-policies.ts';

const places: readonly (readonly [PolicyPlace, Parameters<typeof policyText>[0]])[] = [
  [{ kind: 'managed', arn: 'arn:aws:iam::aws:policy/m0' }, 'identity'],
  [{ kind: 'managed', arn: `arn:aws:iam::${accounts.home}:policy/m1` }, 'identity'],
  [{ kind: 'control', id: 'scp-1' }, 'scp'],
  [{ kind: 'control', id: 'rcp-0' }, 'rcp'],
  [{ kind: 'inline', holder: `arn:aws:iam::${accounts.home}:user/amy`, name: 'p0' }, 'identity'],
  [{ kind: 'inline', holder: `arn:aws:iam::${accounts.home}:group/devs`, name: 'p0' }, 'identity'],
  [{ kind: 'trust', role: `arn:aws:iam::${accounts.home}:role/team/Deploy` }, 'trust'],
  [{ kind: 'resource', arn: 'arn:aws:s3:::b' }, 'resource'],
];
const change = fc.constantFrom(...places).chain(([place, kind]) => policyText(kind).map((text) => ({ place, text })));

const ableIn = (engine: Engine, question: OpenQuestion): string[] =>
  engine.whoCan(question).map(({ principal, outcome }) => `${principal} ${outcome}`);

test(
  'after any changes of policies the engine decides as one that is built anew',
  () =>
    fc.assert(
      fc.property(
        organization,
        fc.array(change, { minLength: 1, maxLength: 5 }),
        fc.array(question, { minLength: 10, maxLength: 10 }),
        (made, changes, asked) => {
          let engine = compile(made);
          for (const each of asked) engine.evaluate(each);
          let current = made;
          for (const { place, text } of changes) {
            engine = engine.replacePolicy(place, text);
            current = replacePolicy(current, place, text);
            engine.whoCan(asked[0]!);
            engine.evaluate(asked[1]!);
          }
          const situationOf = createSituations(current);
          const anew = compile(current);
          for (const each of asked) expect(ableIn(engine, each)).toEqual(ableIn(anew, each));
          for (const each of asked) {
            const { outcome, because } = engine.evaluate(each);
            const expected = evaluate(situationOf(each));
            expect({ outcome, because }).toEqual({ outcome: expected.outcome, because: expected.because });
          }
        },
      ),
      { numRuns: 60 },
    ),
  60_000,
);
