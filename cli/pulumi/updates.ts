import { createRedactor } from "../../provider/bigcommerce/redact";
import { asObject, type Properties } from "./json";

/** What the history says of one update; what it does not have is absent. */
export interface Update {
  /** Pulumi Cloud's version, else the place in the history, from 1. */
  readonly number: number;
  /** `update`, `refresh`, `destroy`, ... */
  readonly kind: string;
  /** `succeeded`, `failed`, ... */
  readonly result: string;
  /** Unix seconds. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly message?: string;
  readonly commit?: string;
  /** Whether files had changed since that commit. */
  readonly isDirty?: boolean;
  /** The author of that commit; the history does not say who ran the update. */
  readonly user?: string;
  /** How many resources were created, replaced, deleted, ... */
  readonly changes?: Readonly<Record<string, number>>;
}

/** The year 5138. */
const MAX_SECONDS = 99_999_999_999;

const redact = createRedactor([]);

const PLACES = ["git.author", "git.committer", "git.author.email", "git.committer.email"];

/** A `*.history.json`, or an entry of `pulumi stack history --json`; undefined for what is neither. */
export function readUpdate(value: unknown, place: number): Update | undefined {
  const entry = asObject(value);
  const kind = entry?.["kind"];
  if (!entry || typeof kind !== "string") return undefined;
  const { version, result, startTime, endTime, message } = entry;
  const environment = asObject(entry["environment"]) ?? {};
  const get = (name: string) => text(environment, name);
  const user = PLACES.map(get).find((each) => each !== undefined);
  const startedAt = seconds(startTime);
  const endedAt = seconds(endTime);
  const commit = get("git.head");
  const changes = countsOf(entry["resourceChanges"]);
  return {
    number: typeof version === "number" && version > 0 ? version : place,
    kind: redact(kind),
    result: typeof result === "string" ? redact(result) : "unknown",
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(typeof message === "string" && message !== "" && { message: withoutTokens(message) }),
    ...(commit !== undefined && { commit }),
    ...(get("git.dirty") !== undefined && { isDirty: get("git.dirty") === "true" }),
    ...(user !== undefined && { user }),
    ...(changes && { changes }),
  };
}

/** The file backend writes seconds, the command line RFC 3339. */
function seconds(value: unknown): number | undefined {
  return readSeconds(typeof value === "string" ? Math.floor(Date.parse(value) / 1_000) : value);
}

/** Unix seconds; undefined for what is none, or is in other units. */
export function readSeconds(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 && value <= MAX_SECONDS ? value : undefined;
}

function withoutTokens(message: string): string {
  return message.split("\n").map(redact).join("\n");
}

function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" && value !== "" ? redact(value) : undefined;
}

function countsOf(value: unknown): Readonly<Record<string, number>> | undefined {
  const counts = asObject(value);
  return (
    counts &&
    Object.fromEntries(
      Object.entries(counts).filter((each): each is [string, number] => typeof each[1] === "number"),
    )
  );
}
