import { appendFileSync } from 'node:fs';

/**
 * The environment variable that names where calls are recorded: a file, or `log` for the function's own log. The local
 * stage sets it and nothing else does; without it nothing here runs.
 */
const recordVariable = 'LEASTWISE_RECORD_CALLS';

/** One call of AWS, as far as a policy would be asked about it. */
export interface RecordedCall {
  /** The Lambda function; empty outside of one. */
  function: string;
  /** As IAM writes it: `dynamodb`. */
  service: string;
  /** As IAM writes it where a call needs several, else as the API does: a transaction is its puts and checks. */
  operation: string;
  /** Without region and account where the call does not name them; null where it names no resource. */
  arn: string | null;
}

type Input = Readonly<Record<string, unknown>>;
type Next = (args: { input: object }) => Promise<unknown>;

/** What every client of the SDK has; its own types differ from service to service. */
interface Client {
  middlewareStack: { add(middleware: never, options: { step: 'initialize'; name: string; override: boolean }): void };
}

/** The same client; where the variable is set, it writes a line for every call before it is made. */
export function recorded<C extends Client>(client: C, environment = process.env): C {
  const place = environment[recordVariable];
  if (!place) return client;
  const write = (line: string) => (place === 'log' ? console.log(line) : appendFileSync(place, `${line}\n`));
  const middleware =
    (next: Next, context: { clientName?: string; commandName?: string }) => (args: { input: object }) => {
      const of = environment.AWS_LAMBDA_FUNCTION_NAME ?? '';
      for (const call of callsOf(context.clientName ?? '', context.commandName ?? '', args.input as Input))
        write(JSON.stringify({ function: of, ...call } satisfies RecordedCall));
      return next(args);
    };
  client.middlewareStack.add(middleware as never, { step: 'initialize', name: 'recordCalls', override: true });
  return client;
}

/** Where the client's name is not what IAM calls the service. */
const prefixes: Readonly<Record<string, string>> = { eventbridge: 'events', ssoadmin: 'sso' };

type Call = Omit<RecordedCall, 'function'>;

/** What IAM is asked about one command. */
function callsOf(clientName: string, commandName: string, input: Input): readonly Call[] {
  const client = clientName.replace(/Client$/, '').toLowerCase();
  const service = prefixes[client] ?? client;
  const operation = commandName.replace(/Command$/, '');
  if (operation === 'TransactWriteItems') return partsOf(input);
  if (operation === 'BatchGetItem') {
    const tables = Object.keys((input.RequestItems ?? {}) as object);
    return tables.map((TableName) => ({ service, operation, arn: arnOf(service, { TableName }) }));
  }
  return [{ service, operation, arn: arnOf(service, input) }];
}

/** A transaction asks for each of its parts: `Put` is PutItem, `ConditionCheck` is ConditionCheckItem. */
function partsOf({ TransactItems }: Input): readonly Call[] {
  return ((TransactItems ?? []) as readonly Record<string, Input>[])
    .flatMap((item) => Object.entries(item))
    .map(([kind, part]) => ({ service: 'dynamodb', operation: `${kind}Item`, arn: arnOf('dynamodb', part) }));
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** How each service's requests name what they are about. */
const names: Readonly<Record<string, (input: Input) => string | null>> = {
  dynamodb: ({ TableName, IndexName }) =>
    `table/${text(TableName).replace(/^.*table\//, '')}${IndexName ? `/index/${text(IndexName)}` : ''}`,
  s3: ({ Bucket, Key }) => `${text(Bucket)}${Key ? `/${text(Key)}` : ''}`,
  events: ({ Entries }) => `event-bus/${text((Entries as readonly Input[] | undefined)?.[0]?.EventBusName)}`,
  scheduler: ({ GroupName, Name }) => `schedule/${text(GroupName)}/${text(Name)}`,
  iam: ({ UserName, RoleName, GroupName }) => {
    if (UserName) return `user/${text(UserName)}`;
    if (RoleName) return `role/${text(RoleName)}`;
    return GroupName ? `group/${text(GroupName)}` : null;
  },
};

function arnOf(service: string, input: Input): string | null {
  const given = [input.RoleArn, input.PolicyArn, input.KeyId, input.SecretId].map(text).find((each) => each !== '');
  if (given) return given;
  if (service === 'sqs') {
    const [account, name] = text(input.QueueUrl).split('/').slice(-2);
    return `arn:aws:sqs::${account}:${name}`;
  }
  const name = names[service]?.(input) ?? null;
  return name === null ? null : `arn:aws:${service}:::${name}`;
}
