import { TokensError } from "./errors";

const PREFIX = "bigcommerce-tokens: ";

/** The one way in which the provider speaks to people; Pulumi shows it with the update's diagnostics. */
export interface Notices {
  say(text: string): void;
  /** Says the same text once a process. */
  sayOnce(text: string): void;
}

/** The stable line of an effect: `<what> <label> <fingerprint> <expiry>`. */
export type Effect = "minted" | "adopted" | "revoke accepted" | "left to expire" | "expired";

export function effectLine(effect: Effect, label: string, fingerprint: string, expiresAt: string): string {
  return `${effect} ${label} ${fingerprint} ${expiresAt}`;
}

export function createNotices(write: (line: string) => void): Notices {
  const said = new Set<string>();
  const say = (text: string) => {
    write(`${PREFIX}${text}\n`);
  };
  return {
    say,
    sayOnce(text) {
      if (said.has(text)) return;
      said.add(text);
      say(text);
    },
  };
}

/** Pulumi needs an Error from every method: a thrown string or undefined would make it wait for ever. */
export function asError(thrown: unknown): Error {
  try {
    if (thrown instanceof TokensError) return thrown;
    return new TokensError("internal", `internal error: ${describe(thrown)}`);
  } catch {
    return new TokensError("internal", "internal error: an unreadable value was thrown");
  }
}

/** Of a foreign error only its class and place are shown: its text may quote a secret. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `a thrown ${typeof thrown}`;
  // The stack begins with the message, whose lines may look like places.
  const frames = (thrown.stack ?? "").replace(thrown.message, "");
  const lines = frames
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
  const place = lines
    .find((line) => line.startsWith("at ") && /:\d+:\d+\)?$/.test(line))
    ?.slice("at ".length);
  return `${thrown.constructor.name}${place === undefined ? "" : ` at ${place}`}`;
}
