import { readFileSync } from 'node:fs';
import { type Resource, synthesize } from './synth.ts';

let security: Record<string, Resource & { DeletionPolicy?: string; UpdateReplacePolicy?: string }>;

beforeAll(async () => {
  ({ security } = await synthesize('leastwise.config.example.json'));
}, 600_000);

/** What holds something that people decided, learned or must be able to show. */
const kept = ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::SQS::Queue'];
const isKept = ([id, { Type }]: [string, Resource]) => kept.includes(Type) || id.startsWith('IngestionSetKey');

test('removing the stack keeps what holds something, and nothing else', () => {
  const resources = Object.entries(security);
  const retained = resources.filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
  expect(retained.map(([id]) => id)).toEqual(resources.filter(isKept).map(([id]) => id));
  for (const [, { UpdateReplacePolicy }] of retained) expect(UpdateReplacePolicy).toBe('Retain');
});

test('what is kept has no name of its own, so that the stack can be deployed again beside it', () => {
  const named = Object.entries(security)
    .filter(isKept)
    .filter(([, { Properties }]) =>
      ['TableName', 'BucketName', 'QueueName', 'Name'].some((name) => name in Properties),
    );
  expect(named.map(([id]) => id)).toEqual([]);
});

test('deploy.md names every type that is kept', () => {
  const page = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
  for (const type of [...kept, 'AWS::SecretsManager::Secret']) expect(page).toContain(`\`${type}\``);
});
