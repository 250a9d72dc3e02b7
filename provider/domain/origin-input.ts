const EXAMPLE = "https://shop.example.com";
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: "80", https: "443" };
const HOST = /^([a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:]+\])$/;

/** A host label as BigCommerce's pattern of 2021 has it: no digit or hyphen in front, no hyphen at its end. */
const OLDER_LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** What no origin has. Of a text that breaks several rules, the first is told. */
const FAULTS: readonly (readonly [fault: string, isIn: (parts: Parts) => boolean])[] = [
  ["it is empty", ({ text }) => text === ""],
  ["it has a wildcard, which BigCommerce refuses", ({ text }) => text.includes("*")],
  ["it has a blank or a line break", ({ text }) => /\s/.test(text)],
  [
    "it does not begin with https:// or http://",
    ({ scheme }) => !Object.hasOwn(DEFAULT_PORTS, scheme.toLowerCase()),
  ],
  ["it has a user", ({ rest }) => rest.includes("@")],
  ["it ends with a slash", ({ tail }) => tail === "/"],
  ["it has a path, query or fragment", ({ tail }) => tail !== ""],
  ["its host is not ASCII: write it as browsers send it, xn--...", ({ host }) => /[^\x20-\x7e]/.test(host)],
  ["it has capital letters", ({ scheme, rest }) => /[A-Z]/.test(scheme + rest)],
  [
    "it has the default port of its scheme, which origins leave out",
    ({ scheme, port }) => port === DEFAULT_PORTS[scheme],
  ],
  ["its port is not a number from 0 to 65535", ({ port }) => port !== undefined && !isPort(port)],
  [
    "its host has other characters than letters, digits, hyphens and dots, or begins or ends with a hyphen or dot",
    ({ host }) => !HOST.test(host),
  ],
  [
    "its IP address is not written in the shortest form",
    ({ text }) => !URL.canParse(text) || new URL(text).origin !== text,
  ],
];

interface Parts {
  readonly text: string;
  readonly scheme: string;
  /** What follows the scheme, up to the path. */
  readonly rest: string;
  readonly host: string;
  readonly port?: string;
  /** From the first slash, `?` or `#` on. */
  readonly tail: string;
}

/** The origin, or why it is none. The problem follows the name of the input, and quotes no value. */
export function parseOrigin(value: unknown): { readonly value: string } | { readonly problem: string } {
  if (typeof value !== "string") return refusal("it is no text");
  const fault = faultIn(value);
  return fault === undefined ? { value } : refusal(fault);
}

function refusal(fault: string) {
  return { problem: `must be an origin such as ${EXAMPLE}, but ${fault}` };
}

function faultIn(text: string): string | undefined {
  const parts = partsOf(text);
  return FAULTS.find(([, isIn]) => isIn(parts))?.[0];
}

function partsOf(text: string): Parts {
  // Without a mark there is no scheme, and nothing else is looked at.
  const mark = Math.max(text.indexOf("://"), 0);
  const [scheme, after] = [text.slice(0, mark), text.slice(mark + 3)];
  const end = after.search(/[/?#\\]/);
  const [rest, tail] = end < 0 ? [after, ""] : [after.slice(0, end), after.slice(end)];
  const colon = rest.lastIndexOf(":");
  const hasPort = colon > rest.lastIndexOf("]");
  const host = hasPort ? rest.slice(0, colon) : rest;
  return { text, scheme, rest, host, tail, ...(hasPort && { port: rest.slice(colon + 1) }) };
}

function isPort(text: string): boolean {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;
}

/** False for an origin that BigCommerce's pattern of 2021 refuses. Whether BigCommerce still applies it is not known. */
export function followsOlderRule(origin: string): boolean {
  return partsOf(origin)
    .host.split(".")
    .every((label) => OLDER_LABEL.test(label));
}
