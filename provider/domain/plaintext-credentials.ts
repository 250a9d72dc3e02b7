/** The configuration of a stack, and which of its keys are secret. */
interface MarkedConfig {
  get(key: string): string | undefined;
  /** True for a key of which any part is secret: Pulumi marks no more. */
  isSecret(key: string): boolean;
}

const KEYS = [
  { key: "bigcommerce:accessToken", holdsCredential: /./, cure: "bigcommerce:accessToken" },
  {
    key: "bigcommerce:stores",
    holdsCredential: /"(access|previousAccess)Token":\s?"./,
    cure: "--path bigcommerce:stores.<store hash>.accessToken",
  },
];

/** One line for each configuration key that holds a credential in plain text, as `--plaintext` stores it. */
export function plaintextProblems(config: MarkedConfig): readonly string[] {
  return KEYS.filter(({ key, holdsCredential }) => {
    const text = config.get(key);
    return text !== undefined && holdsCredential.test(text) && !config.isSecret(key);
  }).map(
    ({ key, cure }) =>
      `configuration ${key} holds a credential in plain text, for all who can read the stack's configuration: run ` +
      `\`pulumi config set --secret ${cure}\`, and replace the credential if others could read it`,
  );
}
