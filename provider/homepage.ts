/** The address of the repository. `node tools/homepage.mjs <https address>` writes another one here and into the documents. */
export const HOMEPAGE = "https://example.invalid/pulumi-bigcommerce-tokens";
