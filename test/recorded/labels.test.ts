import { compareWithRecording } from "./support/recording";
import { formerLabelOf, type KindName, KINDS, labelOf, type Place } from "./support/sources";

const place = (organization: string, project: string, stack: string, kind: KindName = "private"): Place => ({
  ...{ organization, project, stack, kind },
});
const PLACES: readonly Place[] = [
  ...(Object.keys(KINDS) as KindName[]).map((kind) => place("acme", "shop", "prod", kind)),
  place("organization", "shop", "dev"),
  place("acme", "shop", "s".repeat(22)),
  place("acme", "shop", "s".repeat(23)),
  place("acme-incorporated", "shop-infrastructure-of-all", "production-eu", "impersonation"),
  place("acme-incorporated", "shop-infrastructure-of-all", "production-us", "impersonation"),
  place("acme", "sh p", "prod"),
];
const NAMES = [
  ...["web", "a b", "web#x", "tienda-de-café", "kiosk-01234567", "0123456789abcdef-web", "01234567-web", ""],
  ...[57, 58, 90].map((length) => "n".repeat(length)),
];
const PARENTS = [undefined, "urn:pulumi:prod::shop::my:shop:Front::front"];

compareWithRecording(
  "labels",
  Object.fromEntries(
    PLACES.map((where) => [
      Object.values(where).join("/"),
      () =>
        NAMES.flatMap((name) =>
          PARENTS.map((parent) => ({
            name: parent === undefined ? name : `${name} below ${parent}`,
            label: labelOf(where, name, parent),
            former: formerLabelOf(where, name, parent),
          })),
        ),
    ]),
  ),
);
