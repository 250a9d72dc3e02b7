import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { unlinked } from "./error-link";
import { nodeOptions } from "./preloads";

export type Properties = Readonly<Record<string, unknown>>;

/** The installed package's plugin. */
export function pluginPath(): string {
  const fresh = process.env["TEST_FRESH"] ?? "";
  return join(
    fresh,
    "node_modules",
    "pulumi-bigcommerce-tokens",
    "dist",
    "plugin",
    "pulumi-resource-bigcommerce",
  );
}

/** Messages stand without the address of their code's entry, with which each of them reaches the user. */
export interface RpcError {
  readonly code: grpc.status;
  readonly details: string;
  /** The failure with which Pulumi saves a resource, if the error carries one. */
  readonly saved?: {
    readonly id: string;
    readonly properties: Properties;
    readonly reasons: readonly string[];
  };
}

const RAW_MS = 10_000;

/** A plugin process that is driven as the engine drives it. */
export class Plugin {
  output = "";

  private constructor(
    readonly process: ChildProcess,
    readonly client: ResourceProviderClient,
    /** From the start of the process to its port, milliseconds. */
    readonly startMs: number,
  ) {
    process.stderr?.on("data", (text: Buffer) => (this.output += text.toString()));
  }

  static async start(env: Readonly<Record<string, string>>, engineAddress?: string): Promise<Plugin> {
    const begun = performance.now();
    const child = spawn(pluginPath(), engineAddress === undefined ? [] : [engineAddress], {
      env: {
        PATH: process.env["PATH"],
        NODE_OPTIONS: nodeOptions(),
        TMPDIR: process.env["TEST_FRESH"],
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    const address = `127.0.0.1:${port.toString().trim()}`;
    const client = new ResourceProviderClient(address, grpc.credentials.createInsecure());
    return new Plugin(child, client, performance.now() - begun);
  }

  async end(): Promise<void> {
    this.client.close();
    if (this.process.exitCode !== null) return;
    this.process.kill("SIGKILL");
    await once(this.process, "exit");
  }

  /** Calls a method. Rejects with an `RpcError`. */
  call<A>(method: string, request: unknown): Promise<A> {
    type Call = (request: unknown, callback: (error: grpc.ServiceError | null, answer: A) => void) => void;
    const run = (this.client as unknown as Record<string, Call>)[method];
    if (!run) throw new Error(`there is no method ${method}`);
    return new Promise((resolve, reject) => {
      run.call(this.client, request, (error, answer) => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the parts that a test looks at
        if (error) reject(readError(error));
        else resolve(answer);
      });
    });
  }

  /** Calls a method with any bytes. */
  raw(method: string, bytes: Buffer): Promise<Buffer> {
    const asIs = (part: Buffer) => part;
    return new Promise((resolve, reject) => {
      const path = `/pulumirpc.ResourceProvider/${method}`;
      const options = { deadline: Date.now() + RAW_MS };
      this.client.makeUnaryRequest(path, asIs, asIs, bytes, new grpc.Metadata(), options, (error, answer) => {
        if (error) reject(error);
        else resolve(answer ?? Buffer.alloc(0));
      });
    });
  }

  configure(inputs: Properties = {}): Promise<messages.ConfigureResponse> {
    return this.call("configure", new messages.ConfigureRequest().setArgs(structOf(inputs)));
  }

  async check(urn: string, olds: Properties, news: Properties, method = "check") {
    const request = new messages.CheckRequest().setUrn(urn).setOlds(structOf(olds)).setNews(structOf(news));
    const answer = await this.call<messages.CheckResponse>(method, request);
    const failures = answer.getFailuresList();
    return {
      inputs: bagOf(answer.getInputs()),
      failures: failures.map((failure) => ({
        property: failure.getProperty(),
        reason: unlinked(failure.getReason()).message,
      })),
    };
  }

  async diff(urn: string, id: string, olds: Properties, news: Properties, method = "diff") {
    const request = new messages.DiffRequest()
      .setUrn(urn)
      .setId(id)
      .setOlds(structOf(olds))
      .setNews(structOf(news));
    const answer = await this.call<messages.DiffResponse>(method, request);
    const detailed = Object.fromEntries(
      [...answer.getDetaileddiffMap().entries()].map(([name, each]: [string, messages.PropertyDiff]) => [
        name,
        Object.entries(messages.PropertyDiff.Kind).find(([, kind]) => kind === each.getKind())?.[0],
      ]),
    );
    return { changes: answer.getChanges(), replaces: answer.getReplacesList(), detailed };
  }

  async create(urn: string, inputs: Properties, { preview = false, timeout = 0 } = {}) {
    const request = new messages.CreateRequest()
      .setUrn(urn)
      .setProperties(structOf(inputs))
      .setPreview(preview)
      .setTimeout(timeout);
    const answer = await this.call<messages.CreateResponse>("create", request);
    return { id: answer.getId(), outs: bagOf(answer.getProperties()) };
  }

  async read(urn: string, id: string, state: Properties, inputs: Properties = {}) {
    const request = new messages.ReadRequest()
      .setUrn(urn)
      .setId(id)
      .setProperties(structOf(state))
      .setInputs(structOf(inputs));
    const answer = await this.call<messages.ReadResponse>("read", request);
    return { id: answer.getId(), outs: bagOf(answer.getProperties()), inputs: bagOf(answer.getInputs()) };
  }

  async delete(urn: string, id: string, state: Properties): Promise<void> {
    const request = new messages.DeleteRequest().setUrn(urn).setId(id).setProperties(structOf(state));
    await this.call("delete", request);
  }
}

export function structOf(bag: Properties): Struct {
  return Struct.fromJavaScript(bag as Parameters<typeof Struct.fromJavaScript>[0]);
}

export function bagOf(struct: Struct | undefined): Record<string, unknown> {
  return struct?.toJavaScript() ?? {};
}

const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The value of a property that the plugin marks as secret. Fails if it is not. */
export function secretOf(value: unknown): unknown {
  const mark = value as Readonly<Record<string, unknown>>;
  expect(mark["4dabf18193072939515e22adb298388d"]).toBe(SECRET);
  return mark["value"];
}

/** A state as the engine hands it back: without marks. */
export function plain(outs: Properties): Properties {
  const isMarked = (value: unknown): value is { readonly value: unknown } =>
    typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
  return Object.fromEntries(
    Object.entries(outs).map(([name, value]) => [name, isMarked(value) ? value.value : value]),
  );
}

function readError(error: grpc.ServiceError): RpcError {
  const { code, metadata } = error;
  // Errors with other codes are of gRPC itself.
  const details = code === grpc.status.UNKNOWN ? unlinked(error.details).message : error.details;
  const [bytes] = metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(bytes)) return { code, details };
  const [detail] = Status.deserializeBinary(new Uint8Array(bytes)).getDetailsList();
  if (!detail) return { code, details };
  const saved = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  const reasons = saved.getReasonsList().map((reason) => unlinked(reason).message);
  return {
    ...{ code, details },
    saved: { id: saved.getId(), properties: bagOf(saved.getProperties()), reasons },
  };
}
