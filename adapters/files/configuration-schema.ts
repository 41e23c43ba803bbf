import * as z from 'zod/mini';
import { privilegeClasses } from '../../core/catalogue/privilege-class.ts';

/** The description goes into the JSON Schema. */
function described<T extends z.ZodMiniType>(schema: T, description: string): T {
  z.globalRegistry.add(schema, { description });
  return schema;
}

/** A text of one shape; `shape` completes "must be …". */
const text = (pattern: RegExp, shape: string) => z.string().check(z.regex(pattern, `must be ${shape}`));

const accountId = () => text(/^\d{12}$/, 'an AWS account id: twelve digits, in quotes');
const region = () => text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region like eu-central-1');
const name = () => text(/^[^\p{C}\p{Zl}\p{Zp}]{1,80}$/u, 'a name of 1 to 80 visible characters');
const slug = () => text(/^[a-z0-9][a-z0-9._-]{0,39}$/, 'lower-case letters, digits, dots and dashes, 40 at most');
const whole = (least: number, most: number) =>
  z.int().check(z.minimum(least, `must be ${least} or more`), z.maximum(most, `must be ${most} or less`));
const some = <T extends z.ZodMiniType>(item: T) => z.array(item).check(z.minLength(1, 'must have at least one entry'));

const person = z.strictObject({
  id: described(slug(), 'How rules name this person; never reused for somebody else.'),
  name: described(name(), 'Shown in messages.'),
  slack: z.strictObject({
    team: text(/^[TE][A-Z0-9]{2,}$/, 'the Slack workspace the account belongs to, like T01234567'),
    user: text(/^[UW][A-Z0-9]{2,}$/, 'a Slack user id like U01234567 (profile → Copy member ID)'),
  }),
  actors: described(
    z.array(z.string().check(z.minLength(1))),
    'Every AWS identity that is this person, as `leastwise ledger` prints it under `actor`; nobody decides for their own.',
  ),
  team: z.optional(described(name(), 'Rules may ask for people of different teams.')),
});

const classes = () => some(z.enum(privilegeClasses));
const approverName = () =>
  text(/^(?:group:|on-call:)?[a-z0-9][a-z0-9._-]{0,39}$/, 'the id of a person, group:NAME or on-call:NAME');

const rule = z.strictObject({
  name: described(slug(), 'Recorded with every decision.'),
  kinds: z.optional(
    described(some(z.enum(['quarantine', 'rightsizing', 'lending'])), 'The changes it is about; absent: all.'),
  ),
  accounts: z.optional(described(some(accountId()), 'The accounts it is about; absent: all.')),
  units: z.optional(described(some(name()), 'Units of accounts (`accounts[].units`) that it is about; absent: all.')),
  tags: z.optional(
    described(z.record(z.string(), z.string()), 'Tags of the target that it is about, `*` being any value.'),
  ),
  permissionSets: z.optional(described(some(name()), 'Permission sets that it is about.')),
  classes: z.optional(described(classes(), 'Classes of actions that it is about.')),
  risk: z.optional(described(z.enum(['low', 'medium', 'high']), 'The least risk that it is about.')),
  approvers: described(z.array(approverName()), 'Ids of people, group:NAME and on-call:NAME.'),
  quorum: described(whole(1, 20), 'How many different people must approve.'),
  teams: z.optional(described(whole(1, 20), 'Of how many different teams they must be.')),
  deny: z.optional(described(z.boolean(), 'True: what matches can never be approved.')),
  harmless: z.optional(
    described(classes(), 'Loans of nothing but these classes need nobody, where every rule that matches says so.'),
  ),
});

const rota = z.strictObject({
  people: described(some(slug()), 'Ids of people, in their order.'),
  from: described(
    text(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, 'a moment in UTC like 2026-01-05T09:00:00Z'),
    'When the first one begins.',
  ),
  hours: described(whole(1, 8760), 'How long each is on call.'),
});

const standing = z.strictObject({
  name: described(slug(), 'Recorded with what is taken.'),
  people: described(some(approverName()), 'Who may take it, for themselves: ids of people, group:NAME, on-call:NAME.'),
  accounts: described(some(accountId()), 'Where.'),
  classes: described(classes(), 'Classes of actions, and no others.'),
  maxHours: described(whole(1, 24), 'The longest that it lasts.'),
  reviewWithinHours: described(whole(1, 168), 'Until when an approver who is none of its parties has to look at it.'),
});

const roleArn = () => text(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'the ARN of an IAM role');

const identityCenter = z.strictObject({
  instance: described(
    text(/^arn:aws[a-z-]*:sso:::instance\/[\w.-]+$/, 'the ARN of an instance of Identity Center'),
    'In which they are assigned; it lives in the home region.',
  ),
  administrator: described(accountId(), 'Where it is administered: the management account, or a delegated one.'),
  permissionSets: described(
    some(text(/^arn:aws[a-z-]*:sso:::[\w./-]+\/ps-[\w.-]+$/, 'the ARN of a permission set')),
    'Those that are reserved for lending: nobody has them otherwise, and their sessions last an hour at most.',
  ),
});

const deployment = z.strictObject({
  managementAccount: z.optional(
    described(z.nullable(accountId()), 'StackSets skip it, so it gets stacks of its own; null: it is left alone.'),
  ),
  organizationalUnits: z.optional(
    described(
      z.array(
        text(/^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/, 'an organizational unit or a root like r-ab12'),
      ),
      'Whose accounts get the member stacks by StackSets; empty: no StackSets.',
    ),
  ),
  fastLane: z.optional(
    z.strictObject({
      width: described(
        z.enum(['prompt', 'changes', 'everything']),
        'prompt: what must be known at once; changes: every change too; everything: for those without a trail bucket.',
      ),
      constantReaders: described(
        z.array(roleArn()),
        'Roles that read secrets and parameters all day: these reads come with the trail’s files.',
      ),
    }),
  ),
  signInRegions: z.optional(
    described(
      z.array(region()),
      'Regions that get rules for sign-ins alone; absent: every region that needs no opt-in.',
    ),
  ),
  scope: z.optional(
    z.strictObject({
      paths: described(
        some(text(/^\/([\x21-\x7e]+\/)?$/, 'a path of IAM like /service/')),
        'Under which right-sizing may change policies; "/": everywhere.',
      ),
    }),
  ),
  leaseRoles: z.optional(
    described(z.boolean(), 'Whether roles may be made for leases; else access is lent by inline policies only.'),
  ),
  identityCenter: z.optional(described(z.nullable(identityCenter), 'Whose permission sets may be lent; null: none.')),
  trailKey: z.optional(
    described(
      z.nullable(text(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/, 'the ARN of a KMS key')),
      'The key that the trail’s files are encrypted with; null: S3’s own.',
    ),
  ),
  audit: z.optional(
    z.strictObject({
      mode: described(
        z.enum(['compliance', 'governance']),
        'Who may delete an audit event early: nobody, or whoever may bypass governance.',
      ),
      days: described(whole(1, 36_500), 'For how long no audit event can be deleted.'),
    }),
  ),
});

const exclusion = z.strictObject({
  principal: described(
    text(/^arn:[\x21-\x7e]+$/, 'the ARN of a user or role; * and ? stand for others'),
    'Whom right-sizing leaves alone.',
  ),
  owner: described(name(), 'Who answers for it.'),
  until: described(text(/^\d{4}-\d{2}-\d{2}$/, 'a day like 2027-03-31'), 'The last day that it holds.'),
});

const windowRule = z.strictObject({
  account: z.optional(described(accountId(), 'The account it is about; absent: all.')),
  path: z.optional(described(text(/^\/([!-~]+\/)?$/, 'a path of IAM like /finance/'), 'With everything under it.')),
  tag: z.optional(
    z.strictObject({
      key: described(text(/^.{1,128}$/, 'the key of a tag'), 'Of the principal.'),
      value: z.optional(described(z.string(), 'Absent: whatever it says.')),
    }),
  ),
  days: described(whole(1, 400), 'Days of complete ingestion; a year-end job shows in 400.'),
});

const rightsizing = z.strictObject({
  trialDays: z.optional(
    described(
      whole(0, 365),
      'Whole days that a trial must be quiet before permissions are taken away; 0: nothing is tried. Absent: 14.',
    ),
  ),
  exclusions: z.optional(described(z.array(exclusion), 'Principals that keep what they do not use for a while.')),
  windows: z.optional(described(z.array(windowRule), 'Windows other than `windowDays`; the first that fits counts.')),
});

/** The shape of leastwise.config.json. What only shows between fields is checked in configuration.ts. */
export const configurationSchema = z.strictObject({
  $schema: z.optional(described(z.string(), 'For editors: ./leastwise.schema.json')),
  version: z.literal(1),
  organization: z.strictObject({ id: text(/^o-[a-z0-9]{10,32}$/, 'an organization id like o-a1b2c3d4e5') }),
  securityAccount: described(accountId(), 'The account that Leastwise is deployed into; one of `accounts`.'),
  homeRegion: described(region(), 'Where Leastwise runs; one of `regions`.'),
  regions: described(some(region()), 'Regions that may be used.'),
  accounts: described(
    some(
      z.strictObject({
        id: accountId(),
        name: name(),
        units: z.optional(described(some(name()), 'Organizational units that it stands in, as rules name them.')),
      }),
    ),
    'Accounts that Leastwise may be asked to change.',
  ),
  trail: described(
    z.nullable(
      z.strictObject({
        bucket: text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket'),
        prefix: described(z.string(), 'What stands before AWSLogs/ in the keys; mostly empty.'),
        logFileValidation: z.boolean(),
      }),
    ),
    'The organization trail’s files; null: events of the fast lane only.',
  ),
  slack: z.strictObject({
    team: text(/^[TE][A-Z0-9]{2,}$/, 'a Slack workspace id like T01234567, or E… for an organization-wide app'),
    app: text(/^A[A-Z0-9]{2,}$/, 'a Slack app id like A01234567'),
    channel: text(/^[CG][A-Z0-9]{2,}$/, 'a Slack channel id like C01234567, not its name'),
  }),
  people: some(person),
  rules: described(some(rule), 'Who may decide what. What no rule matches cannot be approved.'),
  groups: z.optional(described(z.record(slug(), some(slug())), 'People by group; rules name them group:NAME.')),
  onCall: z.optional(described(z.record(slug(), rota), 'Who is on call; rules name them on-call:NAME.')),
  standing: z.optional(
    described(z.array(standing), 'Decided beforehand for emergencies: taken at once, always alarmed, reviewed after.'),
  ),
  rulesDelayHours: z.optional(
    described(
      whole(1, 168),
      'Hours until a change of people, rules, groups, onCall, standing, confirmAbove or this counts. Absent: 24.',
    ),
  ),
  confirmAbove: z.optional(
    described(
      z.enum(['low', 'medium', 'high']),
      'Up to which risk a click in Slack approves; above it leastwise confirm is needed. Absent: medium; high: never.',
    ),
  ),
  breakGlass: described(
    z.array(text(/^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/.+$/, 'the ARN of an IAM user or role')),
    'Identities that Leastwise never touches.',
  ),
  rightsizing: z.optional(described(rightsizing, 'How permissions are taken away.')),
  windowDays: described(whole(1, 400), 'Days of complete ingestion before anything is proposed.'),
  lending: z.strictObject({
    maxHours: described(whole(1, 72), 'The longest loan.'),
    maxTotalHours: z.optional(
      described(
        whole(1, 720),
        'The longest that one loan may go on by extensions. Default: 24, or `maxHours` if longer.',
      ),
    ),
  }),
  decideWithinHours: described(whole(1, 168), 'Hours after which an undecided plan lapses.'),
  detection: z.optional(
    z.strictObject({
      weights: z.optional(
        described(
          z.record(z.string(), z.unknown()),
          'Numbers that replace those of the model, in the shape of its table (docs/anomaly.md). Cases get other ids.',
        ),
      ),
      outputs: z.optional(
        described(
          z.strictObject({
            ocsf: z.optional(described(z.boolean(), 'Detection Findings of OCSF as files in a bucket of their own.')),
            securityHub: z.optional(
              described(z.boolean(), 'Findings in Security Hub of the security account, which must be switched on.'),
            ),
          }),
          'Who is told of cases besides Slack.',
        ),
      ),
    }),
  ),
  deployment: z.optional(described(deployment, 'How it is laid out in AWS (docs/deploy.md).')),
});

/** The JSON Schema that editors use, as leastwise.schema.json holds it. */
export const configurationJsonSchema = (): string =>
  `${JSON.stringify({ title: 'Leastwise configuration', ...z.toJSONSchema(configurationSchema, { target: 'draft-07' }) }, null, 2)}\n`;
