import type { Operator } from '../../policy/conditions/operator.ts';
import type { Condition } from '../../policy/statement.ts';
import { conditionHolds, untold } from '../residual/facts.ts';
import { allOf, type Formula } from '../residual/formula.ts';
import type { KmsGrant } from '../situation.ts';
import { isServiceLinked } from './caller.ts';
import { isNamed, type Named, namedBy } from './principals.ts';
import type { Asked, Spoken } from './statements.ts';

/** Whether the action is decided by grants alone: no policy can allow it. */
export const isRetiring = (action: string): boolean => action.toLowerCase() === 'kms:retiregrant';

/**
 * The grants of a key that let the caller do what is asked. A grant names one principal and never denies. Who may retire
 * a grant is told by the grant.
 */
export function spokenByGrants(grants: readonly KmsGrant[], asked: Asked): Spoken[] {
  const operation = asked.request.action.toLowerCase();
  return grants.flatMap((grant, index): Spoken[] => {
    const retiring = isRetiring(operation) && grant.retiringPrincipal ? [grant.retiringPrincipal] : [];
    const covers = grant.operations.some((each) => `kms:${each}`.toLowerCase() === operation);
    const named = namedAmong([...retiring, ...(covers ? [grant.granteePrincipal] : [])], asked);
    const constraints = takesContext.has(operation) ? constraintsOf(grant) : [];
    const when = allOf([
      isNamed(named),
      ...constraints.map((condition) => conditionHolds(condition, '2008-10-17', asked.facts)),
    ]);
    return when === false
      ? []
      : [{ because: { layer: 'kmsGrants', policy: index, statement: 0, effect: 'Allow' }, when, named }];
  });
}

/**
 * Constraints hold for what takes an encryption context and nothing else: not for DescribeKey, nor for asymmetric keys.
 * Source: KMS API Reference, GrantConstraints.
 */
const takesContext = new Set(
  [
    'Encrypt',
    'Decrypt',
    'GenerateDataKey',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
    'ReEncryptFrom',
    'ReEncryptTo',
  ].map((operation) => `kms:${operation}`.toLowerCase()),
);

/** That some grant, which nobody told of, lets the caller retire it. */
export const someGrantRetires: Formula = untold('a grant lets the caller retire it');

/** Where no grant is known, one may exist that lets the caller retire it; an account's root user retires what it created. */
export const mayRetire = (
  grants: readonly KmsGrant[],
  { request, caller }: Pick<Asked, 'request' | 'caller'>,
): Formula => isRetiring(request.action) && (grants.length === 0 || caller.kind === 'root') && someGrantRetires;

/**
 * Whether a grant is enough for a caller of another account than the key's, without an identity policy. It is where the
 * caller's own account created it, which nobody tells. Sources: KMS Developer Guide, "Troubleshooting key access" (a key
 * elsewhere is trusted by a grant or IAM policy in the own account); EC2 Auto Scaling User Guide, key policies for
 * encrypted volumes: its service-linked role, whose policy says nothing of KMS, gets a key of another account by a grant.
 * Whom a grant lets retire it needs no other permission.
 */
export const isGrantEnough = ({ request, caller }: Pick<Asked, 'request' | 'caller'>): Formula =>
  isRetiring(request.action) || isServiceLinked(caller) || untold(`account ${caller.account} created the grant`);

function namedAmong(names: readonly string[], { caller, hasBoundary }: Asked): Named {
  const isService = (name: string): boolean => name.endsWith('.amazonaws.com');
  const who = new Map([
    ['AWS', names.filter((name) => !isService(name))],
    ['Service', names.filter(isService)],
  ]);
  return namedBy({ not: false, who }, caller, { effect: 'Allow', hasBoundary });
}

/** The encryption context that a grant asks for, which is plain text; `equals` allows no other pairs. */
function constraintsOf({ encryptionContext }: KmsGrant): Condition[] {
  if (!encryptionContext) return [];
  const { equals, pairs } = encryptionContext;
  const each = [...pairs].map(([key, value]) =>
    conditionOn(`kms:EncryptionContext:${key}`, { quantifier: null, name: 'StringEquals', ifExists: false }, [value]),
  );
  if (!equals) return each;
  const keys: Operator = { quantifier: 'ForAllValues', name: 'StringEquals', ifExists: false };
  return [...each, conditionOn('kms:EncryptionContextKeys', keys, [...pairs.keys()])];
}

const conditionOn = (key: string, test: Operator, values: readonly string[]): Condition => ({
  operator: `${test.quantifier ? `${test.quantifier}:` : ''}${test.name}`,
  test,
  key,
  values,
});
