import { type Parameters, parametersOf } from './need.ts';

const method = 'resources/{resourceId}/methods';
/** By what a call of REST APIs is about: the path of the collection and, behind a bar, of one of it. */
const restPaths: Readonly<Record<string, string>> = {
  Account: 'account',
  ApiKey: 'apikeys|/{apiKey}',
  Authorizer: '{api}authorizers|/{authorizerId}',
  BasePathMapping: 'domainnames/{domainName}/basepathmappings|/{basePath}',
  ClientCertificate: 'clientcertificates|/{clientCertificateId}',
  Deployment: '{api}deployments|/{deploymentId}',
  DocumentationPart: '{api}documentation/parts|/{documentationPartId}',
  DocumentationVersion: '{api}documentation/versions|/{documentationVersion}',
  DomainName: 'domainnames|/{domainName}',
  GatewayResponse: '{api}gatewayresponses|/{responseType}',
  Integration: `{api}${method}/{httpMethod}/integration`,
  IntegrationResponse: `{api}${method}/{httpMethod}/integration/responses/{statusCode}`,
  Method: `{api}${method}/{httpMethod}`,
  MethodResponse: `{api}${method}/{httpMethod}/responses/{statusCode}`,
  Model: '{api}models|/{modelName}',
  RequestValidator: '{api}requestvalidators|/{requestValidatorId}',
  Resource: '{api}resources|/{resourceId}',
  RestApi: 'restapis|/{restApiId}',
  Sdk: '{api}stages/{stageName}/sdks/{sdkType}',
  Stage: '{api}stages|/{stageName}',
  UsagePlan: 'usageplans|/{usagePlanId}',
  UsagePlanKey: 'usageplans/{usagePlanId}/keys|/{keyId}',
  VpcLink: 'vpclinks|/{vpcLinkId}',
};
/** Of HTTP and WebSocket APIs, where these are other than above. */
const httpPaths: Readonly<Record<string, string>> = {
  Api: 'apis|/{apiId}',
  ApiMapping: 'domainnames/{domainName}/apimappings|/{apiMappingId}',
  CorsConfiguration: '{api}cors',
  Integration: '{api}integrations|/{integrationId}',
  IntegrationResponse: '{api}integrations/{integrationId}/integrationresponses|/{integrationResponseId}',
  Model: '{api}models|/{modelId}',
  ModelTemplate: '{api}models/{modelId}/template',
  Route: '{api}routes|/{routeId}',
  RouteResponse: '{api}routes/{routeId}/routeresponses|/{routeResponseId}',
};
const call = /^(Create|Delete|Generate|Get|Import|Put|Reimport|Update)([A-Z]\w+?)$/;

/**
 * The path that a call of API Gateway's management was on, which is what its resources are named by. Undefined where the
 * record lacks a part of it.
 */
export function apiGatewayPath(name: string, parameters: Parameters): string | undefined {
  const [, verb, noun] = call.exec(name) ?? [];
  if (verb === undefined || noun === undefined) return undefined;
  const isHttp = typeof parameters.apiId === 'string' || /^(?:Apis?|Api|Route)/.test(noun);
  const found = pathOf(noun, isHttp);
  if (found === undefined) return undefined;
  const [collection = '', one = ''] = found.path.split('|');
  const isWhole = found.isPlural || verb === 'Create' || verb === 'Generate' || verb === 'Import';
  const [parameter, root] = isHttp ? ['apiId', 'apis'] : ['restApiId', 'restapis'];
  const template = (isWhole ? collection : collection + one).replace('{api}', `${root}/{${parameter}}/`);
  return filled(template, parameters);
}

function pathOf(noun: string, isHttp: boolean): { path: string; isPlural: boolean } | undefined {
  const of = (name: string) => (isHttp ? own(httpPaths, name) : undefined) ?? own(restPaths, name);
  const path = of(noun);
  if (path !== undefined) return { path, isPlural: false };
  const many = noun.endsWith('s') ? of(noun.slice(0, -1)) : undefined;
  return many === undefined ? undefined : { path: many, isPlural: true };
}

function filled(template: string, parameters: Parameters): string | undefined {
  let isWhole = true;
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (typeof value !== 'string' || value === '') isWhole = false;
    return String(value);
  });
  return isWhole ? path : undefined;
}

/** What is made stands in an inner member: `createStageInput`. */
export const withInput = (parameters: Parameters): Parameters => {
  const inner = Object.keys(parameters).find((name) => name.endsWith('Input'));
  return inner === undefined ? parameters : { ...parametersOf(parameters[inner]), ...parameters };
};

const own = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
