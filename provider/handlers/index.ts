/** A token's life, as every host of the provider drives it. If an error is a `PartialFailureError`, the host saves its state. */
export { announce } from "./announce";
export { check, type CheckRequest } from "./check";
export type { Context } from "./context";
export { create } from "./create";
export { remove } from "./delete";
export { diff } from "./diff";
export { type Imported, importToken } from "./import";
export { PartialFailureError } from "./partial-failure";
export { read } from "./read";
export { update } from "./update";
