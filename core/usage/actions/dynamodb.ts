import { listOf, type Need, need, type Parameters, parametersOf } from './need.ts';

const actionByItem: Readonly<Record<string, string>> = {
  conditionCheck: 'dynamodb:ConditionCheckItem',
  delete: 'dynamodb:DeleteItem',
  get: 'dynamodb:GetItem',
  put: 'dynamodb:PutItem',
  update: 'dynamodb:UpdateItem',
};
const actionByStatement: Readonly<Record<string, string>> = {
  delete: 'dynamodb:PartiQLDelete',
  insert: 'dynamodb:PartiQLInsert',
  select: 'dynamodb:PartiQLSelect',
  update: 'dynamodb:PartiQLUpdate',
};
const writes = ['conditionCheck', 'delete', 'put', 'update'];
const maybe = (actions: readonly string[]): readonly Need[] => actions.map((action) => ({ action, certain: false }));
const anyStatement = maybe(Object.values(actionByStatement));
const anyWrite = maybe(writes.map((kind) => actionByItem[kind] as string));
const readItem = [need('dynamodb:GetItem')];

/** A transaction needs the action of each of its items; one whose items do not show may have needed any. */
export function transactionNeeds(parameters: Parameters): readonly Need[] {
  const found = new Map<string, Parameters[]>();
  for (const item of listOf(parameters.transactItems)) {
    for (const [kind, request] of Object.entries(parametersOf(item))) {
      const action = Object.hasOwn(actionByItem, kind) ? actionByItem[kind] : undefined;
      if (action) add(found, action, { tableName: parametersOf(request).tableName });
    }
  }
  return found.size > 0 ? needsOf(found) : anyWrite;
}

/** PartiQL: the action is the statement's first word. Where no statement shows, it may have been any. */
export function statementNeeds(parameters: Parameters): readonly Need[] {
  const found = new Map<string, Parameters[]>();
  const items = [parameters, ...listOf(parameters.statements), ...listOf(parameters.transactStatements)];
  for (const { statement } of items.map(parametersOf)) {
    if (typeof statement !== 'string') continue;
    const verb = /^\s*([a-z]+)/i.exec(statement)?.[1]?.toLowerCase() ?? '';
    const action = Object.hasOwn(actionByStatement, verb) ? actionByStatement[verb] : undefined;
    if (!action) return anyStatement;
    const table = /\b(?:from|into|update)\s+"?([\w.-]+)"?/i.exec(statement)?.[1];
    add(found, action, { tableName: table });
  }
  return found.size > 0 ? needsOf(found) : anyStatement;
}

/** Batches name their tables as the keys of `requestItems`. */
export const tableNeeds =
  (action: string) =>
  (parameters: Parameters): readonly Need[] => [
    need(
      action,
      Object.keys(parametersOf(parameters.requestItems)).map((tableName) => ({ tableName })),
    ),
  ];

function add(found: Map<string, Parameters[]>, action: string, about: Parameters): void {
  const list = found.get(action);
  if (list) list.push(about);
  else found.set(action, [about]);
}

const needsOf = (found: Map<string, Parameters[]>): readonly Need[] =>
  [...found].map(([action, about]) => need(action, about));

/** Reads in a transaction are `GetItem` whatever they carry. */
export function transactionReads(parameters: Parameters): readonly Need[] {
  const needs = transactionNeeds(parameters);
  return needs === anyWrite ? readItem : needs;
}
