import type { LendingTerms } from '../../../core/changes/lending.ts';
import { type LoanHistory, loanDifference, narrowerLoan } from '../../../core/leases/difference.ts';
import type { Day } from '../../../core/time.ts';

const logs = 'arn:aws:s3:::logs/*';
const terms = (over: Partial<LendingTerms> = {}): LendingTerms => ({
  kind: 'lending',
  actions: ['ecs:DescribeServices', 'ecs:UpdateService', 'secretsmanager:GetSecretValue'],
  resources: ['*'],
  duration: 3600,
  reason: 'x',
  already: [],
  ...over,
});
const history = (over: Partial<LoanHistory> = {}): LoanHistory => ({
  lent: 2,
  last: '2026-02-01' as Day,
  denied: 0,
  used: null,
  resources: [],
  ...over,
});

test('what is new stands by its class, worst first', () => {
  expect(loanDifference(terms()).fresh).toEqual([
    { class: 'secret-read', actions: ['secretsmanager:GetSecretValue'] },
    { class: 'write', actions: ['ecs:UpdateService'] },
    { class: expect.stringMatching(/discovery|metadata/), actions: ['ecs:DescribeServices'] },
  ]);
});

test('what the carrier may do on every one of the resources is not new; on some of them it is', () => {
  const two = { actions: ['s3:GetObject'], resources: [logs, 'arn:aws:s3:::b/*'] };
  const some = loanDifference(terms({ ...two, already: [`s3:GetObject on ${logs}`] }));
  expect(some).toMatchObject({ already: [], fresh: [{ actions: ['s3:GetObject'] }] });
  const all = loanDifference(terms({ ...two, already: two.resources.map((each) => `s3:GetObject on ${each}`) }));
  expect(all).toEqual({ already: ['s3:GetObject'], fresh: [] });
});

test('nothing is said to be allowed anyway where nobody asked', () => {
  const { already: _, ...old } = terms();
  expect(loanDifference(old)).toMatchObject({ already: null, fresh: [{}, {}, {}] });
});

describe('a narrower loan', () => {
  const reading = { actions: ['s3:GetObject', 's3:PutObject'], resources: [logs] };

  test('leaves out what is allowed anyway, and what was lent before and not used', () => {
    expect(narrowerLoan(terms({ ...reading, already: [`s3:GetObject on ${logs}`] }), undefined)).toMatchObject({
      actions: ['s3:PutObject'],
      why: ['s3:GetObject: allowed without it.'],
    });
    expect(narrowerLoan(terms(reading), history({ used: ['s3:GetObject'] }))).toMatchObject({
      actions: ['s3:GetObject'],
      resources: [logs],
      why: ['s3:PutObject: not used when it was lent before.'],
    });
  });

  test('is on what it was on before instead of everything, where its actions can be', () => {
    const wide = { actions: ['s3:GetObject'], resources: ['*'] };
    expect(narrowerLoan(terms(wide), history({ resources: [logs, '*'] }))?.resources).toEqual([logs]);
    const listing = { actions: ['s3:ListAllMyBuckets'], resources: ['*'] };
    expect(narrowerLoan(terms(listing), history({ resources: [logs] }))).toBeUndefined();
  });

  test('is not known where nothing was used, all is new, or all is allowed anyway', () => {
    expect(narrowerLoan(terms(reading), undefined)).toBeUndefined();
    expect(narrowerLoan(terms(reading), history({ used: [] }))).toBeUndefined();
    expect(narrowerLoan(terms(reading), history({ used: ['s3:GetObject', 's3:PutObject'] }))).toBeUndefined();
    const all = reading.actions.map((action) => `${action} on ${logs}`);
    expect(narrowerLoan(terms({ ...reading, already: all }), undefined)).toBeUndefined();
  });
});
