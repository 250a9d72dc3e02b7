import { inspect } from "node:util";
import { leaksIn } from "../support/leaks";

/** Everything that a log, a crash report or a debugger could take from an error. */
export function channelsOf(error: Error): string[] {
  const options = { depth: 10, showHidden: true, getters: true } as const;
  const keys = (object: object) =>
    Reflect.ownKeys(object).map((key) => inspect((object as never)[key], options));
  const prototypes: object[] = [];
  for (let at: unknown = error; typeof at === "object" && at !== null; at = Object.getPrototypeOf(at)) {
    prototypes.push(at);
  }
  const { toJSON } = error as { toJSON?: () => unknown };
  return [
    error.message,
    error.stack ?? "",
    inspect(error.cause, options),
    String(error),
    Object.prototype.toString.call(error),
    JSON.stringify(error),
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
    // What a logger copies.
    inspect(Object.assign({}, error), options),
    inspect(toJSON?.call(error), options),
    inspect(error, options),
    ...prototypes.flatMap(keys),
  ];
}

export function leaksOf(error: Error, secrets: readonly string[]): number {
  return leaksIn(channelsOf(error).join("\n"), secrets);
}
