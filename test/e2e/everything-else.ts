import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { organizationStore } from '../../adapters/aws/organization-store.ts';
import { clientsFor } from '../../local/emulated/clients.ts';
import { configuration, management } from '../../local/emulated/organization.ts';
import { formRequest } from '../../local/slack-clicks.ts';
import { now } from './clock.ts';
import { hub, members, putEvents, record, region, send, until, userIdentity, type World } from './world.ts';

/** Nothing that is deployed is passed over: it ran, or it is `not-emulated` in the emulator's own words. */
export function everythingElse(world: () => World): void {
  describe('everything else', () => {
    test('the endpoint for signed calls answers what nobody signed with a number', async () => {
      const { endpoint, requestUrl } = world();
      const [, host = ''] = /^https?:\/\/([^/]+)/.exec(requestUrl) ?? [];
      expect(await send({ endpoint, requestUrl: `http://${host}/signed` }, { headers: {}, body: '{}' })).toBe(400);
    });

    test('the endpoint for selects answers nobody who types into a form that was not shown to them', async () => {
      const { requestUrl, signingSecret } = world();
      const [person] = configuration.people;
      const view = { id: 'V1', type: 'modal' as const, metadata: 'made up' };
      const typed = { person: person as never, view, values: {}, typed: { field: 'actions', text: 's3' } };
      const asked = formRequest({ ...configuration.slack, signingSecret }, typed, now(world()));
      expect(await send({ ...world(), requestUrl: `${requestUrl}/options` }, asked)).toBe(403);
    });

    test('every function of the stack ran, and called AWS', async () => {
      const { Functions = [] } = await world().hub.lambda.send(new ListFunctionsCommand({ MaxItems: 1000 }));
      const deployed = Functions.map(({ FunctionName = '' }) => FunctionName).filter((name) =>
        /^leastwise-/.test(name),
      );
      expect(deployed.length).toBeGreaterThan(15);
      const missing = await until(
        'every function to have run',
        async () => {
          const calls = readFileSync(join(world().folder, 'calls.ndjson'), 'utf8').trim().split('\n');
          const ran = new Set(calls.map((line) => (JSON.parse(line) as { function: string }).function));
          const left = deployed.filter((name) => !ran.has(name));
          return left.length === 0 && left;
        },
        90,
      ).catch(() => {
        const calls = readFileSync(join(world().folder, 'calls.ndjson'), 'utf8');
        return deployed.filter((name) => !calls.includes(`"${name}"`));
      });
      expect(missing).toEqual([]);
    });

    test('the organization was read in the management account, and lies where --organization takes it', async () => {
      const { hub: clients, names } = world();
      const kept = await until('the organization', () =>
        organizationStore({ s3: clients.s3, name: names.inventory }).read(),
      );
      expect(kept.tree).toMatchObject({ managementAccount: management, root: { accounts: [{ id: management }] } });
      expect(kept.parts.map(({ part, denied }) => [part, denied])).toEqual([
        ['organization', null],
        ['identity-center', null],
      ]);
    });

    /** What the emulators cannot do, and what they say instead. Once one of these fails, a real test can be written. */
    const notEmulated: [what: string, says: string, ask: () => Promise<unknown>][] = [
      [
        'SQS StartMessageMoveTask',
        'The action StartMessageMoveTask is not valid for this endpoint.',
        () => world().hub.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: `arn:aws:sqs:${region}:${hub}:none` })),
      ],
      [
        'CloudFormation CreateStackSet',
        'Unknown action: CreateStackSet',
        () => query('cloudformation', 'CreateStackSet'),
      ],
      [
        'IAM SetDefaultPolicyVersion',
        'Unknown IAM action: SetDefaultPolicyVersion',
        () => query('iam', 'SetDefaultPolicyVersion'),
      ],
      ...[
        'AWS::Events::EventBusPolicy',
        'AWS::CloudTrail::Trail',
        'AWS::CloudFormation::StackSet',
        'AWS::Organizations::Policy',
      ].map((type): [string, string, () => Promise<unknown>] => [
        type,
        `Unrecognized resource types: [${type}]`,
        () =>
          query('cloudformation', 'CreateStack', {
            StackName: 'probe',
            TemplateBody: JSON.stringify({ Resources: { Probe: { Type: type } } }),
          }),
      ]),
    ];
    const documented = readFileSync('docs/emulators.md', 'utf8');

    test.each(notEmulated)('not-emulated: %s, and the documentation says so', async (_, says, ask) => {
      const answer = await ask().catch((fault: Error) => fault.message);
      expect(String(answer)).toContain(says);
      expect(documented).toContain(says);
    });

    test('not-emulated: an event on the bus of a member account does not reach the hub', async () => {
      const { events } = clientsFor(world().endpoint, members.orders);
      const lost = record({ userIdentity: userIdentity('walt'), eventID: 'not-forwarded' });
      await putEvents({ ...world(), hub: { ...world().hub, events } }, [lost], 'default');
      await putEvents(world(), [record({ userIdentity: userIdentity('vera') })]);
      const known = (name: string) =>
        world().ledger.itemsOfActor(`arn:aws:iam::${members.orders}:user/${name}` as never);
      await until('what was put on the hub’s bus afterwards', async () => (await known('vera')).length > 0);
      expect(await known('walt')).toEqual([]);
      expect(documented).toContain('no event is forwarded from the bus of one account to the bus of another');
    });

    test('nothing is left in any queue', async () => {
      const { sqs } = world().hub;
      for (const id of ['FastLaneDeadLetters', 'FullLaneDeadLetters', 'InboxDeadLetters', 'MessagesDeadLetters']) {
        const asked = { QueueUrl: world().names.queue(id), AttributeNames: ['ApproximateNumberOfMessages' as const] };
        const { Attributes } = await sqs.send(new GetQueueAttributesCommand(asked));
        expect({ id, left: Attributes?.ApproximateNumberOfMessages }).toEqual({ id, left: '0' });
      }
    });

    /** A call of the query protocol, of an operation that our dependencies have no client for. */
    async function query(service: string, Action: string, parameters: Record<string, string> = {}): Promise<string> {
      const response = await fetch(world().endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `AWS4-HMAC-SHA256 Credential=${hub}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
        },
        body: new URLSearchParams({ Action, ...parameters }),
      });
      return response.text();
    }
  });
}
