import { listOf, type Need, need, type Parameters, parametersOf } from './need.ts';

/** By the kind of a transaction's item, in small letters. */
const actionByItem: Readonly<Record<string, string>> = {
  conditioncheck: 'dynamodb:ConditionCheckItem',
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
const maybe = (actions: readonly string[]): readonly Need[] => actions.map((action) => ({ action, certain: false }));
const anyStatement = maybe(Object.values(actionByStatement));
const anyWrite = maybe(Object.values(actionByItem).filter((action) => action !== 'dynamodb:GetItem'));

/** A transaction needs the action of each of its items; one whose items do not show may have needed any. */
export function transactionNeeds(parameters: Parameters): readonly Need[] {
  const found = new Map<string, Parameters[]>();
  for (const item of itemsOf(parameters)) {
    const action = own(actionByItem, String(item.operation).toLowerCase());
    if (action) add(found, action, item);
    for (const [kind, request] of action ? [] : Object.entries(item)) {
      const nested = own(actionByItem, kind.toLowerCase());
      if (nested) add(found, nested, parametersOf(request));
    }
  }
  return found.size > 0 ? needsOf(found) : anyWrite;
}

/** Reads in a transaction are `GetItem`, each with its table. */
export function transactionReads(parameters: Parameters): readonly Need[] {
  const items = itemsOf(parameters).map((item) => parametersOf(item.get ?? item));
  return [need('dynamodb:GetItem', items.map(tableOf))];
}

/** PartiQL: the action is the statement's first word. Where no statement shows, it may have been any. */
export function statementNeeds(parameters: Parameters): readonly Need[] {
  const found = new Map<string, Parameters[]>();
  for (const { statement } of [parameters, ...itemsOf(parameters)]) {
    if (typeof statement !== 'string') continue;
    const action = own(actionByStatement, /^\s*([a-z]+)/i.exec(statement)?.[1]?.toLowerCase() ?? '');
    if (!action) return anyStatement;
    add(found, action, { tableName: /\b(?:from|into|update)\s+"?([\w.-]+)"?/i.exec(statement)?.[1] });
  }
  return found.size > 0 ? needsOf(found) : anyStatement;
}

/** Batches name their tables as the keys of `requestItems`, or in each item of it. */
export const tableNeeds =
  (action: string) =>
  (parameters: Parameters): readonly Need[] => {
    const tables = Object.keys(parametersOf(parameters.requestItems)).map((tableName) => ({ tableName }));
    return [need(action, [...tables, ...itemsOf(parameters).map(tableOf)])];
  };

/** CloudTrail writes `requestItems` for what the API calls `TransactItems`, `Statements` or `TransactStatements`. */
const itemsOf = ({ requestItems, statements, transactItems, transactStatements }: Parameters): readonly Parameters[] =>
  [requestItems, statements, transactItems, transactStatements].flatMap(listOf).map(parametersOf);

/** The same record spells it both ways. */
const tableOf = ({ tableName, TableName }: Parameters): Parameters => ({ tableName: tableName ?? TableName });

function add(found: Map<string, Parameters[]>, action: string, item: Parameters): void {
  const list = found.get(action);
  if (list) list.push(tableOf(item));
  else found.set(action, [tableOf(item)]);
}

const needsOf = (found: Map<string, Parameters[]>): readonly Need[] =>
  [...found].map(([action, about]) => need(action, about));

const own = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
