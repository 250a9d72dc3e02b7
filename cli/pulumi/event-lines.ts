import { asObject, type Properties } from "./json";

/** Tells an event log from plain output, line by line. */
export interface EventLogCheck {
  /** `event`: what the line is as JSON. */
  add(line: string, event: Properties | undefined): void;
  /** True if no line so far speaks against it. */
  isEventLog(): boolean;
}

/**
 * An event log has events alone. Its last line may be cut, if the run was killed. Plain output begins with Pulumi's own
 * words, so that no plain log is an event log but for its last line.
 */
export function createEventLogCheck(): EventLogCheck {
  let events = 0;
  let isPlain = false;
  let isCut = false;
  return {
    add(line, event) {
      if (isPlain || line.trim() === "") return;
      if (!isCut && event && isEvent(event)) events += 1;
      else if (!isCut && events > 0 && line.startsWith("{") && !event) isCut = true;
      else isPlain = true;
    },
    isEventLog: () => !isPlain,
  };
}

/** A line of a log as JSON; undefined for a line of plain output, and for one that was cut. */
export function parseLine(line: string): Properties | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return asObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** The engine numbers and dates every event, and names it by one key. */
function isEvent(event: Properties): boolean {
  return (
    typeof event["sequence"] === "number" &&
    typeof event["timestamp"] === "number" &&
    Object.keys(event).some((key) => key.endsWith("Event") && asObject(event[key]) !== undefined)
  );
}
