import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentsCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { mockClient } from 'aws-sdk-client-mock';
import { withAssignments } from '../../../adapters/aws/assignment-slots.ts';
import { iamSlots } from '../../../adapters/aws/iam-slots.ts';
import type { MemberSession } from '../../../adapters/aws/member-role.ts';
import { sessionSeconds } from '../../../adapters/aws/session-duration.ts';
import { sessionPolicyText } from '../../../adapters/aws/session-policy.ts';
import { assigned } from '../../../core/leases/assignment.ts';

const slot = {
  type: 'account-assignment' as const,
  account: '222222222222',
  instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
  permissionSet: 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef',
  user: 'u-ada',
};
const context = { change: 'chg-1' };
const there = { PrincipalType: 'USER' as const, PrincipalId: slot.user };
const named = (name: string) => Object.assign(new Error(name), { name });

/** Assignments over a scripted Identity Center, in which the set’s sessions last an hour. */
function scripted(instance = slot.instance) {
  const sso = mockClient(SSOAdminClient);
  const sessions: MemberSession[] = [];
  const waited: number[] = [];
  sso.on(DescribePermissionSetCommand).resolves({ PermissionSet: { SessionDuration: 'PT1H' } });
  sso.on(ListAccountAssignmentsCommand).resolves({ AccountAssignments: [] });
  const slots = withAssignments(
    iamSlots(() => {
      throw new Error('IAM was asked');
    }),
    {
      center: () => ({ instance, administrator: '444444444444', region: 'eu-central-1', permissionSets: [] }),
      clientFor: (session, region) => {
        sessions.push(session);
        return new SSOAdminClient({ region });
      },
      wait: async (seconds) => {
        waited.push(seconds);
      },
    },
  );
  return { sso, slots, sessions, waited };
}

const status = (Status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED', FailureReason?: string) => ({
  Status,
  RequestId: 'r-1',
  ...(FailureReason && { FailureReason }),
});

describe('an assignment', () => {
  test('is made when AWS says that it succeeded, and not before', async () => {
    const { sso, slots, waited } = scripted();
    sso.on(CreateAccountAssignmentCommand).resolves({ AccountAssignmentCreationStatus: status('IN_PROGRESS') });
    sso
      .on(DescribeAccountAssignmentCreationStatusCommand, { AccountAssignmentCreationRequestId: 'r-1' })
      .resolvesOnce({ AccountAssignmentCreationStatus: status('IN_PROGRESS') })
      .resolves({ AccountAssignmentCreationStatus: status('SUCCEEDED') });
    await slots.write(slot, assigned, context);
    expect(waited).toEqual([0.5, 1]);
    expect(sso.commandCalls(CreateAccountAssignmentCommand)[0]?.args[0].input).toEqual({
      InstanceArn: slot.instance,
      PermissionSetArn: slot.permissionSet,
      PrincipalType: 'USER',
      PrincipalId: 'u-ada',
      TargetType: 'AWS_ACCOUNT',
      TargetId: '222222222222',
    });
  });

  test.each([
    ['that fails tells why', status('FAILED', 'the account is suspended'), 'the account is suspended'],
    ['that is still under way when the function must end says so', status('IN_PROGRESS'), 'IN_PROGRESS'],
  ])('%s', async (_what, last, words) => {
    const { sso, slots, waited } = scripted();
    sso.on(CreateAccountAssignmentCommand).resolves({ AccountAssignmentCreationStatus: status('IN_PROGRESS') });
    sso.on(DescribeAccountAssignmentCreationStatusCommand).resolves({ AccountAssignmentCreationStatus: last });
    await expect(slots.write(slot, assigned, context)).rejects.toThrow(words);
    expect(waited.reduce((sum, each) => sum + each, 0)).toBeLessThan(60);
  });

  test('that is there already is not made again', async () => {
    const { sso, slots } = scripted();
    sso
      .on(ListAccountAssignmentsCommand)
      .resolvesOnce({ AccountAssignments: [{ ...there, PrincipalType: 'GROUP' }], NextToken: 'more' })
      .resolves({ AccountAssignments: [there] });
    await slots.write(slot, assigned, context);
    expect(sso.commandCalls(CreateAccountAssignmentCommand)).toHaveLength(0);
  });

  test.each(['PT1H1M', 'PT12H', '', undefined])(
    'of a set whose sessions last %s is not made',
    async (SessionDuration) => {
      const { sso, slots } = scripted();
      sso.on(DescribePermissionSetCommand).resolves({ PermissionSet: { SessionDuration } });
      await expect(slots.write(slot, assigned, context)).rejects.toThrow('more than an hour');
      expect(sso.commandCalls(CreateAccountAssignmentCommand)).toHaveLength(0);
    },
  );

  test('waits while another operation on it is under way, and goes on', async () => {
    const { sso, slots, waited } = scripted();
    sso
      .on(DeleteAccountAssignmentCommand)
      .rejectsOnce(named('ConflictException'))
      .rejectsOnce(named('ConflictException'))
      .resolves({ AccountAssignmentDeletionStatus: status('IN_PROGRESS') });
    sso
      .on(DescribeAccountAssignmentDeletionStatusCommand, { AccountAssignmentDeletionRequestId: 'r-1' })
      .resolves({ AccountAssignmentDeletionStatus: status('SUCCEEDED') });
    await slots.write(slot, null, context);
    expect(waited).toEqual([0.5, 1, 0.5]);
  });

  test.each([
    ['stays under way', { AccountAssignmentDeletionStatus: status('IN_PROGRESS') }, 'IN_PROGRESS'],
    ['meets another operation for ever', undefined, 'ConflictException'],
  ])(
    'whose taking away %s is left to the next sweep, soon enough not to hold up others',
    async (_what, answer, words) => {
      const { sso, slots, waited } = scripted();
      if (answer) sso.on(DeleteAccountAssignmentCommand).resolves(answer);
      else sso.on(DeleteAccountAssignmentCommand).rejects(named('ConflictException'));
      sso.on(DescribeAccountAssignmentDeletionStatusCommand).resolves(answer ?? {});
      sso.on(ListAccountAssignmentsCommand).resolves({ AccountAssignments: [there] });
      await expect(slots.write(slot, null, context)).rejects.toThrow(words);
      expect(waited.reduce((sum, each) => sum + each, 0)).toBeLessThan(15);
    },
  );

  test('is taken away also where it reads as gone, and one that is not there is as gone as any', async () => {
    const { sso, slots } = scripted();
    sso.on(DeleteAccountAssignmentCommand).rejects(named('ResourceNotFoundException'));
    await slots.write(slot, null, context);
    expect(sso.commandCalls(DeleteAccountAssignmentCommand)).toHaveLength(1);
  });

  test('that could not be taken away and is there is a fault; one that is not there is none', async () => {
    const { sso, slots } = scripted();
    const failed = { AccountAssignmentDeletionStatus: status('FAILED', 'internal') };
    sso.on(DeleteAccountAssignmentCommand).resolves(failed);
    await slots.write(slot, null, context);
    sso.on(ListAccountAssignmentsCommand).resolves({ AccountAssignments: [there] });
    await expect(slots.write(slot, null, context)).rejects.toThrow('internal');
  });

  test.each(['ThrottlingException', 'AccessDeniedException', 'InternalServerException'])(
    '%s is thrown, never read as absence',
    async (fault) => {
      const { sso, slots } = scripted();
      sso.on(ListAccountAssignmentsCommand).rejects(named(fault));
      await expect(slots.read(slot)).rejects.toThrow(fault);
      sso.on(DeleteAccountAssignmentCommand).rejects(named(fault));
      await expect(slots.write(slot, null, context)).rejects.toThrow(fault);
    },
  );

  test('of a set that its owner has deleted since is as gone as any, and no fault for ever', async () => {
    const { sso, slots } = scripted();
    sso.on(DeleteAccountAssignmentCommand).rejects(named('ResourceNotFoundException'));
    sso.on(ListAccountAssignmentsCommand).rejects(named('ResourceNotFoundException'));
    await slots.write(slot, null, context);
    expect(await slots.read(slot)).toBeNull();
  });

  test('is touched by a session where Identity Center is administered, which may touch this one set in this one account', async () => {
    const { sso, slots, sessions } = scripted();
    sso.on(CreateAccountAssignmentCommand).resolves({ AccountAssignmentCreationStatus: status('SUCCEEDED') });
    await slots.write(slot, assigned, context);
    expect(sessions).toMatchObject([{ account: '444444444444', source: 'chg-1' }]);
    const [Statement] = JSON.parse(sessionPolicyText(sessions[0]!.policy!)).Statement;
    expect(Statement.Resource).toEqual([slot.instance, slot.permissionSet, 'arn:aws:sso:::account/222222222222']);
    expect(Statement.Action.every((action: string) => action.startsWith('sso:'))).toBe(true);
  });

  test('of another instance than the configured one is not touched, nor one without Identity Center', async () => {
    const { slots } = scripted('arn:aws:sso:::instance/ssoins-another');
    await expect(slots.read(slot)).rejects.toThrow('not the instance');
    const bare = iamSlots(() => {
      throw new Error('IAM was asked');
    });
    await expect(bare.read(slot)).rejects.toThrow('no permission set is assigned here');
  });
});

test.each([
  ['PT1H', 3600],
  ['PT30M', 1800],
  ['PT1H30M', 5400],
  ['PT3600S', 3600],
  ['PT', undefined],
  ['1h', undefined],
  ['P1D', undefined],
])('a session of %s lasts %s seconds', (text, seconds) => expect(sessionSeconds(text)).toBe(seconds));
