import { TokensError } from "./errors";
import { formatNotice, type Notice, PREFIX, WARNING } from "./notice-formats";
import { printable } from "./printable";

/** All that the provider tells people. Pulumi shows it with the update's diagnostics. */
export interface Notices {
  say(notice: Notice): void;
  /** Says the same notice once a process. */
  sayOnce(notice: Notice): void;
}

/** For a host that shows lines. */
export function createNotices(write: (line: string) => void): Notices {
  return noticesShownBy((notice) => {
    write(`${lineOf(notice)}\n`);
  });
}

/** `withSeverity: false` for a host that shows the severity beside the line. */
export function lineOf(notice: Notice, { withSeverity = true } = {}): string {
  const line = printable(formatNotice(notice));
  return `${PREFIX}${withSeverity || notice.severity === "info" ? line : line.slice(WARNING.length)}`;
}

/** For a host that shows each notice in its own way. */
export function noticesShownBy(say: (notice: Notice) => void): Notices {
  const said = new Set<string>();
  return {
    say,
    sayOnce(notice) {
      const line = formatNotice(notice);
      if (said.has(line)) return;
      said.add(line);
      say(notice);
    },
  };
}

/** Pulumi needs an Error from every method: a thrown string or undefined would make it wait for ever. */
export function asError(thrown: unknown): TokensError {
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
  const [, ...lines] = (thrown.stack ?? "").replace(thrown.message, "").split("\n");
  const place = lines.map((line) => line.trim()).find((line) => /^at .*:\d+:\d+\)?$/.test(line));
  return `${thrown.constructor.name}${place === undefined ? "" : ` ${place}`}`;
}
