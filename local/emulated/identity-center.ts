import { CreateUserCommand, IdentitystoreClient } from '@aws-sdk/client-identitystore';
import {
  CreatePermissionSetCommand,
  ListInstancesCommand,
  PutInlinePolicyToPermissionSetCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { ownerOf } from './clients.ts';
import { configuration, management } from './organization.ts';

/** A permission set that is reserved for lending, and the user of Identity Center whom it can be lent to. */
export interface LendableSet {
  instance: string;
  permissionSet: string;
  user: string;
  /** As the ledger names that user. */
  actor: string;
}

/** Its policies only look, so that a click approves it. */
const looking = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
});

/** The borrower, among the people of the configuration. */
export const borrower = 'cleo';

/** Makes the set `Repair` and its borrower in the management account: what an operator has before Leastwise is deployed. */
export async function makeLendableSet(moto: string): Promise<LendableSet> {
  const owner = await ownerOf(moto, management);
  const sso = new SSOAdminClient(owner);
  const { Instances = [] } = await sso.send(new ListInstancesCommand({}));
  const [{ InstanceArn = '', IdentityStoreId = '', OwnerAccountId = '' } = {}] = Instances;
  const { PermissionSet } = await sso.send(
    new CreatePermissionSetCommand({ InstanceArn, Name: 'Repair', SessionDuration: 'PT1H' }),
  );
  const PermissionSetArn = PermissionSet?.PermissionSetArn ?? '';
  await sso.send(new PutInlinePolicyToPermissionSetCommand({ InstanceArn, PermissionSetArn, InlinePolicy: looking }));
  const { UserId = '' } = await new IdentitystoreClient(owner).send(
    new CreateUserCommand({
      IdentityStoreId,
      UserName: borrower,
      DisplayName: borrower,
      Name: { GivenName: borrower, FamilyName: borrower },
    }),
  );
  const actor = `federated:arn:aws:identitystore::${OwnerAccountId}:identitystore/${IdentityStoreId}/${UserId}`;
  return { instance: InstanceArn, permissionSet: PermissionSetArn, user: UserId, actor };
}

/** The configuration that is deployed: the set's ARNs are the emulator's own. */
export const configurationWith = ({ instance, permissionSet, actor }: LendableSet): object => ({
  ...configuration,
  people: configuration.people.map((person) =>
    person.id === borrower ? { ...person, actors: [...person.actors, actor] } : person,
  ),
  deployment: {
    ...configuration.deployment,
    identityCenter: { instance, administrator: management, permissionSets: [permissionSet] },
  },
});
