import type { SlackAsk } from '../../usecases/ports/slack-input.ts';

/** What `/leastwise help` says. */
const helpText = [
  '/leastwise request [because REASON]: opens a form, filled in with what was enough for such a reason before.',
  '/leastwise request denied: what you were denied last, to ask for it.',
  '/leastwise request ACTIONS on RESOURCES [as ROLE] for DURATION because REASON',
  'asks for access that ends by itself. ACTIONS and RESOURCES are separated by commas; DURATION is like 90m or 2h.',
  'ROLE is the ARN of the role or user that is to carry the access, needed where more than one is yours.',
  '/leastwise request set NAME in ACCOUNT for DURATION because REASON: the same of a permission set of Identity Center.',
  '/leastwise request break-glass ACTIONS on …: an emergency. Takes what was decided beforehand, alarms everybody, is reviewed.',
  'Example: /leastwise request s3:GetObject on arn:aws:s3:::logs/* for 2h because the nightly job failed',
  '/leastwise status: what is lent to you, and what you wait for. /leastwise revoke LEASE: gives it back at once.',
  '/leastwise who can ACTION on RESOURCE, /leastwise can PRINCIPAL-ARN ACTION on RESOURCE: by the policies in the inventory.',
  'The page of the app, beside its messages, shows what is lent to you, what you could decide, and the backlog.',
  '/leastwise enroll: binds your Slack account to your AWS identity, by a command that you run at a terminal.',
  '/leastwise apply on ACCOUNT, /leastwise apply off ACCOUNT: whether anything may be changed in that account.',
  '/leastwise stop: stops every change but the end of lent access, at once. /leastwise resume lets them go on.',
].join('\n');

/** Words behind it say what for; anything else is a request that was typed out. */
const openForm = /^request(?: because (.+))?$/i;
const applying = /^apply (on|off) (?:in )?(\d{12})$/i;
const grammar =
  /^request (break-glass )?(.+?) on (.+?)(?: as (\S+))? for (\d{1,5}) ?(m|min|minutes?|h|hours?) because (.+)$/i;
/** A permission set instead of actions on resources. */
const ofSet = /^request (break-glass )?set (\S+) in (\d{12}) for (\d{1,5}) ?(m|min|minutes?|h|hours?) because (.+)$/i;
const longestText = 3000;
/** Characters of a reason. */
export const longestReason = 500;

/** Reads the text behind `/leastwise`. What it cannot read is answered with the reason and the help. */
export function readCommand(text: string): SlackAsk {
  // Runs of spaces would make the grammar slow.
  const typed = unescaped(text.slice(0, 2 * longestText))
    .replace(/\s+/g, ' ')
    .trim();
  if (typed === '' || typed.toLowerCase() === 'help') return explain(helpText);
  if (typed.length > longestText) return explain(`That is longer than ${longestText} characters.\n${helpText}`);
  if (/^enroll?$/i.test(typed)) return { type: 'enroll' };
  if (/^status$/i.test(typed)) return { type: 'status' };
  if (/^request denied$/i.test(typed)) return { type: 'open-form', about: { kind: 'denials' } };
  const form = openForm.exec(typed);
  if (form) return { type: 'open-form', about: { kind: 'blank', reason: (form[1] ?? '').slice(0, longestReason) } };
  const asked = readQuestion(typed);
  if (asked !== undefined) return asked;
  const turned = readSwitch(typed);
  if (turned !== undefined) return turned;
  const lent = ofSet.exec(typed);
  if (lent) {
    const [, glass, set = '', account = '', count = '', unit = '', reason = ''] = lent;
    const target = `set:${account}/${set.replaceAll('`', '')}`;
    return request({ glass, target, actions: '', resources: '', count, unit, reason });
  }
  const match = grammar.exec(typed);
  if (match === null) return explain(`That was not understood.\n${helpText}`);
  const [, glass, actions = '', resources = '', target, count = '', unit = '', reason = ''] = match;
  return request({ glass, target: target?.replaceAll('`', ''), actions, resources, count, unit, reason });
}

interface Typed {
  glass: string | undefined;
  target: string | undefined;
  actions: string;
  resources: string;
  count: string;
  unit: string;
  reason: string;
}

function request({ glass, target, actions, resources, count, unit, reason }: Typed): SlackAsk {
  const duration = Number(count) * (unit.toLowerCase().startsWith('h') ? 3600 : 60);
  if (duration === 0) return explain(`Access for no time at all is none.\n${helpText}`);
  if (reason.length > longestReason) return explain(`The reason is longer than ${longestReason} characters.`);
  return {
    type: 'request-access',
    target: target ?? null,
    actions: listOf(actions),
    resources: listOf(resources),
    duration,
    reason,
    ...(glass && { emergency: true }),
  };
}

const revoke = /^revoke (\S{1,256})$/i;
const whoCan = /^who[ -]can (\S+) on (\S+)$/i;
const can = /^can (\S+) (\S+) on (\S+)$/i;

function readQuestion(typed: string): SlackAsk | undefined {
  const bare = typed.replaceAll('`', '');
  const [, lease] = revoke.exec(bare) ?? [];
  if (lease !== undefined) return { type: 'revoke-lease', lease };
  const [, held, place] = whoCan.exec(bare) ?? [];
  if (held !== undefined && place !== undefined)
    return { type: 'ask-access', principal: null, action: held, resource: place };
  const [, principal, action, resource] = can.exec(bare) ?? [];
  if (principal === undefined || action === undefined || resource === undefined) return undefined;
  return { type: 'ask-access', principal, action, resource };
}

function readSwitch(typed: string): SlackAsk | undefined {
  const word = typed.toLowerCase();
  if (word === 'stop' || word === 'resume') return { type: 'switch-kill', killed: word === 'stop' };
  const [, turn, account] = applying.exec(typed) ?? [];
  return account === undefined ? undefined : { type: 'switch-applying', account, on: turn?.toLowerCase() === 'on' };
}

const explain = (words: string): SlackAsk => ({ type: 'explain', words });

/** A list as people type it: by commas, spaces or lines, each once. */
export const listOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,]+/)
      .map((it) => it.replaceAll('`', ''))
      .filter((it) => it !== ''),
  ),
];

/** Slack escapes these three in what people type. */
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
