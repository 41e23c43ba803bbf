import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ledgerTable, stateTable } from '../adapters/dynamodb/table.ts';
import { type Configuration, deploymentOf } from '../core/configuration.ts';
import { acknowledgeWildcards, allow, allowKey } from './allow.ts';
import { Encryption } from './encryption.ts';
import type { LambdaFunction, LambdaFunctionProps } from './lambda-function.ts';
import { Storage } from './storage.ts';
import { Tables } from './tables.ts';

/** As many ARNs as surely fit into one managed policy, which holds 6,144 characters. */
const mostListed = 100;

/** What every capability stands on: keys, tables, buckets, and how functions are made. */
export class Foundation extends Construct {
  readonly encryption: Encryption;
  readonly storage: Storage;
  readonly ledger: Table;
  readonly state: Table;
  readonly configuration: Configuration;
  private readonly configurationFile: string;

  constructor(scope: Construct, id: string, props: { configuration: Configuration; configurationFile: string }) {
    super(scope, id);
    this.configuration = props.configuration;
    this.configurationFile = props.configurationFile;
    this.encryption = new Encryption(this, 'Encryption');
    this.storage = new Storage(this, 'Storage', {
      key: this.encryption.data,
      lock: deploymentOf(props.configuration).audit,
    });
    const tables = new Tables(this, 'Tables', this.encryption.data);
    this.ledger = tables.ledger;
    this.state = tables.state;
  }

  /** What every function is given; `environment` is added by its capability. */
  function(folder: string): Pick<LambdaFunctionProps, 'folder' | 'key' | 'configuration'> {
    return { folder, key: this.encryption.data, configuration: this.configurationFile };
  }

  /**
   * The member role of that name, in the accounts of the configuration and no others; where these are too many for a
   * policy, in the accounts of the organization. Either way the role must exist there, and trust this one.
   */
  grantAssume(to: Role, memberRole: string): void {
    const { accounts, organization } = this.configuration;
    const actions = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
    const inAccount = (id: string) => `arn:aws:iam::${id}:role/${memberRole}`;
    if (accounts.length <= mostListed) {
      const roles = accounts.map(({ id }) => inAccount(id));
      allow(to, actions, roles);
      return;
    }
    const conditions = { StringEquals: { 'aws:ResourceOrgID': organization.id } };
    to.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [inAccount('*')], conditions }));
    acknowledgeWildcards(
      to,
      [inAccount('*')],
      'IAM takes 6,144 characters of a policy: the organization stands for its accounts.',
    );
  }

  /** S3 says that a snapshot is missing only to whom may list; to others it says that access is denied. */
  grantKnowingAbsence(to: Role): void {
    allow(to, ['s3:ListBucket'], [this.storage.inventory.bucketArn]);
  }

  /** Exactly these actions on the ledger and its indexes. */
  grantLedger(to: LambdaFunction, actions: readonly string[]): void {
    this.grantTable(to, this.ledger, 'Ledger', actions);
  }

  /** Exactly these actions on the state table and its indexes. These hold keys only: what they name is read by key. */
  grantState(to: LambdaFunction, actions: readonly string[]): void {
    const byKey = actions.includes('dynamodb:Query') ? ['dynamodb:BatchGetItem'] : [];
    this.grantTable(to, this.state, 'State', [...actions, ...byKey]);
  }

  private grantTable({ executes }: LambdaFunction, table: Table, name: string, actions: readonly string[]): void {
    allow(executes, actions, [table.tableArn]);
    if (actions.includes('dynamodb:Query')) {
      const indexes = this.indexNames(name).map((index) => `${table.tableArn}/index/${index}`);
      allow(executes, ['dynamodb:Query'], indexes);
    }
    allowKey(executes, this.encryption.data);
  }

  private indexNames(name: string): readonly string[] {
    return (name === 'Ledger' ? ledgerTable : stateTable).indexes.map((index) => index.name);
  }
}
