/** Where a call happened. */
export interface Place {
  region: string;
  account: string | null;
}

/** An ARN template in pieces: `text` and variables in turn, beginning with text. */
export interface ArnTemplate {
  source: string;
  texts: readonly string[];
  variables: readonly string[];
  /** The variables that neither place nor partition fills. */
  own: readonly string[];
}

const placeholder = /\$\{(\w+)\}/;
const ofPlace = new Set(['Partition', 'Region', 'Account']);

export function parseTemplate(template: string): ArnTemplate {
  const pieces = template.split(placeholder);
  const variables = pieces.filter((_, i) => i % 2 === 1);
  return {
    source: template,
    texts: pieces.filter((_, i) => i % 2 === 0),
    variables,
    own: variables.filter((variable) => !ofPlace.has(variable)),
  };
}

/** AWS allows an ARN no more characters. */
export const longestArn = 2048;

/** A pattern that exactly the ARNs of one of the templates match. */
export function patternOf(templates: readonly ArnTemplate[]): RegExp {
  const sources = templates.map(({ texts, variables }) =>
    texts.map((text, i) => escaped(text) + partPattern(variables[i], texts[i + 1])).join(''),
  );
  return new RegExp(`^(?:${sources.join('|')})$`, 's');
}

/** A variable ends where the text after it begins, so that no ARN makes the pattern try again and again. */
function partPattern(variable: string | undefined, after: string | undefined): string {
  if (variable === undefined) return '';
  if (ofPlace.has(variable)) return '[^:]*';
  if (variable === 'BucketName' || after?.startsWith('/')) return '[^/]+';
  return after?.startsWith(':') ? '[^:]+' : '.+';
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The ARN with `values` for the template's own variables, in order; undefined where the account is not known. */
export function fill(template: ArnTemplate, values: readonly string[], place: Place): string | undefined {
  let arn = template.texts[0] as string;
  let next = 0;
  for (const [i, variable] of template.variables.entries()) {
    const value = ofPlace.has(variable) ? partOfPlace(variable, place) : values[next++];
    if (value === undefined) return undefined;
    arn += value + template.texts[i + 1];
  }
  return arn;
}

function partOfPlace(variable: string, { region, account }: Place): string | undefined {
  if (variable === 'Region') return region;
  if (variable === 'Account') return account ?? undefined;
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
