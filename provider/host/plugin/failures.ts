import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

/**
 * The metadata with which Pulumi saves a token whose creation or update failed after the mint.
 * Source: pulumi/pulumi sdk/nodejs/cmd/dynamic-provider, `grpcResponseFromError`.
 */
export function initialisationFailed(id: string, properties: Struct, reason: string): grpc.Metadata {
  const detail = new ErrorResourceInitFailed().setId(id).setProperties(properties).setReasonsList([reason]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(reason).setDetailsList([any]);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}
