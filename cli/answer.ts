import type { Decision } from '../core/access/decision.ts';
import type { Answer } from '../core/access/extent.ts';
import type { Question } from '../core/access/organization.ts';
import type { Quote } from '../core/access/quotes.ts';
import { outcomeWords, witnessWords, wordsOf } from '../core/access/words.ts';
import { matchesAction, matchesResource } from '../core/policy/match.ts';
import type { Known } from './inventory.ts';

/** What `can` and `who-can` write about one question; keys in this order. */
export interface AnswerRow {
  principal: string;
  action: string;
  resource: string;
  decision: Decision['outcome'];
  /** null where one resource was asked about. */
  extent: 'all' | 'some' | null;
  because: Quote[];
  when: Decision['when'];
  /** One resource for each other decision. */
  except: { resource: string; decision: Decision['outcome']; because: Quote[] }[];
  /** Policies that cannot be read; whatever they say is missing from the answer. */
  invalid: Decision['invalid'];
  lastUsed: string | null;
}

/** The row of an answer, with the deciding statements quoted. */
export function rowOf(question: Question, answer: Answer, { quote, lastUse }: Known, id: string): AnswerRow {
  const { resource, decision } = answer.part;
  return {
    principal: question.principal,
    action: question.action,
    resource: question.resource,
    decision: answer.outcome,
    extent: answer.extent,
    because: quote({ ...question, resource }, decision.because),
    when: decision.when,
    except: answer.except.map((part) => ({
      resource: part.resource,
      decision: part.decision.outcome,
      because: quote({ ...question, resource: part.resource }, part.decision.because),
    })),
    invalid: decision.invalid,
    lastUsed: lastUse?.({ id, arn: question.principal }, question.action) ?? null,
  };
}

/** What to name so that the answer depends on less; null where nothing would help. */
export function hintFor(rows: readonly AnswerRow[]): string | null {
  const unowned = rows.find(
    ({ when }) => when !== null && JSON.stringify(when.condition).includes('"aws:ResourceAccount"'),
  );
  if (unowned) return `whose ${unowned.resource} is stands nowhere: --resource-account or --resource-policies says it`;
  const depends = (on: string): boolean =>
    rows.some(({ when }) => when !== null && JSON.stringify(when.condition).includes(on));
  if (depends('"policy of arn:') || depends('which was not read'))
    return 'some resources have policies that nobody read: --resource-policies names them';
  if (
    depends('untold:Block Public Access') ||
    depends('untold:an access control list') ||
    depends("its bucket's owner")
  )
    return 'what stands beside a bucket policy was not read: "bucket" in --resource-policies says it';
  return null;
}

/** A row for people. `logs`: whether logs were read. */
export function storyOf(row: AnswerRow, logs: boolean): string[] {
  const some = row.extent === null ? '' : `, ${row.extent} of them`;
  const used = logs ? ` (${row.lastUsed === null ? 'never in these logs' : `last used ${row.lastUsed}`})` : '';
  return [
    `${outcomeWords[row.decision]}${some}: ${row.principal} ${row.action} on ${row.resource}${used}`,
    ...(row.when ? [`  when ${wordsOf(row.when.condition)}`, `  for example ${witnessWords(row.when)}`] : []),
    ...telling(row.because).flatMap((each) => quoteLines(each, row)),
    ...(telling(row.because).length === 0 && row.decision === 'implicit-deny' ? ['  nothing allows it'] : []),
    ...row.invalid.map(({ layer, place, detail }) => `  ${layer}: ${place} ${detail}`),
    ...row.except.flatMap((part) => [
      `  but ${outcomeWords[part.decision]}, for example ${part.resource}`,
      ...telling(part.because)
        .flatMap((each) => quoteLines(each, row))
        .map((line) => `  ${line}`),
    ]),
  ];
}

/** What people want to read: that an SCP does not forbid something is no reason. */
export const telling = (quotes: readonly Quote[]): Quote[] =>
  quotes.filter(({ layer, effect }) => effect === 'Deny' || (layer !== 'scps' && layer !== 'rcps'));

/** A quoted statement for people: of long lists only what speaks of the action or the resource. */
export const quoteLines = ({ layer, policy, on, statement }: Quote, { action, resource }: Asked): string[] => {
  const shown = (_: string, value: unknown): unknown => {
    if (!Array.isArray(value) || value.length <= 6 || !value.every((each) => typeof each === 'string')) return value;
    const telling = value.filter((each) => matchesAction(each, action) || matchesResource(each, resource));
    return [...telling, `${value.length - telling.length} more`];
  };
  return [`  ${layerWords[layer]} ${policy} on ${on}`, `    ${JSON.stringify(statement, shown)}`];
};

type Asked = Pick<AnswerRow, 'action' | 'resource'>;

const layerWords: Readonly<Record<Quote['layer'], string>> = {
  rcps: 'RCP',
  scps: 'SCP',
  vpcEndpointPolicies: 'VPC endpoint',
  resourcePolicy: 'the',
  kmsGrants: 'KMS',
  identityPolicies: 'policy',
  groupPolicies: "group's policy",
  permissionsBoundary: 'boundary',
  sessionPolicies: 'session policy',
};
