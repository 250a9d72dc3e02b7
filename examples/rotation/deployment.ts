import { rm, writeFile } from "node:fs/promises";

import * as pulumi from "@pulumi/pulumi";

interface Inputs {
  readonly token: string;
}

async function deploy({ token }: Inputs): Promise<void> {
  await writeFile("deployed.env", `BIGCOMMERCE_STOREFRONT_TOKEN=${token}\n`, { mode: 0o600 });
}

const provider: pulumi.dynamic.ResourceProvider<Inputs, Inputs> = {
  async create(inputs) {
    await deploy(inputs);
    return { id: "deployed.env", outs: inputs };
  },
  async update(_id, _old, inputs) {
    await deploy(inputs);
    return { outs: inputs };
  },
  async delete() {
    await rm("deployed.env", { force: true });
  },
};

/** Stands in for your platform's resource: a Kubernetes secret, a variable of a hosting service, and so on. */
export class Deployment extends pulumi.dynamic.Resource {
  constructor(name: string, args: { token: pulumi.Input<string> }, options?: pulumi.CustomResourceOptions) {
    super(provider, name, args, options);
  }
}
