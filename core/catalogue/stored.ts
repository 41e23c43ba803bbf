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
}
