import { type Kind, KINDS } from "../../../provider/domain/kinds";

/** Every kind on both generations of the API: with and without `jti`. */
export const CASES: readonly { title: string; kind: Kind; generation: 1 | 2 }[] = Object.values(
  KINDS,
).flatMap((kind) =>
  ([1, 2] as const).map((generation) => ({
    title: `${kind.name}, generation ${generation}`,
    kind,
    generation,
  })),
);
