import { ImpersonationToken } from "pulumi-bigcommerce-tokens";

// Who holds this token can see the store as any customer: give it to the server, and never in JavaScript or HTML that a
// browser gets. One token serves all customers.
const support = new ImpersonationToken("support", { channelIds: [1], lifetime: "7d", rotateBefore: "3d" });

export const supportToken = support.token; // an Output<string>, always secret
