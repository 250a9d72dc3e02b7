import * as z from "zod";

import { createRedactor } from "../../provider/bigcommerce/redact";
import { FILLED_TEXT, PROPERTIES } from "./json";

/** One update, as the history describes it. */
export interface Update {
  /** Pulumi Cloud's version, else the place in the history, beginning with 1. */
  readonly number: number;
  /** `update`, `refresh`, `destroy`, ... */
  readonly kind: string;
  /** `succeeded`, `failed`, ... */
  readonly result: string;
  /** Unix seconds. */
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly message?: string | undefined;
  readonly commit?: string | undefined;
  /** True if files had changed since that commit. */
  readonly isDirty?: boolean | undefined;
  /** The author of that commit. The history does not tell who ran the update. */
  readonly user?: string | undefined;
  /** How many resources were created, replaced, deleted, ... */
  readonly changes?: Readonly<Partial<Record<string, number>>> | undefined;
}

/** The year 5138. */
const MAX_SECONDS = 99_999_999_999;

const redact = createRedactor([]);

/** A file backend writes seconds, `pulumi stack history` RFC 3339. */
const TIME = z
  .unknown()
  .optional()
  .transform((value) =>
    readSeconds(typeof value === "string" ? Math.floor(Date.parse(value) / 1_000) : value),
  );
const NAME = FILLED_TEXT.transform((text) => text && redact(text));
/** A count that is not a number is undefined. */
const COUNTS = z.record(z.string(), z.number().optional().catch(undefined)).optional().catch(undefined);
const ENVIRONMENT = z.object({
  ...{ "git.author": NAME, "git.committer": NAME, "git.author.email": NAME, "git.committer.email": NAME },
  ...{ "git.head": NAME, "git.dirty": NAME },
});
const ENTRY = z.object({
  kind: z.string().transform(redact),
  version: z.number().positive().optional().catch(undefined),
  result: z.string().transform(redact).catch("unknown"),
  ...{ startTime: TIME, endTime: TIME },
  message: FILLED_TEXT.transform((text) => text?.split("\n").map(redact).join("\n")),
  environment: PROPERTIES.pipe(ENVIRONMENT),
  resourceChanges: COUNTS,
});

/** Reads a `*.history.json`, or an entry of `pulumi stack history --json`. Undefined if it is neither. */
export function readUpdate(value: unknown, place: number): Update | undefined {
  const entry = ENTRY.safeParse(value);
  if (!entry.success) return undefined;
  const { version: number = place, kind, result, startTime, endTime, message, environment: git } = entry.data;
  const isDirty = git["git.dirty"];
  return {
    ...{ number, kind, result, startedAt: startTime, endedAt: endTime, message },
    commit: git["git.head"],
    isDirty: isDirty === undefined ? undefined : isDirty === "true",
    user: git["git.author"] ?? git["git.committer"] ?? git["git.author.email"] ?? git["git.committer.email"],
    changes: entry.data.resourceChanges,
  };
}

/** Unix seconds; undefined if it is not a number, or has another unit. */
export function readSeconds(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 && value <= MAX_SECONDS ? value : undefined;
}
