/**
 * BigCommerce's storefront API tokens as Pulumi resources: `pulumi up` mints, rotates and revokes them.
 *
 * @group API
 * @module pulumi-bigcommerce-tokens
 */

export type { ImpersonationTokenArgs, PrivateTokenArgs, StorefrontTokenArgs } from "./resources/arguments";
export { type ErrorCode, ERRORS } from "./error-codes";
export { ImpersonationToken } from "./resources/impersonation-token";
export { PrivateToken } from "./resources/private-token";
export { StorefrontToken } from "./resources/storefront-token";
export type { Predecessor } from "./domain/fate";
