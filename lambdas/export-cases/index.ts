import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { findingFiles } from '../../adapters/aws/finding-files.ts';
import { recorded } from '../../adapters/aws/recorder.ts';
import { securityHub } from '../../adapters/aws/security-hub.ts';
import { bucket, configuration, deadLetters, failed, now, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { exportCasesHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const { securityAccount: account, homeRegion: region } = configuration();
  const { FINDINGS_BUCKET: files, SECURITY_HUB_PARTITION: partition } = environment;
  return exportCasesHandler({
    cases: stateStores(environment.STATE_TABLE).cases,
    files: files === '' ? null : findingFiles(bucket(files)),
    hub:
      partition === ''
        ? null
        : { findings: securityHub(recorded(new SecurityHubClient())), place: { account, region, partition } },
    deadLetters: deadLetters(environment.DEAD_LETTERS_QUEUE_URL),
    failed: failed(tools),
    now,
  });
});
