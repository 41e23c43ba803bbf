/** Seconds of a duration as Identity Center writes it, like `PT1H` or `PT1H30M`; undefined for anything else. */
export function sessionSeconds(text: string | undefined): number | undefined {
  const [whole, hours, minutes, seconds] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text ?? '') ?? [];
  return whole === undefined || whole === 'PT'
    ? undefined
    : Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}
