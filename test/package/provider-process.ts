import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

export type Bag = Record<string, unknown>;

/** What the engine sees of a failed call: its text, and where a resource was kept, what Pulumi records of it. */
export interface CallError extends Error {
  readonly details: string;
  readonly metadata: { get(key: string): (string | Buffer)[] };
}

type Method = "configure" | "check" | "diff" | "create" | "read" | "update" | "delete";

/** The SDK's own copy: what it generated from the protocol is bound to it. */
const { credentials } = createRequire(require.resolve("@pulumi/pulumi"))("@grpc/grpc-js") as {
  credentials: { createInsecure(): ConstructorParameters<typeof ResourceProviderClient>[1] };
};

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/bigcommerce:Token::t";

/** The SDK's dynamic provider process, started as the engine starts it: in the program's folder, in a group of its own. */
export class ProviderProcess {
  /** Everything that it printed after its port. */
  output = "";

  private constructor(
    private readonly child: ChildProcess,
    private readonly closed: Promise<unknown>,
    private readonly client: ResourceProviderClient,
  ) {}

  /** `stderr`: a file descriptor that takes its standard error in the place of `output`. */
  static async start(
    cwd: string,
    env: NodeJS.ProcessEnv,
    sdk: string,
    stderr: number | "pipe" = "pipe",
  ): Promise<ProviderProcess> {
    const child = spawn(join(sdk, "pulumi-resource-pulumi-nodejs"), ["127.0.0.1:1"], {
      cwd,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
      detached: true,
      stdio: ["ignore", "pipe", stderr],
    });
    if (!child.stdout) throw new Error("the provider process has no output");
    const closed = once(child, "close");
    const early: string[] = [];
    child.stderr?.on("data", (chunk: Buffer) => early.push(chunk.toString()));
    const lines = createInterface({ input: child.stdout });
    const port = await Promise.race([
      once(lines, "line").then(([line]) => String(line)),
      once(child, "exit").then(() => {
        throw new Error(`the provider process ended:\n${early.join("")}`);
      }),
    ]);
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const started = new ProviderProcess(child, closed, client);
    started.output = early.join("");
    child.stderr?.on("data", (chunk: Buffer) => (started.output += chunk.toString()));
    lines.on("line", (line) => (started.output += `${line}\n`));
    return started;
  }

  /** The stack's configuration; the engine sends it once, first of all. */
  async configure(config: Readonly<Record<string, string>> = {}): Promise<void> {
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript({ ...config }));
    await this.call("configure", request);
  }

  async check(olds: Bag, news: Bag): Promise<{ inputs: Bag; failures: messages.CheckFailure.AsObject[] }> {
    const request = new messages.CheckRequest();
    request.setUrn(URN);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const reply = await this.call<messages.CheckResponse>("check", request);
    return {
      inputs: bag(reply.getInputs()),
      failures: reply.getFailuresList().map((each) => each.toObject()),
    };
  }

  async diff(id: string, olds: Bag, news: Bag): Promise<{ changes: number; replaces: string[] }> {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const reply = await this.call<messages.DiffResponse>("diff", request);
    return { changes: reply.getChanges(), replaces: reply.getReplacesList() };
  }

  async create(inputs: Bag): Promise<{ id: string; outputs: Bag }> {
    const request = new messages.CreateRequest();
    request.setProperties(struct(inputs));
    const reply = await this.call<messages.CreateResponse>("create", request);
    return { id: reply.getId(), outputs: bag(reply.getProperties()) };
  }

  async read(id: string, state: Bag): Promise<{ id: string; outputs: Bag }> {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(struct(state));
    const reply = await this.call<messages.ReadResponse>("read", request);
    return { id: reply.getId(), outputs: bag(reply.getProperties()) };
  }

  async update(id: string, olds: Bag, news: Bag): Promise<Bag> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    return bag((await this.call<messages.UpdateResponse>("update", request)).getProperties());
  }

  async delete(id: string, state: Bag): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(struct(state));
    await this.call("delete", request);
  }

  /** As the engine closes it: SIGINT to the group. Resolves to the processes of the group that are left. */
  async stop(): Promise<number> {
    this.client.close();
    const group = -(this.child.pid ?? 0);
    signal(group, "SIGINT");
    const late = setTimeout(() => signal(group, "SIGKILL"), 5000);
    await this.closed;
    clearTimeout(late);
    return signal(group, 0) ? 1 : 0;
  }

  private call<Reply>(method: Method, request: unknown): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const send = this.client[method].bind(this.client) as unknown as (
        request: unknown,
        done: (error: Error | null, reply: Reply) => void,
      ) => void;
      send(request, (error, reply) => {
        if (error) reject(error);
        else resolve(reply);
      });
    });
  }
}

function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(group, name);
  } catch {
    return false;
  }
}

function struct(value: Bag): Struct {
  return Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);
}

function bag(value: Struct | undefined): Bag {
  return value?.toJavaScript() ?? {};
}
