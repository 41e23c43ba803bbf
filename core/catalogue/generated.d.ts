/** Lets the type check run before `npm run prepare` has written the file. */
declare module '*/generated/catalogue.json' {
  const catalogue: import('./stored.ts').StoredCatalogue;
  export default catalogue;
}
