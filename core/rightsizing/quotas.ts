/**
 * Characters, white space not counted; policies attached to one identity.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const quotas = { managed: 6_144, inline: { role: 10_240, user: 2_048 }, attached: 10 } as const;

/** What counts against a quota. */
export const sizeOf = (text: string): number => JSON.stringify(JSON.parse(text)).length;
