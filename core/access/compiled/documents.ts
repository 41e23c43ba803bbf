import type { PolicyKind } from '../../policy/kinds.ts';
import { type InvalidPolicy, parsePolicy } from '../../policy/parse.ts';
import type { Patterns, PolicyDocument, Principals, Statement } from '../../policy/statement.ts';
import { type Filled, type Pattern, parsePattern, variablesIn } from '../../policy/variables.ts';
import { fail } from '../../result.ts';
import type { Policy } from '../situation.ts';
import { missingPolicy } from '../situations.ts';
import { actionNumbers } from './action-numbers.ts';
import { type ActionSet, createActionSets } from './action-set.ts';
import { createPatternIndex, type PatternIndex } from './pattern-index.ts';
import { namesOf } from './principals.ts';
import { SpokenActions } from './spoken-actions.ts';
import { createTests, type Test } from './tests.ts';

/** A document as the engine reads it: one for each distinct text of a kind. */
export interface Document {
  readonly number: number;
  /** null where the policy could be read. */
  readonly invalid: InvalidPolicy | null;
  /** Empty where the policy could not be read. */
  readonly statements: readonly CompiledStatement[];
}

export interface CompiledStatement {
  readonly index: number;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: ActionSet;
  /** null where the policy has none (trust policies). */
  readonly resources: ResourceSet | null;
  readonly principals: Principals | null;
  readonly names: ReturnType<typeof namesOf>;
  readonly tests: readonly Test[];
  readonly version: PolicyDocument['version'];
}

export interface ResourceSet {
  readonly source: Patterns;
  readonly not: boolean;
  /** Numbers of the patterns without variables. */
  readonly fixed: readonly number[];
  /** Patterns that a request's context fills. */
  readonly variable: readonly Pattern[];
  /** Numbers of the same with `*` in the variables' places: what these do not match, nothing fills to match. */
  readonly widened: readonly number[];
  /** Every text is among `fixed`: nothing else need be looked at. */
  readonly everything: boolean;
}

/** Documents with the patterns, action sets and tests that they share. */
export interface Documents {
  readonly patterns: PatternIndex;
  /** By number of the document. */
  readonly spoken: SpokenActions;
  /** The document of a text; undefined stands for one that is attached and not known. */
  documentOf(text: string | undefined, kind: PolicyKind): Document;
  count(): number;
}

export function createDocuments(): Documents {
  const patterns = createPatternIndex();
  const spoken = new SpokenActions(actionNumbers().known);
  const setOf = createActionSets();
  const testOf = createTests();
  const documents = new Map<PolicyKind, Map<string, Document>>();
  let missing: Document | undefined;
  let count = 0;

  const compile = ({ version }: PolicyDocument, statement: Statement): CompiledStatement => ({
    index: statement.index,
    effect: statement.effect,
    actions: setOf(statement.actions),
    resources: statement.resources && resourcesOf(statement.resources, version, patterns),
    principals: statement.principals,
    names: namesOf(statement.principals),
    version,
    tests: statement.conditions.map((condition) => testOf(condition, version)),
  });
  const make = (policy: Policy): Document => {
    const statements = policy.ok ? policy.value.statements.map((each) => compile(policy.value, each)) : [];
    const number = count;
    count += 1;
    for (const { actions } of statements) spoken.add(number, actions);
    return { number, invalid: policy.ok ? null : policy.error, statements };
  };
  return {
    patterns,
    spoken,
    documentOf: (text, kind) => {
      if (text === undefined) {
        missing ??= make(fail(missingPolicy));
        return missing;
      }
      const ofKind = documents.get(kind) ?? new Map<string, Document>();
      const earlier = ofKind.get(text);
      if (earlier) return earlier;
      const made = make(parsePolicy(text, kind));
      documents.set(kind, ofKind.set(text, made));
      return made;
    },
    count: () => count,
  };
}

const widened = (piece: Pattern[number]): Filled[number] => (piece.kind === 'variable' ? { kind: 'any' } : piece);

function resourcesOf(source: Patterns, version: PolicyDocument['version'], index: PatternIndex): ResourceSet {
  const { not, patterns } = source;
  const parsed = patterns.map((text) => parsePattern(text, version) ?? []);
  const fixed = parsed.filter((pattern): pattern is Filled => variablesIn(pattern).length === 0);
  const variable = parsed.filter((pattern) => variablesIn(pattern).length > 0);
  return {
    source,
    not,
    fixed: fixed.map(index.numberOf),
    variable,
    widened: variable.map((pattern) => index.numberOf(pattern.map(widened))),
    everything: fixed.some((pattern) => pattern.length === 1 && pattern[0]?.kind === 'any'),
  };
}
