import { untold } from '../residual/facts.ts';
import type { Formula } from '../residual/formula.ts';

/**
 * Whether a request may come by a gateway endpoint: S3 and DynamoDB have both kinds. In the policy of a gateway endpoint an
 * account as principal is its root user only; in an interface endpoint's it is everybody in the account. Source: AWS
 * PrivateLink guide, "Principals for gateway endpoints".
 */
export const mayComeByGateway = (action: string): boolean => /^(?:s3|dynamodb):/i.test(action);

/** That the endpoint, whose kind nobody tells, is none. */
export const isInterfaceEndpoint: Formula = untold('the endpoint is an interface endpoint');
