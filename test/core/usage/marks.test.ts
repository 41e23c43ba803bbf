import { createLedger } from '../../../core/usage/ledger.ts';
import { bringsUnscored } from '../../../core/usage/marks.ts';
import { eventOf, ledgerOptions } from '../anomaly/ledger-of.ts';

const rowOf = (does: string, over: { denied?: boolean; historic?: boolean }) => {
  const ledger = createLedger({
    ...ledgerOptions,
    resources: true,
    actionsOf: () => ({ actions: [{ action: does, resources: ['arn:aws:x:::y'], certain: true }], unmapped: false }),
  });
  ledger.add(eventOf({ at: '2026-03-02T09:00:00Z', does, ...over }));
  return ledger.items().find(({ kind }) => kind === 'resource')!;
};

test.each([
  ['a secret that was read', true, 'secretsmanager:GetSecretValue', {}],
  ['a function whose code was replaced', true, 'lambda:UpdateFunctionCode', {}],
  ['an object that was read', false, 's3:GetObject', {}],
  ['a secret that nobody got', false, 'secretsmanager:GetSecretValue', { denied: true }],
  ['a secret that was read in history', false, 'secretsmanager:GetSecretValue', { historic: true }],
])('the row of %s waits for detection: %s', (_what, expected, does, over) => {
  const row = rowOf(does, over);
  expect(bringsUnscored(undefined, row)).toBe(expected);
  expect(bringsUnscored(row, row)).toBe(false);
});
