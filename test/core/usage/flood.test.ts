import { signalsOf } from '../../../core/anomaly/signals/signals.ts';
import type { Instant } from '../../../core/time.ts';
import { actionsOf } from '../../../core/usage/actions/actions-of.ts';
import { offlineKey } from '../../../core/usage/bounded.ts';
import { createLedger } from '../../../core/usage/ledger.ts';
import { parseRecord } from '../../../core/usage/parse.ts';
import { record } from './records.ts';

const intake = {
  trust: 'fast-lane',
  historic: false,
  latest: '2030-01-01T00:00:00Z' as Instant,
  account: null,
} as const;
const role = 'arn:aws:iam::111122223333:role/flooder';

/** Digits are left out of an agent's family. */
const letters = (i: number): string => i.toString(10).replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));

/** What one session of a role can choose: its name, its source identity, its agent, and what it asks for. */
const invented = (i: number) =>
  record({
    eventID: `flood-${i}`,
    userAgent: `${letters(i)}/1.0 and-more-${i}`,
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLEFLOOD00001:session-${i}`,
      arn: `arn:aws:sts::111122223333:assumed-role/flooder/session-${i}`,
      sessionContext: {
        sourceIdentity: `source-${i}`,
        sessionIssuer: { type: 'Role', principalId: 'AROAEXAMPLEFLOOD00001', arn: role, userName: 'flooder' },
      },
    },
    ...(i % 2 === 0
      ? { requestParameters: { bucketName: `bucket-${i}`, key: `key-${i}` }, resources: [] }
      : {
          eventSource: 'sts.amazonaws.com',
          eventName: 'AssumeRole',
          requestParameters: { roleArn: `arn:aws:iam::111122223333:role/r${i}`, roleSessionName: `s${i}` },
          resources: [],
        }),
  });

test('a hundred thousand invented agents, sessions, resources and roles cost a bounded number of rows', () => {
  const ledger = createLedger({ key: offlineKey, resources: true, actionsOf, signalsOf });
  for (let i = 0; i < 100_000; i++) {
    const event = parseRecord(invented(i), intake);
    if (!event.ok) throw new Error(event.error.detail);
    ledger.add(event.value);
  }
  const items = ledger.items();
  expect(new Set(items.map(({ actor }) => actor))).toEqual(new Set([role]));
  expect(items.length).toBeLessThan(12);
  for (const { entries } of items) expect(entries.size).toBeLessThanOrEqual(64);
  const full = items.filter(({ overflow }) => overflow).map(({ kind, action }) => [kind, action]);
  expect(full).toEqual(
    expect.arrayContaining([
      ['agent', null],
      ['assumed-role', null],
      ['resource', 's3:GetObject'],
    ]),
  );
}, 60_000);

test.each([
  ['AccessDenied', ['federated:arn:aws:iam::111122223333:oidc-provider/idp.example']],
  ['InvalidIdentityToken', ['unknown:sts.amazonaws.com']],
])('ten thousand invented subjects whose exchange failed with %s are one identity', (errorCode, identities) => {
  const ledger = createLedger({ key: offlineKey, resources: true, actionsOf, signalsOf });
  for (let i = 0; i < 10_000; i++) {
    const issuer = errorCode === 'AccessDenied' ? 'idp.example' : `idp-${i}.example`;
    const event = parseRecord(
      record({
        eventID: `forged-${i}`,
        eventSource: 'sts.amazonaws.com',
        eventName: 'AssumeRoleWithWebIdentity',
        errorCode,
        requestParameters: { roleArn: role, roleSessionName: `s${i}` },
        userIdentity: {
          type: 'WebIdentityUser',
          principalId: `arn:aws:iam::111122223333:oidc-provider/${issuer}:aud:repo:${i}`,
          userName: `repo:${i}`,
          identityProvider: `arn:aws:iam::111122223333:oidc-provider/${issuer}`,
        },
      }),
      intake,
    );
    if (!event.ok) throw new Error(event.error.detail);
    ledger.add(event.value);
  }
  const items = ledger.items();
  expect([...new Set(items.map(({ principal }) => principal))]).toEqual(identities);
  // Signals are a row an hour at most.
  expect(items.length).toBeLessThan(20);
});
