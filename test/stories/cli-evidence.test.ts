import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { ToldAudit } from "../cli/histories";
import { commandLine } from "../support/command-line";
import { HOST, ORGANIZATION, Stack } from "../support/stack";

const token = (name: string, opts = "") =>
  `const ${name} = new PrivateToken("${name}", { channelIds: [1], scopes: ["Customer"], lifetime: "90d" }${opts});\n`;

let stack: Stack;
const start = async (program: string) => {
  stack = await Stack.start(program, { ownProcess: true });
  await stack.up();
};
afterEach(() => stack.close());

async function told(...args: readonly string[]): Promise<ToldAudit> {
  const { code, stdout, stderr } = await commandLine(stack, ["audit", "--format", "json", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as ToldAudit;
}
const fingerprint = async (name: string) => String((await stack.token(name)).outputs["fingerprint"]);
const endOf = ({ tokens }: ToldAudit, print: string) =>
  tokens?.find((each) => each.fingerprint === print)?.end;
const file = (name: string) => join(stack.folder, name);
const at = (days: number) => new Date((stack.emulator.clock.now() + days * 86_400) * 1_000).toISOString();

it("after `pulumi state delete` and `up`, says that the old token may still work, as it does", async () => {
  await start(token("server") + token("other"));
  await stack.ok("stack", "export", "--file", "before.json");
  const old = await fingerprint("server");
  await stack.ok("state", "delete", "--yes", await stack.urn("server"));
  await stack.up();
  await stack.ok("stack", "export", "--file", "after.json");
  expect(stack.live()).toContain(old);

  const audit = await told();
  const mint = audit.events.find(({ token: each }) => each?.fingerprint !== old && each?.resource === "server"); // prettier-ignore
  expect(mint).toMatchObject({ what: "minted", detail: expect.stringMatching(/^the old token had left the state without a delete/) }); // prettier-ignore
  const left = audit.events.find(({ what }) => what === "drifted");
  expect(left).toMatchObject({ evidence: "inferred", token: { fingerprint: old } });
  expect(left?.detail).toMatch(/^its record left the state without a deletion .* it may still work until \d/);
  expect(JSON.stringify(audit)).not.toMatch(/gone|forced|revoked|revocation was due/);
  const { alive } = await told("--live-between", at(1), at(2));
  expect(alive?.map((each) => each.fingerprint).sort()).toEqual([...stack.live()].sort());

  const between = await told("diff", "before.json", "after.json");
  expect(between.events.find(({ token: each }) => each?.fingerprint === old)?.detail).toMatch(
    /^its replacement was forced, or its record left the state without a deletion: .*; it may still work until/,
  );
});

it("says of a token that an option kept Pulumi from deleting that it was left, as preview did", async () => {
  const other = 'const other = new Consumer("other", { value: "1" });\n';
  await start(`${other}${token("kept", ", { retainOnDelete: true }")}${token("tied", ", { deletedWith: other }")}${token("free")}`); // prettier-ignore
  const [kept, tied, free] = [await fingerprint("kept"), await fingerprint("tied"), await fingerprint("free")]; // prettier-ignore
  stack.program("");
  const { PULUMI_CONFIG_PASSPHRASE } = stack.environment();
  const { stdout } = await commandLine(stack, ["preview", "--json"], { env: { PULUMI_CONFIG_PASSPHRASE } });
  const { tokens } = JSON.parse(stdout) as { tokens: { resource: string; ends: { end: string }[] }[] };
  expect(tokens.map(({ resource, ends }) => `${resource} ${ends[0]?.end ?? ""}`).sort()).toEqual([
    ...["free revoked", "kept left to expire", "tied left to expire"],
  ]);
  await stack.up();
  expect(stack.live().sort()).toEqual([kept, tied].sort());
  const audit = await told();
  expect(endOf(audit, kept)).toMatchObject({ how: "left to expire" });
  expect(endOf(audit, tied)).toMatchObject({ how: "left to expire" });
  expect(endOf(audit, free)).toMatchObject({ how: "ended", evidence: "inferred" });
});

it("takes a forged line for reported, unless a process of the update wrote it to an event log", async () => {
  await start(token("server"));
  const print = await fingerprint("server");
  const line = `bigcommerce-tokens: revoke accepted ${ORGANIZATION}/shop/dev/private/server ${print} 2030-01-01T00:00:00Z`;
  // What holds the token goes away by its option, so that no request is sent and nobody revokes it.
  stack.program(token("server", ", { retainOnDelete: true }"));
  await stack.up();
  stack.env["PULUMI_DEBUG_COMMANDS"] = "true";
  /** What the audit makes of the two logs of an update whose program runs this, and removes the token. */
  const evidenceOf = async (name: string, program: string) => {
    stack.program(program);
    const { output, code } = await stack.pulumi("up", "--yes", "--skip-preview", "--event-log", file(`${name}.jsonl`)); // prettier-ignore
    expect(code).toBe(0);
    writeFileSync(file(`${name}.log`), output);
    const logs = [`${name}.log`, `${name}.jsonl`].map(file);
    for (const log of logs) expect(readFileSync(log, "utf8")).toContain(line);
    return Promise.all(
      logs.map(async (log) => endOf(await told("--events", log), print)?.evidence ?? "none"),
    );
  };
  const text = JSON.stringify(line);
  // Said of a resource, as a Command's output is, or by the program's own log.
  expect(await evidenceOf("resource", `const c = new Consumer("c", { value: "1" }); pulumi.log.warn(${text}, c); pulumi.log.info(${text});`)).toEqual(["reported", "reported"]); // prettier-ignore
  expect(stack.live()).toEqual([print]);
  // Standard error of the program looks like that of the provider: the README says that who writes it can fake this.
  expect(await evidenceOf("process", `console.error(${text});`)).toEqual([
    "reported",
    HOST === "plugin" ? "reported" : "accepted",
  ]);
  expect(stack.live()).toEqual([print]);
  // In either case the token is not taken for dead because of what a plain log says.
  const { alive } = await told("--events", file("process.log"), "--live-between", at(1), at(2));
  expect(alive).toEqual([expect.objectContaining({ fingerprint: print, isSure: false })]);
});
