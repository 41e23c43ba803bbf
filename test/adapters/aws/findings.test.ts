import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  BatchImportFindingsCommand,
  EnableSecurityHubCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import { findingFiles } from '../../../adapters/aws/finding-files.ts';
import { securityHub } from '../../../adapters/aws/security-hub.ts';
import { asffOf } from '../../../core/findings/asff.ts';
import { onMoto } from '../../emulators/moto.ts';
import { sampleCase } from '../slack/samples.ts';
import { towards } from './clients.ts';

const place = { account: '123456789012', region: 'us-east-1', partition: 'aws' };
const finding = (updatedAt: string) => asffOf(sampleCase(), place, { openedAt: '2026-03-02T09:00:00Z', updatedAt });

onMoto('on an emulator of AWS', (emulator) => {
  test('Security Hub takes a case and shows it, and telling it again updates it', async () => {
    const client = new SecurityHubClient(towards(emulator()));
    await client.send(new EnableSecurityHubCommand({}));
    const hub = securityHub(client);
    await hub.tell([finding('2026-03-02T09:05:00Z')]);
    await hub.tell([finding('2026-03-02T09:10:00Z')]);
    const { Findings = [] } = await client.send(new GetFindingsCommand({}));
    const [first] = Findings;
    expect(first).toMatchObject({ Id: finding('').Id, Title: finding('').Title, SchemaVersion: '2018-10-08' });
  });

  test('a file of findings is one line in its bucket', async () => {
    const s3 = new S3Client({ ...towards(emulator()), forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'findings' }));
    await findingFiles({ s3, name: 'findings' }).put('ocsf/2026/03/02/c.ndjson', '{"a":1}');
    const { Body, ContentType } = await s3.send(
      new GetObjectCommand({ Bucket: 'findings', Key: 'ocsf/2026/03/02/c.ndjson' }),
    );
    expect([await Body!.transformToString(), ContentType]).toEqual(['{"a":1}\n', 'application/x-ndjson']);
  });
});

test('findings go by the hundred, and one that is not taken is a fault', async () => {
  const mock = mockClient(SecurityHubClient);
  mock.on(BatchImportFindingsCommand).resolves({ FailedCount: 0, SuccessCount: 100 });
  const hub = securityHub(new SecurityHubClient({}));
  await hub.tell(Array.from({ length: 150 }, () => finding('2026-03-02T09:05:00Z')));
  expect(mock.commandCalls(BatchImportFindingsCommand).map(({ args }) => args[0].input.Findings?.length)).toEqual([
    100, 50,
  ]);
  mock.on(BatchImportFindingsCommand).resolves({
    FailedCount: 1,
    SuccessCount: 0,
    FailedFindings: [{ Id: 'x', ErrorCode: 'InvalidInput', ErrorMessage: 'too long' }],
  });
  await expect(hub.tell([finding('2026-03-02T09:05:00Z')])).rejects.toThrow('x: InvalidInput too long');
  mock.restore();
});
