/** The stack's configuration as Pulumi passes it to the provider: secrets are decrypted. */
export interface StackConfig {
  get(key: string): string | undefined;
}
