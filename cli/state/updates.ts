import { asObject, type Properties } from "./export";

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
    kind,
    result: typeof result === "string" ? result : "unknown",
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(typeof message === "string" && message !== "" && { message }),
    ...(commit !== undefined && { commit }),
    ...(get("git.dirty") !== undefined && { isDirty: get("git.dirty") === "true" }),
    ...(user !== undefined && { user }),
    ...(changes && { changes }),
  };
}

/** The file backend writes seconds, the command line RFC 3339. */
function seconds(value: unknown): number | undefined {
  if (typeof value === "number") return value > 0 ? value : undefined;
  const ms = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isFinite(ms) ? Math.floor(ms / 1_000) : undefined;
}

function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" && value !== "" ? value : undefined;
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
