import { gzipSync } from 'node:zlib';
import { PutBucketNotificationConfigurationCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { makeNotifying } from '../../local/emulated/after-deploy.ts';
import { configuration, members, region, trailBucket } from '../../local/emulated/organization.ts';
import type { World } from './world.ts';

let written = 0;

/** Where CloudTrail puts a log file of an account. */
export function keyOf(day: string, account: string = members.orders): string {
  written += 1;
  const [date = '', time = ''] = [day.replaceAll('-', ''), 'T0000Z'];
  const folder = `AWSLogs/${configuration.organization.id}/${account}/CloudTrail/${region}`;
  return `${folder}/${day.replaceAll('-', '/')}/${account}_CloudTrail_${region}_${date}${time}_${process.pid}${written}.json.gz`;
}

/** Puts a log file into the trail's bucket, as CloudTrail does. */
export async function putFile({ hub }: World, key: string, records: readonly unknown[]): Promise<void> {
  const Body = gzipSync(JSON.stringify({ Records: records }));
  await hub.s3.send(new PutObjectCommand({ Bucket: trailBucket, Key: key, Body }));
}

/** Does something while the bucket tells nobody of new files. */
export async function unnotified(world: World, work: () => Promise<void>): Promise<void> {
  await world.hub.s3.send(
    new PutBucketNotificationConfigurationCommand({ Bucket: trailBucket, NotificationConfiguration: {} }),
  );
  await work();
  await makeNotifying(world.hub, world.names);
}

/** The UTC day so many days ago. */
export const dayBefore = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
