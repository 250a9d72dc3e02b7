/** The least share of noticed mutants, in percent. A folder's counts for all its files together. */
module.exports = [
  ...[
    ...["provider/bigcommerce/retry.ts", "provider/bigcommerce/retry-budget.ts"],
    ...["provider/bigcommerce/operation.ts", "provider/bigcommerce/classify.ts"],
    ...["provider/bigcommerce/redact.ts", "provider/bigcommerce/token-list.ts"],
    ...["provider/bigcommerce/token-list-page.ts", "provider/bigcommerce/list-support.ts"],
    ...["provider/domain/expiry.ts", "provider/domain/rotation.ts"],
    ...["provider/domain/plan-delete.ts", "provider/domain/plan-replacement.ts"],
  ].map((path) => ({ path, percent: 100 })),
  { path: "provider/domain", percent: 90 },
];
