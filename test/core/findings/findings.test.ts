import { assess } from '../../../core/anomaly/assess.ts';
import { asffLimits, asffOf } from '../../../core/findings/asff.ts';
import { attacksIn, type Finding, gravityOf, tactics } from '../../../core/findings/deciding.ts';
import { ocsfOf, ocsfVersion } from '../../../core/findings/ocsf.ts';
import { known, minutes, type Told, tell, today } from '../anomaly/ledger-of.ts';

const place = { account: '999988887777', region: 'eu-central-1', partition: 'aws' };
const times = { openedAt: '2026-03-02T09:05:00Z', updatedAt: '2026-03-02T09:10:00Z' };

const caseOf = (...events: readonly Told[]): Finding => assess(tell(known, ...events), [])[0]!;

const thief = caseOf(
  { at: today, does: 'iam:CreateAccessKey', id: 'key', from: '198.51.100.9' },
  { at: minutes(1), does: 'secretsmanager:GetSecretValue', id: 'secret', from: '198.51.100.9' },
  { at: minutes(2), does: 'cloudtrail:StopLogging', id: 'stop', from: '198.51.100.9' },
);
const small = caseOf({ at: today, does: 'iam:CreateAccessKey' });
/** As much as a case may hold, in words as long as they come. */
const huge: Finding = {
  ...thief,
  actor: `arn:aws:iam::111122223333:user/${'é'.repeat(3000)}` as Finding['actor'],
  arns: Array.from({ length: 64 }, (_, i) => `arn:aws:iam::111122223333:role/${i}/${'x'.repeat(600)}`),
  reasons: Array.from({ length: 50 }, (_, i) => ({ ...thief.reasons[0]!, eventID: `e${i}`, words: 'w'.repeat(5000) })),
};

describe('as a Detection Finding of OCSF', () => {
  /** What the class and the objects in it require, and OCSF's numbers for it. */
  const required = [
    'activity_id',
    'category_uid',
    'class_uid',
    'type_uid',
    'time',
    'severity_id',
    'metadata',
    'finding_info',
    'cloud',
  ];

  test.each([
    ['create', 1],
    ['update', 2],
    ['close', 3],
  ] as const)('%s has everything that the class requires', (activity, number) => {
    const told = ocsfOf(thief, activity);
    expect(required.filter((name) => told[name] === undefined)).toEqual([]);
    expect(told).toMatchObject({
      class_uid: 2004,
      category_uid: 2,
      activity_id: number,
      type_uid: 200_400 + number,
      time: Date.parse('2026-03-02T09:02:00Z'),
      metadata: { version: ocsfVersion, product: { name: 'Leastwise' } },
      cloud: { provider: 'AWS', account: { uid: '111122223333' } },
      finding_info: { uid: thief.id, first_seen_time: Date.parse(today) },
      is_alert: true,
    });
  });

  test('severities and states are numbers that OCSF knows', () => {
    const numbers = (finding: Finding) => {
      const { severity_id, status_id, is_alert } = ocsfOf(finding, 'update') as Record<string, unknown>;
      return [severity_id, status_id, is_alert];
    };
    expect(numbers(thief)).toEqual([5, 1, true]);
    expect(numbers(small)).toEqual([2, 1, false]);
    expect(numbers({ ...small, state: 'expected' })).toEqual([2, 3, false]);
    expect(numbers({ ...thief, state: 'not-us' })).toEqual([5, 2, true]);
    expect(numbers({ ...small, state: 'superseded' })).toEqual([2, 4, false]);
  });

  test('what decided stands in it: calls, events and words, and ATT&CK’s techniques', () => {
    const { evidences, finding_info } = ocsfOf(thief, 'create') as {
      evidences: { api?: { operation: string; service: { name: string } }; data: { eventID: string; words: string } }[];
      finding_info: {
        attacks: { tactic: { uid: string }; technique: { uid: string }; sub_technique?: { uid: string } }[];
      };
    };
    expect(evidences.map(({ data }) => data.eventID)).toEqual(expect.arrayContaining(['key', 'secret', 'stop']));
    expect(evidences.find(({ data }) => data.eventID === 'secret')!.api).toEqual({
      operation: 'GetSecretValue',
      service: { name: 'secretsmanager' },
    });
    expect(finding_info.attacks).toContainEqual({
      tactic: tactics.persistence,
      technique: { uid: 'T1098' },
      sub_technique: { uid: 'T1098.001' },
    });
  });

  test('it is one line of JSON, bounded however much the case holds', () => {
    const line = JSON.stringify(ocsfOf(huge, 'create'));
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual(ocsfOf(huge, 'create'));
    expect((ocsfOf(huge, 'create') as { evidences: unknown[] }).evidences).toHaveLength(20);
  });
});

describe('in the AWS Security Finding Format', () => {
  const required = [
    'SchemaVersion',
    'Id',
    'ProductArn',
    'GeneratorId',
    'AwsAccountId',
    'CreatedAt',
    'UpdatedAt',
    'Title',
    'Description',
    'Resources',
    'Severity',
  ];

  test.each([
    ['a message', thief],
    ['a digest', small],
    ['as much as a case may hold', huge],
  ])('%s has what Security Hub requires, within its limits', (_what, finding) => {
    const told = asffOf(finding, place, times);
    expect(required.filter((name) => !(name in told))).toEqual([]);
    expect(told.SchemaVersion).toBe('2018-10-08');
    expect(told.ProductArn).toBe('arn:aws:securityhub:eu-central-1:999988887777:product/999988887777/default');
    expect(told.AwsAccountId).toBe('999988887777');
    expect(told.Title.length).toBeLessThanOrEqual(asffLimits.title);
    expect(told.Description.length).toBeLessThanOrEqual(asffLimits.description);
    expect(told.Resources.length).toBeGreaterThan(0);
    expect(told.Resources.length).toBeLessThanOrEqual(asffLimits.resources);
    for (const { Id, Type } of told.Resources) {
      expect(Id.length).toBeLessThanOrEqual(asffLimits.resourceId);
      expect(['AwsIamUser', 'AwsIamRole', 'Other']).toContain(Type);
    }
    expect(Object.keys(told.ProductFields).length).toBeLessThanOrEqual(asffLimits.productFields);
    for (const [name, value] of Object.entries(told.ProductFields)) {
      expect(name.length).toBeLessThanOrEqual(128);
      expect(value).toMatch(/\S/);
      expect(value.length).toBeLessThanOrEqual(asffLimits.productField);
    }
    expect(['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']).toContain(told.Severity.Label);
    expect(told.Types.every((type) => /^(?:TTPs|Unusual Behaviors)\/[\w ]+$/.test(type))).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(240_000);
  });

  test('what decided stands in its fields, with the events', () => {
    const { ProductFields, Severity, Types } = asffOf(thief, place, times);
    expect(Severity.Label).toBe('CRITICAL');
    expect(Types).toEqual(
      expect.arrayContaining(['Unusual Behaviors/User', 'TTPs/Persistence', 'TTPs/Defense Evasion']),
    );
    expect(ProductFields['leastwise/evidence/1']).toMatch(/^\+\d+\.\d\d .*alice/);
    expect(Object.values(ProductFields).some((value) => value.endsWith(' stop'))).toBe(true);
  });

  test('the same case told again is the same finding; answered as expected it is archived', () => {
    const later = asffOf({ ...thief, state: 'expected' }, place, { ...times, updatedAt: '2026-03-02T10:00:00Z' });
    expect(later.Id).toBe(asffOf(thief, place, times).Id);
    expect([asffOf(thief, place, times).RecordState, later.RecordState]).toEqual(['ACTIVE', 'ARCHIVED']);
  });
});

test('gravity follows the level, and what is told whoever does it is critical', () => {
  expect([gravityOf(small), gravityOf(thief)]).toEqual(['low', 'critical']);
  expect(gravityOf({ level: 'message', reasons: small.reasons })).toBe('high');
});

test('techniques are told once, those of what decided first', () => {
  const told = attacksIn(thief).map(({ technique }) => technique);
  expect(new Set(told).size).toBe(told.length);
  expect(told).toEqual(expect.arrayContaining(['T1098.001', 'T1555.006', 'T1562.008']));
});
