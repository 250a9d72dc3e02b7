import * as z from "zod";

import { defined } from "../../provider/defined";
import { type Notice, parseNotice, PREFIX, WARNING } from "../../provider/notice-formats";
import { oneLine } from "../one-line";
import { asObject, badJson, entriesOf, FILLED_TEXT, FLAG, parseJson, PROPERTIES, TEXT, TEXTS } from "./json"; // prettier-ignore
import { soundProperties } from "./preview-properties";

/** What Pulumi would do to a resource, and the resource before and after. */
export type Step = Readonly<z.output<typeof STEP>>;

/** A resource as a preview shows it: each secret is the text `[secret]`. */
export type Seen = Readonly<NonNullable<z.output<typeof SEEN>>>;

/** What `pulumi preview --json` prints, as far as it is about tokens. */
export interface PreviewJson {
  readonly steps: readonly Step[];
  readonly notices: readonly NoticeLine[];
  readonly errors: readonly string[];
}

/** A line of the provider, without its prefix. */
interface NoticeLine {
  readonly isWarning: boolean;
  /** Without the severity. */
  readonly text: string;
  /** Absent if this version does not know the line. */
  readonly notice?: Notice;
}

const SEEN = z
  .object({
    ...{ id: TEXT, type: TEXT, inputs: PROPERTIES, outputs: PROPERTIES, deletedWith: FILLED_TEXT },
    ...{ pendingReplacement: FLAG, retainOnDelete: FLAG, replaceWith: TEXTS },
  })
  .transform(({ pendingReplacement, retainOnDelete, ...state }) => ({
    ...state,
    inputs: soundProperties(state.inputs),
    outputs: soundProperties(state.outputs),
    /** Deleted before its replacement is created, because a dependency is: in this update, or in one that was interrupted. */
    isDeleted: pendingReplacement,
    /** Pulumi deletes it without calling the provider: always, or while the resource of `deletedWith` is deleted as well. */
    isRetained: retainOnDelete,
  }))
  .optional()
  .catch(undefined);
const STEP = z
  .object({ op: z.string(), urn: z.string(), oldState: SEEN, newState: SEEN, replaceReasons: TEXTS })
  .transform(({ op, urn, oldState: old, newState: fresh, replaceReasons }) => ({
    ...{ op, urn, old, fresh, type: fresh?.type ?? old?.type ?? "" },
    /** The inputs whose change replaces it, by the provider; `id` or nothing if something else asks for the replacement. */
    reasons: replaceReasons,
  }));
// An error without a message still counts as an error.
const DIAGNOSTIC = z.object({ message: z.string().default("").catch(""), severity: TEXT });

export function parsePreview(text: string, name: string): PreviewJson {
  if (/^\s*\{"sequence":\d+,/.test(text)) {
    throw badJson(
      name,
      "these are the engine's events: make the preview again, without PULUMI_ENABLE_STREAMING_JSON_PREVIEW",
    );
  }
  const whole = asObject(parseJson(text, name));
  const { steps = [], diagnostics = [] } = whole ?? {};
  // A preview has no steps if the program fails at once, and for an empty stack without a program.
  if (!whole || !("changeSummary" in whole || "steps" in whole || "diagnostics" in whole)) {
    throw badJson(name, "this is not the JSON that `pulumi preview --json` prints: it has no steps");
  }
  if (!Array.isArray(steps) || !Array.isArray(diagnostics)) {
    throw badJson(name, "its preview is damaged: the steps are not a list");
  }
  const messages = entriesOf(DIAGNOSTIC, diagnostics);
  return {
    steps: entriesOf(STEP, steps),
    notices: messages
      .flatMap(({ message }) => message.split("\n"))
      .filter((line) => line.startsWith(PREFIX))
      .map((line) => readLine(line.slice(PREFIX.length).trim())),
    errors: messages.filter(({ severity }) => severity === "error").map(({ message }) => oneLine(message)),
  };
}

function readLine(line: string): NoticeLine {
  const notice = parseNotice(line);
  const isWarning = notice ? notice.severity === "warning" : line.startsWith(WARNING);
  const text = isWarning ? line.slice(WARNING.length) : line;
  return { isWarning, text, ...defined({ notice }) };
}
