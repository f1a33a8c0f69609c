/** Readings of 50 places, one a minute, as a TypeScript author would have them: in columns and as objects. */
export interface Readings {
  /** Nanoseconds since 1970. */
  readonly times: BigInt64Array;
  readonly values: Float64Array;
  readonly cities: readonly string[];
  readonly objects: Reading[];
}

/** A type and not an interface, so that it is one of the objects of any members that apache-arrow takes. */
export type Reading = {
  readonly time: Date;
  readonly value: number;
  readonly city: string;
};

const START_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;
const CITIES = 50;

/** Makes `rows` readings; `frames bench` of tools/go makes the same. */
export function makeReadings(rows: number): Readings {
  const names = Array.from({ length: CITIES }, (_, city) => `city ${city}`);
  const objects = Array.from({ length: rows }, (_, row): Reading => {
    const time = new Date(START_MS + row * MINUTE_MS);
    return { time, value: Math.sin(row) * 1_000, city: names[row % CITIES] ?? "" };
  });
  return {
    times: BigInt64Array.from(objects, ({ time }) => BigInt(time.getTime()) * 1_000_000n),
    values: Float64Array.from(objects, ({ value }) => value),
    cities: objects.map(({ city }) => city),
    objects,
  };
}
