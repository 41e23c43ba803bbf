/** Only the deciding function can sign; whoever applies can verify. KMS in AWS. */
export interface Signer {
  /** Signs a hex SHA-256 digest; resolves to base64. */
  sign(digest: string): Promise<string>;
}

export interface Verifier {
  verify(digest: string, signature: string): Promise<boolean>;
}
