import type { dynamic } from "@pulumi/pulumi";

/**
 * The object that users' states name. It only loads the runtime, by bare name and inside each method, because
 * Pulumi stores its text where the package is linked, and a reference to this file where it is installed.
 */
const lifecycle: dynamic.ResourceProvider = {
  configure: async (request) => require("pulumi-bigcommerce-tokens/runtime").configure(request.config),
  check: (olds, news) =>
    require("pulumi-bigcommerce-tokens/runtime").handlers("impersonation").check(olds, news),
  diff: (id, olds, news) =>
    require("pulumi-bigcommerce-tokens/runtime").handlers("impersonation").diff(id, olds, news),
  create: (inputs) => require("pulumi-bigcommerce-tokens/runtime").handlers("impersonation").create(inputs),
  read: (id, state) => require("pulumi-bigcommerce-tokens/runtime").handlers("impersonation").read(id, state),
  update: (id, olds, news) =>
    require("pulumi-bigcommerce-tokens/runtime").handlers("impersonation").update(id, olds, news),
  delete: (id, state) =>
    require("pulumi-bigcommerce-tokens/runtime").handlers("impersonation").delete(id, state),
};

export = lifecycle;
