import * as z from 'zod/mini';

/** Which app, workspace and organization a request claims to come from; to be believed once its signature holds. */
export interface Origin {
  app: string;
  /** null for interactions of an app that a whole organization installed. */
  team: string | null;
  enterprise: string | null;
  organizationInstall: boolean;
  /** The view that somebody used something in; null: a message, a command or an event. */
  view: ViewOrigin | null;
  /** Slack's own id of an event, the same for each of its deliveries; null for everything else. */
  event: string | null;
}

/** Whose view it is, and for whom it was filled. */
interface ViewOrigin {
  app: string;
  type: string;
  metadata: string;
  from: { team: string; user: string };
}

const idObject = z.nullish(z.object({ id: z.string() }));

const interaction = z.object({
  api_app_id: z.string(),
  team: idObject,
  enterprise: idObject,
  is_enterprise_install: z.optional(z.boolean()),
  user: z.optional(z.object({ id: z.string(), team_id: z.optional(z.string()) })),
  view: z.nullish(z.object({ app_id: z.string(), type: z.string(), private_metadata: z.optional(z.string()) })),
});

const command = z.object({
  api_app_id: z.string(),
  team_id: z.optional(z.string()),
  enterprise_id: z.optional(z.string()),
  is_enterprise_install: z.optional(z.string()),
});

const event = z.object({
  type: z.literal('event_callback'),
  event_id: z.string().check(z.minLength(1), z.maxLength(100)),
  api_app_id: z.string(),
  team_id: z.nullish(z.string()),
  enterprise_id: z.nullish(z.string()),
  authorizations: z.optional(z.array(z.object({ is_enterprise_install: z.optional(z.boolean()) }))),
});

/** Events come as JSON, everything else as a form; no form of Slack's begins with a brace. */
export const isJson = (body: string): boolean => body.startsWith('{');

/** Reads the origin of an interaction (`payload=JSON`), of a slash command or of an event; undefined when it says none. */
export function originOf(body: string): Origin | undefined {
  if (isJson(body)) return ofEvent(json(body));
  const form = new URLSearchParams(body);
  // Of two parameters of one name nobody can say which is meant.
  if (new Set(form.keys()).size !== form.size) return undefined;
  const payload = form.get('payload');
  return payload === null ? ofCommand(Object.fromEntries(form)) : ofInteraction(json(payload));
}

function ofInteraction(value: unknown): Origin | undefined {
  const { data } = z.safeParse(interaction, value);
  if (data === undefined) return undefined;
  const { user, view } = data;
  return {
    app: data.api_app_id,
    team: data.team?.id ?? null,
    enterprise: data.enterprise?.id ?? null,
    organizationInstall: data.is_enterprise_install ?? false,
    event: null,
    view: view
      ? {
          app: view.app_id,
          type: view.type,
          metadata: view.private_metadata ?? '',
          from: { team: teamOfUser(user?.team_id ?? '', data.team?.id), user: user?.id ?? '' },
        }
      : null,
  };
}

/** Where an organization installed the app, Slack names it instead of the user's workspace when a select asks for options. */
export const teamOfUser = (named: string, workspace: string | undefined): string =>
  named.startsWith('E') && workspace !== undefined ? workspace : named;

function ofCommand(value: unknown): Origin | undefined {
  const { data } = z.safeParse(command, value);
  return (
    data && {
      app: data.api_app_id,
      team: data.team_id ?? null,
      enterprise: data.enterprise_id ?? null,
      organizationInstall: data.is_enterprise_install === 'true',
      view: null,
      event: null,
    }
  );
}

function ofEvent(value: unknown): Origin | undefined {
  const { data } = z.safeParse(event, value);
  return (
    data && {
      app: data.api_app_id,
      team: data.team_id ?? null,
      enterprise: data.enterprise_id ?? null,
      organizationInstall: data.authorizations?.[0]?.is_enterprise_install ?? false,
      view: null,
      event: data.event_id,
    }
  );
}

const urlVerification = z.object({
  type: z.literal('url_verification'),
  challenge: z.string().check(z.minLength(1), z.maxLength(500)),
});

/** What Slack wants to hear back when somebody enters our address; undefined: it asks for nothing of that kind. */
export const challengeIn = (body: string): string | undefined =>
  isJson(body) ? z.safeParse(urlVerification, json(body)).data?.challenge : undefined;

/** The value of a JSON text; undefined when it is none. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
