import { someValue } from './parameters.ts';
import type { SignalRule } from './rule.ts';

const everybody = /^(?:public-read|public-read-write|authenticated-read)$|acs\.amazonaws\.com\/groups\/global\//;

/** An access control list that gives a bucket or an object to everybody. */
export const publicAcl: SignalRule = {
  kind: 'public-acl',
  names: ['PutBucketAcl', 'PutObjectAcl', 'CreateBucket', 'PutObject'],
  matches: ({ requestParameters }) =>
    someValue(requestParameters, (value) => typeof value === 'string' && everybody.test(value)),
};
