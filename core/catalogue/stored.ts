/** The shape of generated/catalogue.json: few long strings, since they parse and load fastest. */
export interface StoredCatalogue {
  v: number;
  /** Version of the source. */
  version: string;
  /** UTC day of the source. */
  date: string;
  services: StoredService[];
}

export interface StoredService {
  prefix: string;
  name: string;
  /** One a line: type, tab, ARN templates separated by a comma and a space. */
  resourceTypes: string;
  /** Separated by spaces: `NAME.LEVEL` and `,INDEX` for each resource type taken, with `!` where required. */
  actions: string;
  /** One action a line: `NAME` and, separated by spaces, what a call of it may need besides (roles, tags, keys). */
  needs: string;
  /** Separated by spaces: names of actions that no API call has, which are only checked for others. */
  unseen: string;
}
