import type { Emulator } from "../../../emulator";
import type { Declared } from "../../handlers/support/run";
import type { Call, Surroundings } from "./calls";

/** A token of a program for either engine. */
export interface Token extends Declared {
  /** An input whose value comes from a site. */
  readonly from?: { readonly site: string; readonly input: "channelIds" | "overlap" };
}

/** Sites are resources of another provider, by version. Pulumi deletes a site before it replaces it by a new version. */
export interface Program {
  readonly sites: Readonly<Record<string, number>>;
  readonly tokens: readonly Token[];
}

/** What a site of a version gives to tokens. */
export function siteOf(version: number): {
  readonly channelIds: readonly number[];
  readonly overlap: string;
} {
  return { channelIds: [version], overlap: version === 1 ? "auto" : "always" };
}

export interface RunOptions {
  readonly replace?: readonly string[];
  readonly target?: readonly string[];
  readonly refresh?: boolean;
  readonly continueOnError?: boolean;
}

export interface Outcome {
  readonly succeeded: boolean;
  /** In the order in which they began. */
  readonly calls: readonly Call[];
}

/** Pulumi's engine, or the one that handler tests use, each with a BigCommerce of its own. */
export interface Engine {
  readonly emulator: Emulator;
  readonly surroundings: Surroundings;
  preview(program: Program, options?: RunOptions): Promise<Outcome>;
  up(program: Program, options?: RunOptions): Promise<Outcome>;
  refresh(): Promise<Outcome>;
  destroy(): Promise<Outcome>;
  taint(name: string): Promise<void>;
  unprotect(name: string): Promise<void>;
  advance(days: number): void;
  /** Whether the credential of the other store is set. */
  setOtherCredential(isSet: boolean): void;
  close(): Promise<void>;
}
