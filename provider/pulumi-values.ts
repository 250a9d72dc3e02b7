/**
 * How Pulumi marks values that are more than JSON.
 * Source: pulumi/pulumi sdk/go/common/resource/sig/sig.go
 */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The outputs that are secret whatever a program says. */
const SECRET_OUTPUTS = ["token", "previousToken"] as const;

/**
 * Outputs as the provider returns them: the engine stores what is marked here as a secret, also where a transformation of
 * the program has taken `additionalSecretOutputs` away.
 */
export function withSecretMarks(outputs: object): Readonly<Record<string, unknown>> {
  const marked: Record<string, unknown> = { ...outputs };
  for (const name of SECRET_OUTPUTS) {
    if (marked[name] !== undefined) marked[name] = { [SIGNATURE]: SECRET, value: marked[name] };
  }
  return marked;
}

/** Outputs as the handlers take them, whether an engine hands their marks back or not. */
export function withoutSecretMarks(
  outputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const plain: Record<string, unknown> = { ...outputs };
  for (const name of SECRET_OUTPUTS) {
    const value = plain[name];
    if (typeof value === "object" && value !== null && "value" in value) plain[name] = value.value;
  }
  return plain;
}
