import * as pulumi from "@pulumi/pulumi";

import type { KindName } from "../kinds";
import { labelOf } from "../label";

/** The label of a resource of this program and stack. */
export function labelHere(
  kind: KindName,
  name: string,
  parent: pulumi.Resource | undefined,
): pulumi.Input<string> {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const place = { organization: organization(), project, stack, kind };
  if (!parent) return labelOf(place, name);
  // A promise, because an output of the parent's would make its children wait for one another.
  return new Promise((resolve) => {
    parent.urn.apply((urn) => {
      resolve(labelOf(place, name, urn));
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
