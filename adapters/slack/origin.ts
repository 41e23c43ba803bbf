import * as z from 'zod/mini';

/** Which app, workspace and organization a request claims to come from; to be believed once its signature holds. */
export interface Origin {
  app: string;
  /** null for interactions of an app that a whole organization installed. */
  team: string | null;
  enterprise: string | null;
  organizationInstall: boolean;
}

const idObject = z.nullish(z.object({ id: z.string() }));

const interaction = z.object({
  api_app_id: z.string(),
  team: idObject,
  enterprise: idObject,
  is_enterprise_install: z.optional(z.boolean()),
});

const command = z.object({
  api_app_id: z.string(),
  team_id: z.optional(z.string()),
  enterprise_id: z.optional(z.string()),
  is_enterprise_install: z.optional(z.string()),
});

/** Reads the origin of an interaction (`payload=JSON`) or of a slash command; undefined when it says none. */
export function originOf(body: string): Origin | undefined {
  const form = new URLSearchParams(body);
  // Of two parameters of one name nobody can say which is meant.
  if (new Set(form.keys()).size !== form.size) return undefined;
  const payload = form.get('payload');
  return payload === null ? ofCommand(Object.fromEntries(form)) : ofInteraction(json(payload));
}

function ofInteraction(value: unknown): Origin | undefined {
  const { data } = z.safeParse(interaction, value);
  return (
    data && {
      app: data.api_app_id,
      team: data.team?.id ?? null,
      enterprise: data.enterprise?.id ?? null,
      organizationInstall: data.is_enterprise_install ?? false,
    }
  );
}

function ofCommand(value: unknown): Origin | undefined {
  const { data } = z.safeParse(command, value);
  return (
    data && {
      app: data.api_app_id,
      team: data.team_id ?? null,
      enterprise: data.enterprise_id ?? null,
      organizationInstall: data.is_enterprise_install === 'true',
    }
  );
}

/** The value of a JSON text; undefined when it is none. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
