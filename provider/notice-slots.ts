import {
  type Expiry,
  formatExpiry,
  formatMinutes,
  formatTime,
  readExpiry,
  worksUntil,
} from "./domain/expiry";
import type { OnDelete } from "./domain/fate";
import { quoted, unquoted } from "./domain/shell";

/** How facts of one kind are formatted and parsed. */
interface SlotKind<T> {
  /** Source of a regular expression. Only `text` has no bound, and a template holds it once: parsing stays linear. */
  readonly pattern: string;
  format(fact: T): string;
  read(text: string): T;
}

const TIME = String.raw`[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z`;
const WORD = String.raw`\S{1,200}`;
const same = <T extends string = string>(pattern: string): SlotKind<T> => ({
  pattern,
  format: String,
  read: (text) => text as T,
});

/** A fact that may be missing. `absent` must hold a space, which no present fact does, so that both parse again. */
function optional<T>(absent: string, prefix: string, slot: SlotKind<T>): SlotKind<T | undefined> {
  return {
    pattern: `${literal(absent)}|${literal(prefix)}${slot.pattern}`,
    format: (fact) => (fact === undefined ? absent : `${prefix}${slot.format(fact)}`),
    read: (text) => (text === absent ? undefined : slot.read(text.slice(prefix.length))),
  };
}

const time: SlotKind<number> = { pattern: TIME, format: formatTime, read: (text) => Date.parse(text) / 1000 };
const YEAR_DAYS = 365;

const SLOT_KINDS = {
  /** The label of a resource: at most 80 visible ASCII characters. */
  label: same(WORD),
  /** A text without white space. */
  word: same(WORD),
  /** Any text of one line. */
  text: same(".*"),
  fingerprint: same("[0-9a-f]{16}"),
  /** The source of a statement. */
  source: same(".{1,200}"),
  /** How a refresh saw a token gone. */
  gone: same("was revoked outside of this stack|is no longer in the .{1,300}"),
  expiry: { pattern: `never|${TIME}`, format: formatExpiry, read: readExpiry } satisfies SlotKind<Expiry>,
  works: {
    pattern: `works for ever|works until ${TIME}`,
    format: worksUntil,
    read: (text) => readExpiry(text.replace("works until ", "")),
  } satisfies SlotKind<Expiry>,
  valid: {
    pattern: `valid for ever|valid until ${TIME}`,
    format: (expiry) => (expiry === "never" ? "valid for ever" : `valid until ${formatTime(expiry)}`),
    read: (text) => readExpiry(text.replace("valid until ", "")),
  } satisfies SlotKind<Expiry>,
  expires: {
    pattern: `never expires|expires ${TIME}`,
    format: (expiry) => (expiry === "never" ? "never expires" : `expires ${formatTime(expiry)}`),
    read: (text) => readExpiry(text.replace("expires ", "")),
  } satisfies SlotKind<Expiry>,
  /** Rotated by the clock, or replaced for another reason. */
  change: same<"rotated" | "replaced">("rotated|replaced"),
  /** Whether GraphQL accepted a token with `verify`. */
  verified: {
    pattern: "(?:, verified)?",
    format: (isVerified) => (isVerified ? ", verified" : ""),
    read: (text) => text !== "",
  } satisfies SlotKind<boolean>,
  time,
  /** A word as one argument of a command. */
  argument: { pattern: String.raw`\S{1,800}`, format: quoted, read: unquoted } satisfies SlotKind<string>,
  /** Unix seconds, if the state has them. */
  since: optional("before this run", "since ", time),
  /** Unix seconds, if the store's list has them. */
  listedTime: optional("not listed", "", time),
  more: {
    pattern: String.raw`1 more token|\d{1,9} more tokens`,
    format: (count) => `${count} more token${count === 1 ? "" : "s"}`,
    read: (text) => Number.parseInt(text, 10),
  } satisfies SlotKind<number>,
  days: {
    pattern: String.raw`a year|\d{1,5} days`,
    format: (days) => (days === YEAR_DAYS ? "a year" : `${days} days`),
    read: (text) => (text === "a year" ? YEAR_DAYS : Number.parseInt(text, 10)),
  } satisfies SlotKind<number>,
  minutes: {
    pattern: String.raw`1 minute|\d{1,9} minutes`,
    format: formatMinutes,
    read: (text) => Number.parseInt(text, 10),
  } satisfies SlotKind<number>,
  onDelete: same<OnDelete>("revoke|letExpire"),
  /** What a person revokes a token by: its id, unless the id may be another token's. */
  handle: optional("its value (its id may be another token's)", "id ", same(WORD)),
  /** The API account that minted a token, if the token has it. */
  minter: optional("the API account that minted it", "API account ", same(WORD)),
};

type SlotKinds = typeof SLOT_KINDS;

/** `{fact}`, or `{kind:fact}` if the fact has another name than its kind. */
type SlotIn<T extends string> = T extends `${string}{${infer S}}${infer Rest}` ? S | SlotIn<Rest> : never;
type FactOf<S extends string> = S extends `${string}:${infer F}` ? F : S;
type ValueOf<S extends string> = (S extends `${infer K}:${string}` ? K : S) extends infer K extends
  keyof SlotKinds
  ? ReturnType<SlotKinds[K]["read"]>
  : never;

/** What fills the slots of a template. */
export type FactsIn<T extends string> = { readonly [S in SlotIn<T> as FactOf<S>]: ValueOf<S> };
export type AnyFacts = Readonly<Record<string, unknown>>;

const SLOT = /\{([A-Za-z:]{1,40})\}/g;

export function fill(template: string, facts: AnyFacts): string {
  return template.replace(SLOT, (_, slot: string) => {
    const { kind, fact } = slotOf(slot);
    return kind.format(facts[fact]);
  });
}

export interface TemplateReader {
  readonly expression: RegExp;
  /** The facts of a line that `fill` made. Undefined for any other line. */
  read(line: string): AnyFacts | undefined;
}

export function readerOf(template: string): TemplateReader {
  // With one group, `split` puts each slot between two literals.
  const parts = template.split(SLOT);
  const slots = parts.filter((_, at) => at % 2 === 1).map(slotOf);
  const source = parts.map((part, at) => (at % 2 === 1 ? `(${slotOf(part).kind.pattern})` : literal(part)));
  const expression = new RegExp(`^${source.join("")}$`);
  const read = (line: string) => {
    const found = expression.exec(line);
    if (!found) return undefined;
    return Object.fromEntries(slots.map(({ kind, fact }, at) => [fact, kind.read(found[at + 1] ?? "")]));
  };
  return { expression, read };
}

function slotOf(slot: string): { readonly kind: SlotKind<unknown>; readonly fact: string } {
  const [name = "", fact = name] = slot.split(":");
  return { kind: SLOT_KINDS[name as keyof SlotKinds], fact };
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
