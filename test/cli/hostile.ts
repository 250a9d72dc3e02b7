import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { FakeSystemOptions } from "./fake-system";
import { historyFiles } from "./histories";
import { day, DAY, deployment, type Exported, exported, NOW, previous, printOf, token } from "./states";

/** What begins a line that nobody wrote, if a line feed gets through. */
export const FORGED = "--target=forged";

/** Line breaks, colours, a link and a title of the terminal, changes of direction, half a character. */
export const NASTY = `x\n${FORGED}\r\x1b[31mred\x1b[0m\x1b]8;;mailto:evil@example.com\x07\x9b2J\x85\u2028${FORGED}\u2029\u202e\u2066\ufeff\u00ad\x7f\0\ud800'$(id)`;

/** Text in the words of a token, which Pulumi or a person might repeat. */
export const JWT = `eyJ0eXAiOiJKV1QifQ.${"a".repeat(40)}.${"b".repeat(40)}`;

const STACK = `dev${NASTY}`;
const texts = (apiUrl: string) => ({
  ...{ label: NASTY, apiAccount: NASTY, scopes: [NASTY, JWT], listName: NASTY, lifetime: "90d" },
  ...{ fingerprint: printOf("n"), issuedAt: day(-80) },
  apiUrl,
});
const owed = (apiUrl: string) => previous("older", { scopes: [NASTY], apiAccount: NASTY, apiUrl });

/** Tokens whose every text is hostile: due, protected though due, gone, unproven, waiting for a deletion. */
export const resourcesAt = (url: string): readonly Exported[] => [
  token(NASTY, { stack: STACK, id: NASTY, outputs: { ...texts(url), expiresAt: day(10), previous: owed(url) } }),
  token(`p${NASTY}`, { stack: STACK, outputs: { ...texts(url), fingerprint: `p${NASTY}`, expiresAt: day(10) }, rest: { protect: true } }),
  token(`w${NASTY}`, { stack: STACK, kind: "storefront", outputs: { ...texts(url), fingerprint: `w${NASTY}`, allowedCorsOrigins: [NASTY], gone: true } }),
  token(`u${NASTY}`, { stack: STACK, outputs: { ...texts(url), fingerprint: `u${NASTY}`, storeHash: NASTY, apiUrl: NASTY, verified: false } }),
  token(`d${NASTY}`, { stack: STACK, outputs: { ...texts(url), fingerprint: `d${NASTY}` }, rest: { delete: true } }),
  token("plain", { id: "jti-plain", outputs: { ...texts(url), fingerprint: printOf("plain"), expiresAt: day(10) } }),
]; // prettier-ignore

const history = (folder: string, resources: readonly Exported[]) =>
  historyFiles(
    [
      { day: -30, tokens: resources, message: `${NASTY} ${JWT}`, kind: "update", result: NASTY, environment: { "git.author": `${NASTY} ${JWT}`, "git.head": NASTY, "git.dirty": "true" } },
      { day: -20, tokens: [resources[5]!], changes: { delete: 2 }, message: `@ann #1 ${NASTY}` },
      { day: -10, tokens: [], result: "failed", pendingOperations: [{ resource: token(NASTY), type: "creating" }], environment: { "git.author": JWT } },
    ],
    { folder },
  ); // prettier-ignore

const event = (message: string, rest: object) =>
  JSON.stringify({
    sequence: 7,
    timestamp: NOW - 25 * DAY,
    diagnosticEvent: { message, severity: "error", ...rest },
  });
const LOG = [
  `bigcommerce-tokens: minted ${NASTY.replace(/\s/g, "")} 0123456789abcdef never`,
  `bigcommerce-tokens: warning: token 1123456789abcdef of o/p/s/private/${NASTY.replace(/\s/g, "")} was revoked before this run, says \x1b[31m${JWT}\u202e`,
  event(`bigcommerce-tokens: ${NASTY} ${JWT}`, { urn: token(NASTY)["urn"] }),
].join("\n");

const previewOf = (resources: readonly Exported[]) => JSON.stringify({
  changeSummary: {},
  steps: resources.map((each) => ({
    op: "replace",
    urn: each["urn"],
    oldState: each,
    newState: { ...each, inputs: { ...(each["outputs"] as object), expiresAt: day(90), lifetime: NASTY, scopes: [NASTY] } },
    replaceReasons: ["scopes", "expiresAt"],
  })),
  diagnostics: [{ message: `bigcommerce-tokens: warning: ${NASTY}\n`, severity: "info" }, { message: `bigcommerce-tokens: warning: ${JWT}\n`, severity: "info" }],
}); // prettier-ignore
const FAILED = JSON.stringify({
  steps: [],
  diagnostics: [{ message: `${NASTY} ${JWT}`, severity: "error" }],
});

export const FOLDER = `h${NASTY}`;
const program = `/program/Pulumi.yaml`;

export const filesAt = (url: string): NonNullable<FakeSystemOptions["files"]> => ({
  ...history(FOLDER, resourcesAt(url)),
  ...history(`/backend/.pulumi/history/shop/${STACK}`, resourcesAt(url)),
  [`other${NASTY}/.pulumi/history/shop/a/x-1.history.json`]: "{}",
  [`other${NASTY}/.pulumi/history/shop/b${NASTY}/x-1.history.json`]: "{}",
  [`state${NASTY}`]: exported(...resourcesAt(url)),
  [`before${NASTY}`]: exported(),
  [`broken${NASTY}`]: `{"deployment`,
  [`log${NASTY}`]: LOG,
  [`quiet${NASTY}`]: "",
  [`preview${NASTY}`]: previewOf(resourcesAt(url)),
  [`failed${NASTY}`]: FAILED,
  [`seed${NASTY}`]: JSON.stringify({ stores: [{ hash: "abc123", accounts: [{ clientId: NASTY }] }], tokens: [{ kind: "private", channelIds: [1], name: NASTY, expiresAt: 0, scopes: ["Customer"] }] }),
  [program]: `name: "shop"\nmain: ${NASTY.replace(/[\n\r'#]/g, "")}\n`,
  "/modules/sdk/package.json": JSON.stringify({ version: `3.251.0${NASTY}` }),
  "/modules/own/package.json": JSON.stringify({ version: NASTY }),
}); // prettier-ignore

export const MODULES = {
  "@pulumi/pulumi/package.json": "/modules/sdk/package.json",
  "pulumi-bigcommerce-tokens/package.json": "/modules/own/package.json",
};

/** A Pulumi whose every answer is hostile; `failing` are verbs that fail, with the reason on standard error. */
export function hostilePulumi(
  url: string,
  failing: readonly string[] = [],
): NonNullable<FakeSystemOptions["pulumi"]> {
  return (args) => {
    const verb = args.slice(0, args[0] === "stack" ? 2 : 1).join(" ");
    if (failing.includes(verb)) return { code: 255, stderr: `error: ${NASTY} ${JWT}` };
    const answers: Readonly<Record<string, string>> = {
      "stack export": JSON.stringify({ version: 3, deployment: { ...deployment(...resourcesAt(url)), pending_operations: [{ resource: token(NASTY), type: "creating" }] } }),
      "stack ls": JSON.stringify([{ name: STACK, current: true }, { name: `p/${NASTY}` }, { name: `q/${NASTY}` }]),
      "stack --show-name": "organization/shop/dev\n",
      whoami: JSON.stringify({ user: NASTY, url: "file:///backend" }),
      config: JSON.stringify({ "bigcommerce:storeHash": { value: "abc123" } }),
      preview: previewOf(resourcesAt(url)),
      version: `v3.259.0${NASTY}`,
    }; // prettier-ignore
    return verb in answers ? { stdout: answers[verb] ?? "" } : { code: 1, stderr: NASTY };
  };
}

/** A store whose every text is hostile. */
export async function openHostileStore(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const row = (jti: string, name: string) => ({
    ...{ jti, name, channel_ids: [1], scopes: [NASTY], allowed_cors_origins: [NASTY] },
    ...{ is_revoked: false, is_expired: false, issued_at: NOW - 9_000, expires_at: NOW + DAY },
  });
  const server = createServer((request, response) => {
    const isList = request.method === "GET";
    const name = `organization/shop/dev/private/${NASTY.replace(/[\n\r\u2028\u2029]/g, "")}#${"0f".repeat(16)}`;
    const far = name.replace("/dev/", `/${STACK}/`);
    const body = isList
      ? {
          data: [
            row("jti-stray", name),
            row("jti-far", far),
            row("jti-other", `${NASTY}#${"1f".repeat(16)}`),
          ],
        }
      : { status: 422, title: `${NASTY} ${JWT}`, errors: { [NASTY]: NASTY } };
    request.resume().once("end", () => {
      response.writeHead(isList ? 200 : 422, { "Content-Type": "application/json" });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}
