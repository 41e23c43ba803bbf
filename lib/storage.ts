import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AuditLock } from '../core/configuration.ts';
import { acknowledge } from './acknowledge.ts';

/** The buckets: audit events under Object Lock, inventory snapshots, rejected records. */
export class Storage extends Construct {
  readonly audit: Bucket;
  readonly inventory: Bucket;
  readonly rejections: Bucket;
  /** ARN pattern of the snapshots, one an account. */
  readonly snapshots: string;
  /** ARN pattern of what was read of the organization. */
  readonly organization: string;

  constructor(scope: Construct, id: string, { key, lock }: { key: Key; lock: AuditLock }) {
    super(scope, id);
    const common = {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    this.audit = new Bucket(this, 'Audit', {
      ...common,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention[lock.mode](Duration.days(lock.days)),
      lifecycleRules: [
        { transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(90) }] },
      ],
    });
    this.inventory = new Bucket(this, 'Inventory', {
      ...common,
      versioned: true,
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(90) }],
    });
    this.snapshots = this.inventory.arnForObjects('inventory/*');
    this.organization = this.inventory.arnForObjects('organization/*');
    this.rejections = new Bucket(this, 'Rejections', {
      ...common,
      lifecycleRules: [{ expiration: Duration.days(90) }],
    });
    for (const bucket of [this.audit, this.inventory, this.rejections]) {
      acknowledge(
        bucket,
        'AwsSolutions-S1',
        'Who reads these buckets is in the organization trail; a bucket for access logs would hold less.',
      );
    }
  }
}
