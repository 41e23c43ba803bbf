/** What values a context key can have. */
export interface KeyTraits {
  type: 'bool' | 'date' | 'ip' | 'text';
  /** In every request. */
  always: boolean;
  /** `several` keys hold a set of values. */
  values: 'one' | 'several';
  /** No fractions. */
  whole: boolean;
}

/** As AWS documents its global keys ("AWS global condition context keys", read 2026-11-22) and some of services. */
const booleans = new Set([
  'aws:securetransport',
  'aws:multifactorauthpresent',
  'aws:viaawsservice',
  'aws:principalisawsservice',
  'aws:viaawsmcpservice',
  'aws:ismcpserviceaction',
]);
const dates = new Set(['aws:currenttime', 'aws:epochtime', 'aws:tokenissuetime']);
const addresses = new Set(['aws:sourceip', 'aws:vpcsourceip']);
const always = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:securetransport',
  'aws:requestedregion',
  'aws:useragent',
  'aws:viaawsservice',
  'aws:userid',
  'aws:resourceaccount',
]);
const several = new Set([
  'aws:tagkeys',
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:vpceorgpaths',
  'dynamodb:attributes',
  'dynamodb:leadingkeys',
  'kms:encryptioncontextkeys',
  'kms:grantoperations',
  'kms:resourcealiases',
]);
const whole = new Set([
  'aws:epochtime',
  'aws:multifactorauthage',
  's3:max-keys',
  'sts:durationseconds',
  's3:signatureage',
]);

/** The traits of a key, in lower case. `quantified`: some policy holds sets against it. */
export function traitsOf(key: string, quantified: boolean): KeyTraits {
  const isUntold = key.startsWith('untold:');
  const type = typeOf(key, isUntold);
  const oneOnly = key.startsWith('aws:') && !several.has(key);
  return {
    type,
    always: isUntold || always.has(key),
    values: several.has(key) || (quantified && !oneOnly) ? 'several' : 'one',
    whole: whole.has(key),
  };
}

function typeOf(key: string, isUntold: boolean): KeyTraits['type'] {
  if (isUntold || booleans.has(key)) return 'bool';
  if (dates.has(key)) return 'date';
  return addresses.has(key) ? 'ip' : 'text';
}
