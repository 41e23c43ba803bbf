import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Explains one finding of cdk-nag on a construct. A test lists them all, so that none comes unnoticed. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: id.startsWith('AwsSolutions::') ? id : `AwsSolutions::${id}`, reason });
}
