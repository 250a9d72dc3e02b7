import { z } from "zod";

import { createRedactor } from "../../provider/bigcommerce/redact";
import { FILLED_TEXT, PROPERTIES } from "./json";

/** What the history says of one update; what it does not have is absent. */
export interface Update {
  /** Pulumi Cloud's version, else the place in the history, from 1. */
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
  /** Whether files had changed since that commit. */
  readonly isDirty?: boolean | undefined;
  /** The author of that commit; the history does not say who ran the update. */
  readonly user?: string | undefined;
  /** How many resources were created, replaced, deleted, ... */
  readonly changes?: Readonly<Partial<Record<string, number>>> | undefined;
}

/** The year 5138. */
const MAX_SECONDS = 99_999_999_999;

const redact = createRedactor([]);

/** The file backend writes seconds, the command line RFC 3339. */
const TIME = z
  .unknown()
  .optional()
  .transform((value) =>
    readSeconds(typeof value === "string" ? Math.floor(Date.parse(value) / 1_000) : value),
  );
const NAME = FILLED_TEXT.transform((text) => text && redact(text));
/** What is no number is undefined. */
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

/** A `*.history.json`, or an entry of `pulumi stack history --json`; undefined for what is neither. */
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

/** Unix seconds; undefined for what is none, or is in other units. */
export function readSeconds(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 && value <= MAX_SECONDS ? value : undefined;
}
