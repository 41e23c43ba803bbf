import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Resource, type Synthesized, synthesize } from './synth.ts';

/**
 * The templates of release 1, without code and metadata. `LEASTWISE_WRITE_RELEASE=1` writes them, before the release and
 * never again: what a deployment of it keeps must still be found by every later release.
 */
const folder = new URL('../releases/1/', import.meta.url);
const templates = { security: 'Leastwise.template.json', member: 'LeastwiseMember.template.json' } as const;
type Stack = keyof typeof templates;
type Resources = Record<string, Resource>;

let made: Synthesized;

beforeAll(async () => {
  made = await synthesize('leastwise.config.example.json');
  if (process.env.LEASTWISE_WRITE_RELEASE !== '1') return;
  for (const stack of ['security', 'member'] as const)
    writeFileSync(new URL(templates[stack], folder), `${JSON.stringify(lean(made[stack]))}\n`);
}, 600_000);

/** Without what changes with every build. */
const lean = (resources: Resources): Resources =>
  Object.fromEntries(
    Object.entries(resources).map(([id, { Metadata: _, ...resource }]) => {
      const { Code, ...Properties } = resource.Properties ?? {};
      return [
        id,
        { ...resource, Properties: Code?.S3Key ? { ...Properties, Code: 'the bundle' } : (resource.Properties ?? {}) },
      ];
    }),
  );

const released = (stack: Stack): Resources =>
  JSON.parse(readFileSync(new URL(templates[stack], folder), 'utf8')) as Resources;

/** What holds something that a deployment cannot lose: CloudFormation makes another where the logical id changes. */
const kept = [
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
];

/** Properties of which CloudFormation makes another resource where they change. */
const fixed: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['KeySchema', 'TableName'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
};

test('everything that release 1 keeps is kept under the same name, with the same keys', () => {
  const before = Object.entries(released('security')).filter(([, { Type }]) => kept.includes(Type));
  expect(before.length).toBeGreaterThan(20);
  for (const [id, { Type, Properties }] of before) {
    const now = made.security[id];
    expect(`${id} ${now?.Type}`).toBe(`${id} ${Type}`);
    for (const property of fixed[Type] ?? [])
      expect([id, now?.Properties[property]]).toEqual([id, Properties[property]]);
  }
});

test('indexes of release 1 are still there, with the same keys', () => {
  for (const [id, { Type, Properties }] of Object.entries(released('security'))) {
    if (Type !== 'AWS::DynamoDB::Table') continue;
    const indexes = (of: Resource['Properties']) =>
      (of.GlobalSecondaryIndexes as { IndexName: string; KeySchema: unknown }[]).map(({ IndexName, KeySchema }) => ({
        IndexName,
        KeySchema,
      }));
    expect(indexes(made.security[id]!.Properties)).toEqual(expect.arrayContaining(indexes(Properties)));
  }
});

test('members of release 1 and this security stack still know each other: by the names of roles on either side', () => {
  const roleNames = (resources: Resources) =>
    Object.values(resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::IAM::Role' ? (Properties.RoleName ?? []) : [],
    );
  const trusted = JSON.stringify(Object.values(released('member')).filter(({ Type }) => Type === 'AWS::IAM::Role'));
  const executors = [...new Set([...trusted.matchAll(/:role\/(leastwise-[\w-]+)"/g)].map(([, name]) => name))];
  expect(executors.length).toBeGreaterThanOrEqual(4);
  expect(roleNames(made.security)).toEqual(expect.arrayContaining(executors));
  expect(roleNames(made.member)).toEqual(expect.arrayContaining(roleNames(released('member'))));
});

test('the templates of release 1 are here', () => {
  for (const name of Object.values(templates)) expect(existsSync(new URL(name, folder))).toBe(true);
});
