const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const LONE_SURROGATE = /\p{Cs}/u;

/** Why a resource name is not allowed. Undefined if it is allowed. `pulumi up --target` reads `*` as a wildcard. */
export function nameProblem(name: string): "control" | "wildcard" | undefined {
  if (CONTROL.test(name) || LONE_SURROGATE.test(name)) return "control";
  return name.includes("*") ? "wildcard" : undefined;
}
