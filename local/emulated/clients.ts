import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { hub, region } from './organization.ts';

/** Clients of an operator with keys of that account. */
export function clientsFor(endpoint: string, account: string = hub) {
  const common = { endpoint, region, credentials: { accessKeyId: account, secretAccessKey: 'local' } };
  return {
    dynamodb: new DynamoDBClient(common),
    events: new EventBridgeClient(common),
    iam: new IAMClient(common),
    lambda: new LambdaClient(common),
    s3: new S3Client(common),
    scheduler: new SchedulerClient(common),
    secrets: new SecretsManagerClient(common),
    sqs: new SQSClient(common),
  };
}

/** A session of a role on moto, which asks nobody whether they may have it. */
export async function sessionOf(moto: string, RoleArn: string, RoleSessionName: string) {
  const sts = new STSClient({ endpoint: moto, region, credentials: { accessKeyId: hub, secretAccessKey: 'local' } });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** For clients of an account on moto, which takes the account from the keys of an assumed role and from no others. */
export async function ownerOf(moto: string, account: string) {
  const credentials = await sessionOf(moto, `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`, 'owner');
  return { endpoint: moto, region, credentials };
}

export const iamOf = async (moto: string, account: string) => new IAMClient(await ownerOf(moto, account));

export const organizationsOf = async (moto: string, account: string) =>
  new OrganizationsClient(await ownerOf(moto, account));

export type Clients = ReturnType<typeof clientsFor>;
