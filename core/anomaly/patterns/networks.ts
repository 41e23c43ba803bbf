/** Ranges that are nobody's address on the Internet: what comes through an endpoint of a VPC shows these. */
const inside =
  /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80)/i;

/** Whether a network of the ledger is one of addresses of the Internet, and no service's name. */
export const isPublic = (network: string): boolean => /^[0-9a-f]+[.:].*\/\d+$/i.test(network) && !inside.test(network);
