import * as pulumi from "@pulumi/pulumi";

import { sha256 } from "../fingerprint";
import type { KindName } from "../kinds";

const MAX_CHARACTERS = 80;
const HASH_DIGITS = 8;

/** Names a token's resource across all stacks that share a store, in characters that every list can show. */
export function labelOf(
  kind: KindName,
  name: string,
  parent: pulumi.Resource | undefined,
): pulumi.Input<string> {
  const place = [organization(), pulumi.getProject(), pulumi.getStack(), kind];
  if (!parent) return safeLabel([...place, name].join("/"));
  // A promise, because an output of the parent's would make its children wait for one another.
  return new Promise((resolve) => {
    parent.urn.apply((urn) => {
      resolve(safeLabel([...place, `${sha256(urn, HASH_DIGITS)}-${name}`].join("/")));
    });
  });
}

/** Mocks in a program's own tests have no organization; Pulumi's name for that is the same. */
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}

/** Any change or shortening adds a hash of the original, so that two resources never share a label. */
export function safeLabel(text: string): string {
  const visible = text.replace(/[^\x21-\x7e]/gu, "-");
  if (visible === text && text.length <= MAX_CHARACTERS) return text;
  const hash = `-${sha256(text, HASH_DIGITS)}`;
  return visible.slice(0, MAX_CHARACTERS - hash.length) + hash;
}
