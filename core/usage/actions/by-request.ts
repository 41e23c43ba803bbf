import { statementNeeds, tableNeeds, transactionNeeds, transactionReads } from './dynamodb.ts';
import { type Need, need, type Parameters } from './need.ts';
import { bucketNeeds, copyNeeds, putNeeds, versioned } from './s3.ts';

/** Application Auto Scaling writes under EC2 Auto Scaling's source; its requests name the service that they scale. */
const scaling = (name: string) => {
  const group = [need(`autoscaling:${name}`)];
  const target = [need(`application-autoscaling:${name}`)];
  return ({ serviceNamespace }: Parameters) => (serviceNamespace ? target : group);
};

const maybe = (...actions: readonly string[]): readonly Need[] => actions.map((action) => ({ action, certain: false }));
const anyQuery = maybe('neptune-db:ReadDataViaQuery', 'neptune-db:WriteDataViaQuery', 'neptune-db:DeleteDataViaQuery');

/** Events whose actions depend on what the request carries, by IAM prefix and event name. */
export const needsByRequest: Readonly<Record<string, (parameters: Parameters) => readonly Need[]>> = {
  // REST APIs take PUT, the others POST; only records of REST APIs say that nothing is a template.
  'apigateway:TagResource': ({ template }) =>
    template === undefined ? maybe('apigateway:PUT', 'apigateway:POST') : [need('apigateway:PUT')],
  'autoscaling:DescribeScalingActivities': scaling('DescribeScalingActivities'),
  'autoscaling:DescribeScheduledActions': scaling('DescribeScheduledActions'),
  'autoscaling:GetPredictiveScalingForecast': scaling('GetPredictiveScalingForecast'),
  'autoscaling:PutScalingPolicy': scaling('PutScalingPolicy'),
  'dynamodb:BatchExecuteStatement': statementNeeds,
  'dynamodb:BatchGetItem': tableNeeds('dynamodb:BatchGetItem'),
  'dynamodb:BatchWriteItem': tableNeeds('dynamodb:BatchWriteItem'),
  'dynamodb:ExecuteStatement': statementNeeds,
  'dynamodb:ExecuteTransaction': statementNeeds,
  'dynamodb:TransactGetItems': transactionReads,
  'dynamodb:TransactWriteItems': transactionNeeds,
  'kms:ReEncrypt': ({ sourceKeyId, destinationKeyId }) => [
    need('kms:ReEncryptFrom', [{ keyId: sourceKeyId }]),
    need('kms:ReEncryptTo', [{ keyId: destinationKeyId }]),
  ],
  // A query can read, write and delete; the record does not hold it.
  'neptune-db:ExecuteGremlinQuery': () => anyQuery,
  'neptune-db:ExecuteOpenCypherQuery': () => anyQuery,
  's3:CopyObject': copyNeeds,
  's3:CreateBucket': bucketNeeds,
  's3:CreateMultipartUpload': putNeeds,
  's3:DeleteObject': versioned(['s3:DeleteObject'], ['s3:DeleteObjectVersion']),
  's3:DeleteObjectTagging': versioned(['s3:DeleteObjectTagging'], ['s3:DeleteObjectVersionTagging']),
  // The record does not list what was deleted.
  's3:DeleteObjects': () => [need('s3:DeleteObject'), { action: 's3:DeleteObjectVersion', certain: false }],
  's3:GetObject': versioned(['s3:GetObject'], ['s3:GetObjectVersion']),
  's3:GetObjectAcl': versioned(['s3:GetObjectAcl'], ['s3:GetObjectVersionAcl']),
  's3:GetObjectAttributes': versioned(
    ['s3:GetObject', 's3:GetObjectAttributes'],
    ['s3:GetObjectVersion', 's3:GetObjectVersionAttributes'],
  ),
  's3:GetObjectTagging': versioned(['s3:GetObjectTagging'], ['s3:GetObjectVersionTagging']),
  's3:HeadObject': versioned(['s3:GetObject'], ['s3:GetObjectVersion']),
  's3:InitiateMultipartUpload': putNeeds,
  's3:PutObject': putNeeds,
  's3:PutObjectAcl': versioned(['s3:PutObjectAcl'], ['s3:PutObjectVersionAcl']),
  's3:PutObjectTagging': versioned(['s3:PutObjectTagging'], ['s3:PutObjectVersionTagging']),
  's3:UploadPartCopy': copyNeeds,
  'sts:AssumeRole': ({ sourceIdentity, tags }) => {
    const needs = [need('sts:AssumeRole')];
    if (sourceIdentity) needs.push(need('sts:SetSourceIdentity'));
    if (Array.isArray(tags) && tags.length > 0) needs.push(need('sts:TagSession'));
    return needs;
  },
};
