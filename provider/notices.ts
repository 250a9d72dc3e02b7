import { TokensError } from "./errors";
import { formatNotice, type Notice, PREFIX } from "./notice-formats";

/** The one way in which the provider speaks to people; Pulumi shows it with the update's diagnostics. */
export interface Notices {
  say(notice: Notice): void;
  /** Says the same notice once a process. */
  sayOnce(notice: Notice): void;
}

/** For a host that shows lines. */
export function createNotices(write: (line: string) => void): Notices {
  const said = new Set<string>();
  const say = (line: string) => {
    write(`${PREFIX}${line}\n`);
  };
  return {
    say: (notice) => {
      say(formatNotice(notice));
    },
    sayOnce(notice) {
      const line = formatNotice(notice);
      if (said.has(line)) return;
      said.add(line);
      say(line);
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
