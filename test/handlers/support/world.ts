import { randomBytes } from "node:crypto";
import { inspect } from "node:util";

import { type IssuedToken, startEmulator } from "../../../emulator/index";
import { type Client, createClient } from "../../../provider/bigcommerce/client";
import { exchange } from "../../../provider/bigcommerce/transport";
import type { Clock } from "../../../provider/clock";
import { createSettings } from "../../../provider/settings/settings";
import { createDynamicHandlers } from "../../../provider/host/dynamic";
import type { DynamicHandlers } from "../../../provider/host/dynamic-handlers";
import { KINDS, type KindName } from "../../../provider/domain/kinds";
import { createRunRecord } from "../../../provider/handlers/run-record";
import { createNotices } from "../../../provider/notices";
import { requestByHand } from "../../support/by-hand";
import { leakSearch } from "../../support/leaks";
import { bigCommerce, type BigCommerceOptions, CREDENTIALS, OTHER_STORE, STORE } from "./bigcommerce";
import { clockOf } from "./clock";
import { type InProcessEmulator, startInProcess } from "./in-process";
import { type DeleteOrder, FakeEngine } from "./engine";
import { pluginHandlers } from "./plugin-host";
import type { Declared, Entry, RunResult } from "./run";
import type { RunOptions } from "./run-options";

export type Wrap = (client: Client) => Client;

export interface WorldOptions extends BigCommerceOptions {
  readonly deleteOrder?: DeleteOrder;
  /** Stands between the handlers and the real client. */
  readonly wrap?: Wrap;
  /** Stands between the engine and the handlers. */
  readonly record?: (kind: KindName, handlers: DynamicHandlers) => DynamicHandlers;
  /** The deadline of an operation. Default: 60 s, as the provider has; 10 s of a clock that hurries. */
  readonly timeoutMs?: number;
  /** How many times as fast as real ones deadlines pass. Default 1. */
  readonly hurry?: number;
  /** True: requests go over sockets, for faults that only a socket shows. Default: in process. */
  readonly sockets?: boolean;
}

/** A run as a reader of its output and of BigCommerce's ledger sees it; tokens go by letters, the first is A. */
export interface Told extends RunResult {
  /** Every notice, without the prefix; what is worth thinking over stands in `advice`. */
  readonly lines: readonly string[];
  /** Warnings about inputs that are in order. */
  readonly advice: readonly string[];
  /** `POST abc123`, `DELETE abc123 A`, `GRAPHQL abc123`: all but looks into the list. */
  readonly requests: readonly string[];
  /** How often the store's list was looked into. */
  readonly looks: number;
}

/** BigCommerce's emulator, an engine with its state, and the environment and configuration of a user. */
export class World {
  /** Everything that a person or a log could read. */
  readonly heard: string[] = [];
  /** Seconds by which the local clock is ahead of BigCommerce's. */
  skew = 0;
  private lastUpConfig: Readonly<Record<string, string>> = {};
  wrap: Wrap | undefined;
  readonly env: Record<string, string | undefined>;
  readonly config: Record<string, string> = {};
  readonly engine: FakeEngine;
  /** The host of the next run. */
  host: "dynamic" | "plugin" = "dynamic";
  private clock: Clock | undefined;
  private readonly timeoutMs: number;
  private readonly hurry: number;
  private readonly record: NonNullable<WorldOptions["record"]>;

  constructor(
    readonly emulator: InProcessEmulator,
    {
      wrap,
      deleteOrder,
      hurry = 1,
      timeoutMs = hurry === 1 ? 60_000 : 10_000,
      record = (_, handlers) => handlers,
    }: WorldOptions,
  ) {
    this.record = record;
    this.wrap = wrap;
    this.timeoutMs = timeoutMs;
    this.hurry = hurry;
    this.env = {
      BIGCOMMERCE_API_URL: emulator.url,
      BIGCOMMERCE_STORE_HASH: STORE,
      BIGCOMMERCE_ACCESS_TOKEN_ABC123: CREDENTIALS[STORE],
      BIGCOMMERCE_ACCESS_TOKEN_OTHER9: CREDENTIALS[OTHER_STORE],
    };
    this.engine = new FakeEngine((run) => this.newProcess(run), deleteOrder);
  }

  up(program: readonly Declared[], options?: RunOptions): Promise<Told> {
    return this.tell(() => this.engine.up(program, options));
  }

  preview(program: readonly Declared[], options?: RunOptions): Promise<Told> {
    return this.tell(() => this.engine.preview(program, options));
  }

  destroy(): Promise<Told> {
    return this.tell(() => this.engine.destroy());
  }

  refresh(): Promise<Told> {
    return this.tell(() => this.engine.refresh());
  }

  advance(days: number): void {
    this.emulator.clock.advance(days * 86_400);
  }

  /** Milliseconds that the last run took by its own clock, if that hurries. */
  tookMs(): number {
    return this.clock?.monotonic() ?? NaN;
  }

  /** The n-th token ever minted. */
  token(letter: string): IssuedToken {
    const issued = this.emulator.issued[letter.charCodeAt(0) - 65];
    if (!issued) throw new Error(`no token ${letter} was minted`);
    return issued;
  }

  /** Revokes a token behind the provider's back. */
  async revokeElsewhere(letter: string): Promise<void> {
    const { token, storeHash } = this.token(letter);
    await requestByHand(this.emulator, {
      method: "DELETE",
      path: `/stores/${storeHash}/v3/storefront/api-token`,
      headers: { "X-Auth-Token": CREDENTIALS[storeHash as keyof typeof CREDENTIALS], "Sf-Api-Token": token },
    });
  }

  /** The letter of a fingerprint. */
  letter(fingerprint: string): string {
    return this.byLetter(fingerprint);
  }

  /** The tokens that BigCommerce would accept, by letter. */
  alive(): string {
    const now = this.emulator.clock.now();
    return this.emulator.issued
      .flatMap(({ revokedAt, expiresAt }, index) =>
        revokedAt === undefined && (expiresAt ?? Infinity) > now ? [String.fromCharCode(65 + index)] : [],
      )
      .join("");
  }

  /** What the state holds of a resource, token values as letters. */
  outputs(entry: Entry = this.engine.live("x")): Record<string, unknown> {
    return JSON.parse(this.byLetter(JSON.stringify(entry.outputs))) as Record<string, unknown>;
  }

  /** The names of the resources whose token no refresh saw gone. */
  inUse(): readonly string[] {
    return this.engine.entries.filter(({ outputs }) => outputs["gone"] === undefined).map(({ name }) => name);
  }

  /** Ends the emulator; fails where a secret was shown, or a request was one that no correct client sends. */
  async close(): Promise<void> {
    const tokens = this.emulator.issued.map(({ token }) => token);
    const secrets = [...tokens, ...Object.values(CREDENTIALS)];
    await this.emulator.close();
    const leaksIn = leakSearch(secrets);
    if (leaksIn(this.heard.join("\n")) > 0) throw new Error("a secret was shown");
    for (const { inputs, outputs, id, name } of this.engine.entries) {
      const { token: _, previousToken: __, ...open } = outputs;
      const { adopt: ___, ...given } = inputs;
      if (leaksIn(JSON.stringify({ given, open, id, name })) > 0) {
        throw new Error("a secret stands in the state outside its secret properties");
      }
    }
  }

  /** The handlers of a process of their own, for calls that no engine makes in that way. */
  handlers(kind: KindName): DynamicHandlers {
    return this.newProcess("preview")(kind);
  }

  private newProcess(run: "up" | "preview" | "destroy"): (kind: KindName) => DynamicHandlers {
    // Pulumi gives destroy the configuration of the last update.
    const config = run === "destroy" ? this.lastUpConfig : { ...this.config };
    if (run === "up") this.lastUpConfig = config;
    const clock = clockOf(() => this.emulator.clock.now() + this.skew, this.hurry);
    this.clock = clock;
    const settings = createSettings(this.env, { get: (key) => config[key] });
    const record = createRunRecord();
    const notices = createNotices((line) => this.heard.push(line));
    const real = createClient({
      clock,
      timeoutMs: () => this.timeoutMs,
      exchange: this.emulator.exchange,
    });
    const nonce = () => randomBytes(16).toString("hex");
    return (kind) => {
      const client = this.wrap?.(real) ?? real;
      const context = { kind: KINDS[kind], clock, settings, record, notices, client, nonce };
      const create = { dynamic: createDynamicHandlers, plugin: pluginHandlers }[this.host];
      return this.record(kind, create(context));
    };
  }

  private async tell(run: () => Promise<RunResult>): Promise<Told> {
    const [heard, requests] = [this.heard.length, this.emulator.requests.length];
    const result = await run();
    const lines = this.heard.slice(heard).map((line) => {
      if (!/^bigcommerce-tokens: [^\r\n]+\n$/.test(line))
        throw new Error("a notice is not one prefixed line");
      return this.byLetter(line.slice("bigcommerce-tokens: ".length, -1));
    });
    for (const error of result.errors) {
      if (/[\r\n]/.test(`${error.message}${error.stack ?? ""}`)) throw new Error("an error is not one line");
      this.heard.push(String(error), error.stack ?? "", String(error.cause));
      this.heard.push(inspect(error, { depth: 10, showHidden: true }));
    }
    this.heard.push(...result.failures);
    const all = this.emulator.requests.slice(requests);
    const sent = all.filter(({ method }) => method !== "GET");
    const mayLook = result.calls.some((call) => /^(read|create) /.test(call));
    const looks = all.length - sent.length;
    if (looks > 0 && sent.length === 0 && result.errors.length === 0 && !mayLook)
      throw new Error("the list was read in a run that changes nothing");
    const told = sent.map(({ method, path, headers, storeHash }) => {
      const token = this.emulator.issued.find(
        (candidate) =>
          headers["sf-api-token"] === candidate.token || path.endsWith(`/${candidate.jti ?? "no jti"}`),
      );
      return [path.endsWith("/graphql") ? "GRAPHQL" : method, storeHash, token && this.letterOf(token)]
        .filter((part) => part !== undefined)
        .join(" ");
    });
    const isAdvice = (line: string) =>
      /^warning: .*\(https:\S+\/docs\/reference\/warnings\.md#[\w-]+\)$/.test(line);
    return {
      ...pick(result),
      lines: lines.filter((line) => !isAdvice(line)),
      advice: lines.filter(isAdvice),
      requests: told,
      looks,
    };
  }

  private letterOf(token: IssuedToken): string {
    return String.fromCharCode(65 + this.emulator.issued.indexOf(token));
  }

  private byLetter(text: string): string {
    return this.emulator.issued.reduce(
      (told, token) =>
        told
          .replaceAll(token.token, this.letterOf(token))
          .replaceAll(token.fingerprint, this.letterOf(token))
          .replaceAll(token.jti ?? token.fingerprint, this.letterOf(token)),
      text,
    );
  }
}

export async function startWorld({
  deleteOrder,
  wrap,
  timeoutMs,
  hurry,
  record,
  sockets = false,
  ...rest
}: WorldOptions = {}): Promise<World> {
  const options = {
    ...(deleteOrder && { deleteOrder }),
    ...(wrap && { wrap }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(hurry !== undefined && { hurry }),
    ...(record && { record }),
  };
  const shop = bigCommerce(rest);
  const emulator = sockets ? { ...(await startEmulator(shop)), exchange } : startInProcess(shop);
  return new World(emulator, options);
}

/** A result holds its process; a test needs what it saw. */
function pick({ calls, failures, errors }: RunResult): RunResult {
  return { calls, failures, errors };
}
