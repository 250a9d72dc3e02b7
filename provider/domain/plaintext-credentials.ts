/** The configuration of a stack, and which of its keys are secret. */
interface MarkedConfig {
  get(key: string): string | undefined;
  /** True for a key of which any part is secret: Pulumi marks no more. */
  isSecret(key: string): boolean;
}

const KEYS = [
  ...["bigcommerce:accessToken", "bigcommerce:previousAccessToken"].map((key) => ({
    ...{ key, holdsCredential: /./, cureFor: () => key },
  })),
  {
    key: "bigcommerce:stores",
    holdsCredential: /"(access|previousAccess)Token":\s?"[^"]/,
    cureFor: (text: string) => {
      const [, hash = "HASH", name = "accessToken"] = FIRST_STORE.exec(text) ?? [];
      return `--path bigcommerce:stores.${hash}.${name}`;
    },
  },
];
/** The first store with a credential, and which one. */
const FIRST_STORE = /"([a-z0-9]{1,32})":\s?\{[^{}]*"((?:previousA|a)ccessToken)":\s?"[^"]/;

/** One line for each configuration key that holds a credential in plain text, as `--plaintext` stores it. */
export function plaintextProblems(config: MarkedConfig): readonly string[] {
  return KEYS.flatMap(({ key, holdsCredential, cureFor }) => {
    const text = config.get(key);
    if (text === undefined || !holdsCredential.test(text) || config.isSecret(key)) return [];
    return [
      `configuration ${key} holds a credential in plain text, for all who can read the stack's configuration: run ` +
        `\`pulumi config set --secret ${cureFor(text)}\`, and replace the credential if others could read it`,
    ];
  });
}
