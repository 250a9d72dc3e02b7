type Optional<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

/** `T`, where a property that may be undefined is one that may be absent. */
export type Defined<T> = { [K in keyof T as K extends Optional<T> ? never : K]: T[K] } & {
  [K in keyof T as K extends Optional<T> ? K : never]?: Exclude<T[K], undefined>;
};

/** A copy without the properties that are undefined: Pulumi cannot carry `undefined`, and JSON.parse never returns it. */
export function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>;
}
