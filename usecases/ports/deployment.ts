import type { FunctionFacts, QueueFacts, RuleFacts, TrailFacts } from '../../core/deployment/facts.ts';
import type { PrincipalId } from '../../core/identity/principal.ts';
import type { Instant } from '../../core/time.ts';

/** Looks at a deployment; changes nothing. Faults are thrown. */
export interface Deployment {
  caller(): Promise<{ account: string; arn: string; theirs: Instant | null }>;
  managementAccount(): Promise<{ id: string }>;
  trails(): Promise<readonly TrailFacts[]>;
  rules(): Promise<readonly RuleFacts[]>;
  functions(): Promise<readonly FunctionFacts[]>;
  queues(): Promise<readonly QueueFacts[]>;
  /** The token's workspace and scopes, as Slack tells them. */
  slack(): Promise<{ team: string; scopes: readonly string[] }>;
}

/** One harmless read in a member account, under a name that nobody else asks for. */
export interface Probe {
  read(name: string): Promise<{ account: string; principal: PrincipalId }>;
}
