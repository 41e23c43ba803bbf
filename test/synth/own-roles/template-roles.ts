import { ofType, type Resource, type Statement } from '../synth.ts';

/** A role of the templates: what it may do, and the functions that run under it. */
export interface TemplateRole {
  name: string;
  statements: readonly Statement[];
  functions: readonly string[];
}

type Resources = Record<string, Resource>;
const list = <T>(value: T | T[] | undefined): T[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** Every role of a template with everything that allows it something; attached AWS policies by their name. */
export function rolesOf(resources: Resources): readonly TemplateRole[] {
  return ofType(resources, 'AWS::IAM::Role').map(([id, { Properties }]) => {
    const attached = ofType(resources, 'AWS::IAM::Policy').filter(([, policy]) =>
      list(policy.Properties.Roles as { Ref?: string }[]).some((role) => role.Ref === id),
    );
    const documents = [
      ...attached.map(([, policy]) => policy.Properties.PolicyDocument),
      ...list(Properties.Policies as { PolicyDocument: unknown }[]).map(({ PolicyDocument }) => PolicyDocument),
    ] as { Statement: Statement | Statement[] }[];
    return {
      name: (Properties.RoleName as string | undefined) ?? id,
      statements: documents
        .flatMap(({ Statement }) => list(Statement))
        .map((each) => ({ ...each, Action: list(each.Action), Resource: list(each.Resource) })),
      functions: ofType(resources, 'AWS::Lambda::Function')
        .filter(([, fn]) => fn.Properties.Role?.['Fn::GetAtt']?.[0] === id)
        .map(([key, fn]) => (fn.Properties.FunctionName as string | undefined) ?? key),
    };
  });
}

/** The functions that may assume the member role of that name. */
export const functionsThatAssume = (roles: readonly TemplateRole[], member: string): readonly string[] =>
  roles
    .filter(({ statements }) =>
      statements.some(
        ({ Effect, Action, Resource }) =>
          Effect === 'Allow' &&
          Action.includes('sts:AssumeRole') &&
          Resource.some((arn) => JSON.stringify(arn).includes(`:role/${member}"`)),
      ),
    )
    .flatMap(({ functions }) => functions);
