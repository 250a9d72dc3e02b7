import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Shows messages in Pulumi's own display, on the row of a resource. */
export function createEngineLog() {
  let engine: EngineClient | undefined;
  /** One at a time, so that messages keep their order. */
  let last: Promise<unknown> = Promise.resolve();
  return {
    attach(address: string): void {
      engine = new EngineClient(address, grpc.credentials.createInsecure());
    },
    /** False if there is no engine, or it does not take the message. */
    show(severity: "info" | "warning", urn: string, message: string): Promise<boolean> {
      const level = severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO;
      const request = new LogRequest().setSeverity(level).setMessage(message).setUrn(urn);
      const shown = last.then(() => sent(engine, request));
      last = shown;
      return shown;
    },
  };
}

function sent(engine: EngineClient | undefined, request: LogRequest): Promise<boolean> {
  if (!engine) return Promise.resolve(false);
  return new Promise((resolve) => {
    engine.log(request, (error) => {
      resolve(error === null);
    });
  });
}
