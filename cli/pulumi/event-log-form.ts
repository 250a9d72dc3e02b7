import { asObject } from "./json";

/** Tells an event log from plain output, line by line. */
export interface Form {
  see(line: string): void;
  /** Of the lines so far. */
  isEventLog(): boolean;
}

/**
 * An event log has events alone. The last line of a run that was killed may be cut: no log of plain output is one of
 * events but for its last line, because Pulumi's own words come first.
 */
export function createForm(): Form {
  let events = 0;
  let isPlain = false;
  let isCut = false;
  return {
    see(line) {
      if (isPlain || line.trim() === "") return;
      if (!isCut && isEvent(line)) events += 1;
      else if (!isCut && events > 0 && isCutOff(line)) isCut = true;
      else isPlain = true;
    },
    isEventLog: () => !isPlain,
  };
}

/** Every event of the engine's is numbered and timed, and has one key that names what it is. */
function isEvent(line: string): boolean {
  const event = line.startsWith("{") ? parsed(line) : undefined;
  return (
    typeof event?.["sequence"] === "number" &&
    typeof event["timestamp"] === "number" &&
    Object.keys(event).some((key) => key.endsWith("Event") && asObject(event[key]) !== undefined)
  );
}

function isCutOff(line: string): boolean {
  return line.startsWith("{") && parsed(line) === undefined;
}

function parsed(line: string) {
  try {
    return asObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}
