import { findAction } from '../catalogue/catalogue.ts';
import { cellsOf } from '../policy/cells.ts';
import { coversAction } from '../policy/match.ts';
import type { PolicyDocument, Statement } from '../policy/statement.ts';
import { type Filled, fill, parsePattern } from '../policy/variables.ts';
import type { Decision, Outcome } from './decision.ts';
import type { Engine } from './engine.ts';
import type { Organization, Question } from './organization.ts';
import { accountOf, arnParts } from './places.ts';
import type { Policy, Situation } from './situation.ts';

/** What is said of some of the resources that were asked about. */
interface Part {
  /** One of them. */
  resource: string;
  decision: Decision;
}

/** The answer to a question about one resource or about all that a pattern covers. */
export interface Answer {
  /** The most that is possible with any of the resources. */
  outcome: Outcome;
  /** Whether that is so with all of them, or some; null where one resource was asked about. */
  extent: 'all' | 'some' | null;
  /** What decided it, of one of them. */
  part: Part;
  /** One resource for each thing that is said otherwise. */
  except: readonly Part[];
}

/** From most to least; a policy that cannot be read stands above all, since it hides what is so. */
const order: readonly Outcome[] = ['invalid-policy', 'allowed', 'conditional', 'implicit-deny', 'explicit-deny'];

/**
 * Answers a question whose resource may be a pattern: the pattern is cut into cells that every policy treats alike, and
 * one resource of each is asked about. Where there are too many cells, "all" is never said.
 */
export function answer(question: Question, engine: Engine, organization: Organization): Answer {
  const targets = targetsOf(question);
  if (targets === null) return single(question, engine);
  const cuts = targets.map((target) => samplesOf({ ...question, resource: target }, engine, organization));
  const parts = cuts.flatMap(({ samples }) =>
    samples.map((resource) => ({ resource, decision: engine.decide({ ...question, resource }) })),
  );
  if (parts.length === 0) return single(question, engine);
  const byOutcome = new Map(parts.toReversed().map((part) => [part.decision.outcome, part]));
  const outcome = order.find((each) => byOutcome.has(each)) as Outcome;
  const whole =
    byOutcome.size === 1 &&
    cuts.every(({ complete }) => complete === true || (complete === 'where-allowed' && outcome === 'allowed'));
  return {
    outcome,
    extent: whole ? 'all' : 'some',
    part: byOutcome.get(outcome) as Part,
    except: [...byOutcome.values()].filter(({ decision }) => decision.outcome !== outcome),
  };
}

function single(question: Question, engine: Engine): Answer {
  const decision = engine.decide(question);
  const extent = question.resource === '*' ? 'all' : null;
  return { outcome: decision.outcome, extent, part: { resource: question.resource, decision }, except: [] };
}

/**
 * The patterns that a resource stands for; null where it is one resource. `*` is any resource of the action's types in
 * the caller's account, or by itself where the action has no types.
 */
function targetsOf({ resource, action, principal, resourceAccount }: Question): string[] | null {
  if (!/[*?]/.test(resource)) return null;
  const account = resourceAccount ?? accountOf(principal);
  if (resource !== '*') return [somethingAtTheEnd(inAccount(resource, account))];
  const partition = arnParts(principal)?.partition ?? 'aws';
  const types = findAction(action)?.resourceTypes ?? [];
  const templates = types.flatMap((type) => type.templates);
  const patterns = templates
    .map((template) => template.replaceAll(/\$\{Partition\}/g, partition).replaceAll(/\$\{[^}]*\}/g, '?*'))
    .map((template) => inAccount(template, account))
    // What AWS itself owns is nobody's to give.
    .filter((template) => !/^(arn:[^:]*:[^:]*:[^:]*):(?:aws|\D[^:]*):/.test(template));
  return patterns.length === 0 ? null : [...new Set(patterns)];
}

/** A pattern for the account is the caller's account: whoever owns the others is not known. */
function inAccount(resource: string, account: string): string {
  const fields = resource.split(':');
  if (fields.length >= 6 && /[*?]/.test(fields[4]!)) fields[4] = account;
  return fields.join(':');
}

/** `bucket/*` asks about objects, and there is none without a name. */
const somethingAtTheEnd = (resource: string): string => resource.replace(/([/:])\*$/, '$1?*');

const cutting = (pattern: Filled): Bearing => ({ pattern, opens: false });

function samplesOf(question: Question, engine: Engine, { resources, inventories }: Organization) {
  const situation = engine.situationOf(question);
  const near = nearby(question.resource);
  const own = resources.filter(({ arn }) => near(arn));
  const roles = question.action.toLowerCase().startsWith('sts:')
    ? inventories.flatMap(({ principals }) => principals.map(({ arn }) => arn)).filter(near)
    : [];
  const ofOthers = own.flatMap(({ arn }) =>
    documentsIn(engine.situationOf({ ...question, resource: arn }).resourcePolicy),
  );
  const patterns = [
    ...[...documentsOf(situation), ...ofOthers].flatMap((document) => patternsIn(document, question.action, situation)),
    ...[...own.map(({ arn }) => arn), ...roles].map((arn) => cutting([{ kind: 'text', text: arn }])),
    ...own.flatMap(({ arn }) =>
      ['/', ':'].map((mark) => cutting([{ kind: 'text', text: arn + mark }, { kind: 'any' }])),
    ),
  ];
  const asked = filledOf(question.resource);
  const distinct = [...new Map(patterns.map((each) => [JSON.stringify(each), each])).values()].filter((each) =>
    meet(asked, each.pattern),
  );
  if (distinct.length <= manyPatterns) {
    const { cells, complete } = cellsOf(
      asked,
      distinct.map(({ pattern }) => pattern),
    );
    const samples = cells.map(({ sample }) => sample);
    if (complete) return { samples, complete };
    const few = fewSamples(asked, distinct);
    return { samples: [...new Set([...samples, ...few.samples])], complete: few.complete };
  }
  return fewSamples(asked, distinct);
}

/** With more patterns than this, what they have in common with each other is not looked at. */
const manyPatterns = 12;

/**
 * Of many patterns. Whatever an Allow covers more can only allow more, so a text that lies in as few of them as
 * possible stands for all; each Allow alone, and every piece that others cut off, is looked at as well. Where all of
 * these are allowed everything is; that nothing is cannot be said.
 */
function fewSamples(asked: Filled, patterns: readonly Bearing[]) {
  const [opening, cutting] = [true, false].map((opens) => patterns.filter((each) => each.opens === opens));
  const cut = cellsOf(
    asked,
    cutting!.map(({ pattern }) => pattern),
  );
  const alone = opening!.flatMap(({ pattern }) => cellsOf(asked, [pattern]).cells);
  const fewest = asked
    .map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'any' ? '~'.repeat(40) : '~'))
    .join('');
  const samples = new Set([fewest, ...[...cut.cells, ...alone].map(({ sample }) => sample)]);
  return { samples: [...samples], complete: cut.complete ? ('where-allowed' as const) : false };
}

/** A pattern that bears on the question. `opens`: it stands in an Allow, as what the Allow covers. */
interface Bearing {
  pattern: Filled;
  opens: boolean;
}

const filledOf = (text: string): Filled => fill(parsePattern(text, '2008-10-17') ?? [], () => undefined) ?? [];

/** False where two patterns cannot have a text in common by how they begin. */
function meet([a]: Filled, [b]: Filled): boolean {
  if (a?.kind !== 'text' || b?.kind !== 'text') return true;
  return a.text.startsWith(b.text) || b.text.startsWith(a.text);
}

/** Whether an ARN may lie under the pattern: only what stands before its first wildcard is compared. */
function nearby(pattern: string): (arn: string) => boolean {
  const fixed = pattern.slice(0, pattern.search(/[*?]/));
  return (arn) => arn.startsWith(fixed) || fixed.startsWith(arn);
}

/** Every document of a situation that can be read. */
export const documentsOf = (situation: Situation): PolicyDocument[] =>
  [
    ...situation.identityPolicies,
    ...situation.groupPolicies,
    ...(situation.sessionPolicies ?? []),
    ...situation.vpcEndpointPolicies,
    ...(situation.scps ?? []).flat(),
    ...(situation.rcps ?? []).flat(),
    situation.permissionsBoundary,
    situation.resourcePolicy,
  ].flatMap(documentsIn);

export const documentsIn = (policy: Policy | null): PolicyDocument[] => (policy?.ok ? [policy.value] : []);

/** The resource patterns that bear on an action; a variable whose value is not known stands for any text. */
function patternsIn({ statements, version }: PolicyDocument, action: string, { request }: Situation): Bearing[] {
  const valueFor = (key: string): string | undefined => {
    if (key === 'aws:username') return /:user\/(?:.*\/)?([^/]+)$/.exec(request.principal)?.[1];
    if (key === 'aws:principalaccount') return accountOf(request.principal);
    const value = request.context.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  return statements
    .filter((statement) => coversAction(statement, action))
    .flatMap(({ effect, resources }: Statement) =>
      (resources?.patterns ?? []).map((text) => ({ text, opens: effect === 'Allow' && !resources!.not })),
    )
    .flatMap(({ text, opens }) => {
      const parsed = parsePattern(text, version);
      if (parsed === undefined) return [];
      const pattern = parsed.flatMap((piece): Filled => {
        if (piece.kind !== 'variable') return [piece];
        const value = valueFor(piece.key) ?? piece.fallback;
        return [value == null ? { kind: 'any' } : { kind: 'text', text: value }];
      });
      return [{ pattern, opens }];
    });
}
