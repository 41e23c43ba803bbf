import { attacksIn, decidingOf, type Finding, type Gravity, gravityOf, tactics, titleOf } from './deciding.ts';

/** Where the findings are told: Security Hub takes them in the account that calls it only. */
export interface Place {
  account: string;
  region: string;
  partition: string;
}

/** Security Hub's limits, in characters and entries. */
export const asffLimits = {
  title: 256,
  description: 1024,
  resourceId: 512,
  resources: 32,
  types: 50,
  productFields: 50,
  productField: 2048,
} as const;

const labels: Readonly<Record<Gravity, string>> = { low: 'LOW', high: 'HIGH', critical: 'CRITICAL' };

/** Pieces of evidence that one finding carries; two fields of `ProductFields` each. */
const evidence = 15;

/**
 * A case in the AWS Security Finding Format, with what decided in its fields. The same case has the same id, so that telling it
 * again updates the finding; `updatedAt` orders the tellings. An expected or superseded one is archived.
 */
export function asffOf(finding: Finding, place: Place, times: { openedAt: string; updatedAt: string }) {
  const { id, actor, level, score, from, to, state = 'open' } = finding;
  const severity = { Label: labels[gravityOf(finding)], Original: score.toFixed(2) };
  const types = typesOf(finding);
  return {
    SchemaVersion: '2018-10-08',
    Id: `leastwise/${place.region}/${place.account}/${id}`,
    ProductArn: `arn:${place.partition}:securityhub:${place.region}:${place.account}:product/${place.account}/default`,
    ProductName: 'Leastwise',
    CompanyName: 'Leastwise',
    GeneratorId: `leastwise/${level}`,
    AwsAccountId: place.account,
    Types: types,
    FirstObservedAt: from,
    LastObservedAt: to,
    CreatedAt: times.openedAt,
    UpdatedAt: times.updatedAt,
    Severity: severity,
    FindingProviderFields: { Severity: severity, Types: types },
    Title: cut(titleOf(finding), asffLimits.title),
    Description: cut(descriptionOf(finding), asffLimits.description),
    ProductFields: fieldsOf(finding, actor),
    Resources: resourcesOf(finding, place),
    RecordState: state === 'expected' || state === 'superseded' ? 'ARCHIVED' : 'ACTIVE',
  };
}

const descriptionOf = (finding: Finding): string =>
  decidingOf(finding, 8)
    .map(({ words }) => words)
    .join('; ') || 'Something was done for the first time.';

/** Namespaces that Security Hub knows; at least one. */
function typesOf(finding: Finding): string[] {
  const named = attacksIn(finding).map(({ tactic }) => `TTPs/${tactics[tactic].name}`);
  return [...new Set(['Unusual Behaviors/User', ...named])].slice(0, asffLimits.types);
}

function fieldsOf(finding: Finding, actor: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {
    'leastwise/actor': field(actor),
    'leastwise/score': finding.score.toFixed(2),
    'leastwise/accounts': field(finding.accounts.join(' ') || '-'),
    'leastwise/techniques': field([...new Set(attacksIn(finding).map(({ technique }) => technique))].join(' ') || '-'),
  };
  for (const [i, { words, points, time, eventID }] of decidingOf(finding, evidence).entries()) {
    fields[`leastwise/evidence/${i + 1}`] = field(`+${points.toFixed(2)} ${words}`);
    fields[`leastwise/event/${i + 1}`] = field(`${time} ${eventID}`);
  }
  return fields;
}

function resourcesOf({ arns, principal, principals }: Finding, { partition, region }: Place) {
  const ids = [...new Set(arns.length > 0 ? arns : [principal, ...principals])].slice(0, asffLimits.resources);
  return ids.map((id) => ({
    Type: typeOf(id),
    Id: cut(id, asffLimits.resourceId),
    Partition: partition,
    Region: region,
  }));
}

const typeOf = (id: string): string =>
  id.includes(':user/') ? 'AwsIamUser' : id.includes(':role/') ? 'AwsIamRole' : 'Other';

const field = (text: string): string => cut(text, asffLimits.productField);

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
