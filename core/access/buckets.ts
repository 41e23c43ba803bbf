import { coversAction } from '../policy/match.ts';
import type { Condition, PolicyDocument, Principals, Statement } from '../policy/statement.ts';
import { accountOf } from './places.ts';

/**
 * Whether S3 calls a bucket policy public: some statement allows everybody without holding them to a fixed value of one
 * of these keys. Source: S3 User Guide, "Blocking public access to your Amazon S3 storage", the meaning of "public".
 */
export const isPublic = ({ statements }: PolicyDocument): boolean =>
  statements.some(
    ({ effect, principals, conditions }) =>
      effect === 'Allow' && principals !== null && isEverybody(principals) && !conditions.some(isFixing),
  );

/**
 * Whether the policy lets others than the owner put objects there, which are theirs unless the bucket's owner enforces
 * its ownership or they must give it full control. Source: S3 User Guide, "Controlling ownership of objects".
 */
export const letsOthersWrite = ({ statements }: PolicyDocument, owner: string | null): boolean =>
  statements.some(
    (statement) =>
      statement.effect === 'Allow' &&
      coversAction(statement, 's3:PutObject') &&
      !givesOwnerControl(statement) &&
      isForOthers(statement.principals, owner),
  );

const isEverybody = ({ not, who }: Principals): boolean => not || who === '*' || (who.get('AWS') ?? []).includes('*');

/** IAM Access Analyzer's and S3's list of what makes "everybody" a known few. */
const fixing = new Set([
  'aws:sourceip',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:userid',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalarn',
  'aws:principalaccount',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
]);

/** A value with a wildcard or a variable is not fixed; nor does an operator fix anything that holds of an absent key. */
function isFixing({ key, test, values }: Condition): boolean {
  if (!fixing.has(key.toLowerCase()) || test.ifExists || test.name.includes('Not') || test.name === 'Null')
    return false;
  if (test.quantifier === 'ForAllValues') return false;
  if (key.toLowerCase() === 'aws:sourceip') return !values.some((value) => /\/0$/.test(value));
  return !values.some((value) => /[*?]|\$\{/.test(value));
}

const givesOwnerControl = ({ conditions }: Statement): boolean =>
  conditions.some(
    ({ key, test, values }) =>
      key.toLowerCase() === 's3:x-amz-acl' &&
      test.name === 'StringEquals' &&
      !test.ifExists &&
      values.join() === 'bucket-owner-full-control',
  );

function isForOthers(principals: Principals | null, owner: string | null): boolean {
  if (principals === null || isEverybody(principals) || principals.who === '*') return true;
  return [...principals.who].some(([kind, names]) => kind !== 'AWS' || names.some((name) => ownerOf(name) !== owner));
}

const ownerOf = (name: string): string => (/^\d{12}$/.test(name) ? name : accountOf(name));
