import { createLedger } from '../../../core/usage/ledger.ts';
import { bringsUnscored } from '../../../core/usage/marks.ts';
import { eventOf, ledgerOptions } from '../anomaly/ledger-of.ts';

const rowOf = (does: string, over: { denied?: boolean; historic?: boolean } = {}) => {
  const ledger = createLedger({
    ...ledgerOptions,
    resources: true,
    actionsOf: () => ({ actions: [{ action: does, resources: ['arn:aws:x:::y'], certain: true }], unmapped: false }),
  });
  ledger.add(eventOf({ at: '2026-03-02T09:00:00Z', does, ...over }));
  return ledger.items().find(({ kind }) => kind === 'resource')!;
};

test.each([
  ['a secret that was read', rowOf('secretsmanager:GetSecretValue'), true],
  ['a function whose code was replaced', rowOf('lambda:UpdateFunctionCode'), true],
  ['an object that was read', rowOf('s3:GetObject'), false],
  ['a secret that nobody got', rowOf('secretsmanager:GetSecretValue', { denied: true }), false],
  ['a secret that was read in history', rowOf('secretsmanager:GetSecretValue', { historic: true }), false],
])('the row of %s waits for detection: %s', (_what, row, expected) => {
  expect(bringsUnscored(undefined, row)).toBe(expected);
  expect(bringsUnscored(row, row)).toBe(false);
});
