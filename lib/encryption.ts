import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** The key for what is stored, the key that signs decisions, and the key that signs the audit. */
export class Encryption extends Construct {
  readonly data: Key;
  /** Asymmetric: only the deciding function may sign, whoever applies may verify. */
  readonly signing: Key;
  /** Asymmetric: signs manifests over the audit and nothing else; whoever holds the public key verifies offline. */
  readonly audit: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.data = new Key(this, 'Data', {
      alias: 'leastwise/data',
      description: 'Leastwise: ledger, state, inventory, audit and logs',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.data.grantEncryptDecrypt(new ServicePrincipal(`logs.${Stack.of(this).region}.amazonaws.com`));
    this.signing = new Key(this, 'Signing', {
      alias: 'leastwise/signing',
      description: 'Leastwise: signs the digest of what was decided',
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.audit = new Key(this, 'Audit', {
      alias: 'leastwise/audit',
      description: 'Leastwise: signs the hourly manifests over the audit',
      keySpec: KeySpec.RSA_3072,
      keyUsage: KeyUsage.SIGN_VERIFY,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
