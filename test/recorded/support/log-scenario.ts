import { CREDENTIALS, STORE } from "../../handlers/support/bigcommerce";
import type { Declared } from "../../handlers/support/run";
import { declare } from "../../handlers/support/samples";
import { startWorld, type Told, type World } from "../../handlers/support/world";
import { mintByHand } from "../../support/by-hand";
import { KINDS } from "./sources";

/** A run of Pulumi: what the provider said in it, and the state that it left. */
export interface LoggedRun {
  /** Unix seconds. */
  readonly at: number;
  readonly kind: "update" | "refresh" | "destroy";
  /** What the provider said, with its prefix. */
  readonly lines: readonly string[];
  /** Errors, each by the name of its resource. */
  readonly errors: readonly { readonly name: string; readonly message: string }[];
  readonly resources: readonly LoggedResource[];
}

export interface LoggedResource {
  readonly kind: Declared["kind"];
  readonly name: string;
  readonly id: string;
  readonly pending: boolean;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const { impersonation, private: server, storefront } = KINDS;
const FIXED = { lifetime: null, expiresAt: "2026-09-01T00:00:00Z" };

/**
 * The life of a stack in which the provider says all that `audit` reads in a log: each effect, what was revoked before,
 * what was refused, and what a refresh misses. Tokens and hosts go by names that are the same each time.
 * `test/recorded/logs/0.1.0.json` is what this returned with the sources of commit 09f58c2, the last of version 0.1.0.
 */
export async function liveOneLife(): Promise<readonly LoggedRun[]> {
  const world = await startWorld({ generation: 2, deadTokenRevocation: "refused" });
  const runs: LoggedRun[] = [];
  const run = async (kind: LoggedRun["kind"], work: () => Promise<Told>, failing = "") => {
    const heard = world.heard.length;
    const { errors } = await work();
    const lines = world.heard.slice(heard).filter((line) => line.startsWith("bigcommerce-tokens: "));
    runs.push({
      ...{ at: world.emulator.clock.now(), kind },
      lines: lines.map((line) => line.trimEnd()),
      errors: errors.map(({ message }) => ({ name: failing, message })),
      resources: world.engine.entries.map(({ kind: of, name, id, pending, outputs }) => {
        const { token: _, previousToken: __, ...open } = outputs;
        return { kind: of, name, id, pending, outputs: open };
      }),
    });
    world.advance(1);
  };
  const byHand = await mintByHand(world.emulator, {
    ...{ store: STORE, credential: CREDENTIALS[STORE], family: server.family, endsInDays: 80 },
    body: { channel_ids: [1, 2], scopes: ["Customer", "Unauthenticated"] },
  });
  const all = new Map<string, Declared>();
  const put = (...declared: readonly Declared[]) => {
    for (const each of declared) all.set(each.name, each);
  };
  const up = (options = {}) => world.up([...all.values()], options);
  const refuse = (status: number, title: string) => {
    const body = { status, title };
    world.emulator.faults.push({ kind: "status", status, body, method: "DELETE", times: Infinity });
  };

  put(
    ...["rotated", "gone", "missing", "dead", "forced", "refused"].map((name) => declare(server, {}, { name })),
    declare(storefront, {}, { name: "web" }),
    declare(impersonation, { lifetime: null, expiresAt: "never" }, { name: "support" }),
    declare(server, { onDelete: "letExpire" }, { name: "left" }),
    declare(server, FIXED, { name: "brief" }),
    declare(server, { adopt: byHand }, { name: "adopted" }),
  );
  await run("update", up);
  put(declare(storefront, { channelIds: [1] }, { name: "web" }));
  put(declare(server, { channelIds: [1, 2, 3] }, { name: "rotated" }));
  await run("update", up);
  await world.revokeElsewhere(letterOf(world, "gone"));
  world.emulator.forget(world.token(letterOf(world, "missing")));
  await run("refresh", () => world.refresh());
  await run("update", up);
  await world.revokeElsewhere(letterOf(world, "dead"));
  all.delete("dead");
  all.delete("left");
  await run("update", up);
  await run("update", () => up({ replace: ["forced"] }));
  put(declare(server, { channelIds: [2] }, { name: "refused" }));
  refuse(422, "Store cannot revoke more tokens. Limit # of revoked jtis already reached.");
  await run("update", up);
  world.emulator.faults.clear();
  world.advance(60);
  await run("update", up);
  all.delete("support");
  refuse(403, "Forbidden");
  await run("update", up, "support");
  world.emulator.faults.clear();
  await run("destroy", () => world.destroy());

  const told = JSON.stringify(runs);
  const { issued, url } = world.emulator;
  await world.close();
  const names = issued.flatMap(({ fingerprint, jti = "" }, at) => {
    const digits = at.toString(16).padStart(2, "0");
    return [[fingerprint, `f00000000000${digits}f0`], [jti, `jti-${digits}`]] as const;
  });
  const anonymous = [...names, [url, "https://api.example.com"] as const]
    .reduce((text, [value, name]) => text.replaceAll(value, name), told)
    .replace(/#[0-9a-f]{32}/g, `#${"0f".repeat(16)}`)
    .replace(/request [0-9a-f-]{36}/g, "request 0f");
  return JSON.parse(anonymous) as readonly LoggedRun[];
} // prettier-ignore

function letterOf(world: World, name: string): string {
  return world.letter(String(world.engine.live(name).outputs["fingerprint"]));
}
