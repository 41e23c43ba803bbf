import { applications } from './applications.ts';
import { legacyDeploy, machinery } from './machinery.ts';
import type { Workload } from './workload.ts';

export const workloads: readonly Workload[] = [...applications, ...machinery, legacyDeploy];
