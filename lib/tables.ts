import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ledgerTable, stateTable } from '../adapters/dynamodb/table.ts';

/** The two tables, by the key and index names that the adapters use. Rows of the ledger never expire. */
export class Tables extends Construct {
  readonly ledger: Table;
  readonly state: Table;

  constructor(scope: Construct, id: string, key: Key) {
    super(scope, id);
    this.ledger = this.table('Ledger', ledgerTable, key);
    this.state = this.table('State', stateTable, key);
  }

  private table(id: string, shape: typeof ledgerTable | typeof stateTable, key: Key): Table {
    const table = new Table(this, id, {
      partitionKey: { name: shape.partitionKey, type: AttributeType.STRING },
      sortKey: { name: shape.sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      stream: StreamViewType.NEW_IMAGE,
      removalPolicy: RemovalPolicy.RETAIN,
      ...('timeToLive' in shape && { timeToLiveAttribute: shape.timeToLive as string }),
    });
    for (const index of shape.indexes) {
      table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
        sortKey: { name: index.sortKey, type: AttributeType.STRING },
        projectionType: index.projection === 'keys-only' ? ProjectionType.KEYS_ONLY : ProjectionType.ALL,
      });
    }
    return table;
  }
}
