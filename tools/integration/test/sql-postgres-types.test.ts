import { encodeArrow, type Frame, typeOf } from "@framewright/data";
import { startPostgres } from "@framewright/services";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectAdmin, type RunningSql, rowsOf, startSql } from "../src/sql-plugin.js";

const server = await startPostgres();

/** Declared type, field type, and pairs of a value as SQL and what it is in the frame; `lost` for what is left empty with a notice. */
const lost = Symbol("lost");
const cases: readonly (readonly [
  declared: string,
  field: string,
  ...values: readonly (readonly [string, unknown])[],
])[] = [
  ["boolean", "boolean", ["true", true], ["false", false]],
  ["smallint", "int16", ["-32768", -32768], ["32767", 32767]],
  ["integer", "int32", ["-2147483648", -2147483648], ["2147483647", 2147483647]],
  [
    "bigint",
    "int64",
    ["-9223372036854775808", -9223372036854775808n],
    ["9223372036854775807", 9223372036854775807n],
    ["9007199254740993", 9007199254740993n],
    ["-1", -1n],
  ],
  ["oid", "uint32", ["4294967295", 4294967295], ["0", 0]],
  ["xid", "uint32", ["'4294967295'", 4294967295]],
  [
    "real",
    "float64",
    ["1.1", 1.1],
    ["'NaN'", Number.NaN],
    ["'-Infinity'", Number.NEGATIVE_INFINITY],
    ["3.4028235e38", 3.4028235e38],
    ["1e-45", 1e-45],
    ["16777216", 16777216],
    ["0.1", 0.1],
  ],
  [
    "double precision",
    "float64",
    ["0.1", 0.1],
    ["'NaN'", Number.NaN],
    ["'Infinity'", Number.POSITIVE_INFINITY],
    ["'-0'", -0],
    ["5e-324", 5e-324],
    ["1.7976931348623157e308", 1.7976931348623157e308],
  ],
  ["numeric", "float64", ["0.1", 0.1], ["123456789012.25", 123456789012.25], ["'NaN'", Number.NaN], ["-1e300", -1e300]],
  ["numeric(12, 3)", "float64", ["123456789.125", 123456789.125]],
  ["money", "string", ["12.5", "$12.50"]],
  ["text", "string", ["'ä😀\n'", "ä😀\n"], ["''", ""]],
  ["varchar(9)", "string", ["'x'", "x"]],
  ["char(3)", "string", ["'x'", "x  "]],
  ['"char"', "string", ["'x'", "x"]],
  ["name", "string", ["'x'", "x"]],
  ["bytea", "string", ["'\\x00ff'", "\\x00ff"]],
  ["uuid", "string", ["'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]],
  ["json", "json", [`'{"a" : 1}'`, '{"a" : 1}'], ["'null'", "null"]],
  ["jsonb", "json", [`'{"a":[1,"x",12345678901234567890]}'`, '{"a": [1, "x", 12345678901234567890]}']],
  ["xml", "string", ["'<a/>'", "<a/>"]],
  [
    "timestamptz",
    "time",
    ["'2024-05-31 14:30:05.123456+02'", ns("2024-05-31T12:30:05Z") + 123456000n],
    ["'1969-12-31 23:59:59.999999Z'", -1000n],
    ["'1677-09-22 00:00:00Z'", ns("1677-09-22T00:00:00Z")],
    ["'2262-04-11 00:00:00Z'", ns("2262-04-11T00:00:00Z")],
    ["'infinity'", lost],
    ["'-infinity'", lost],
    ["'0044-03-15 BC'", lost],
    ["'20000-01-01'", lost],
  ],
  [
    "timestamp",
    "time",
    ["'2024-05-31 14:30:05.5'", ns("2024-05-31T14:30:05.5Z")],
    ["'1700-01-01'", ns("1700-01-01T00:00:00Z")],
  ],
  [
    "date",
    "time",
    ["'2024-02-29'", ns("2024-02-29T00:00:00Z")],
    ["'1900-01-01'", ns("1900-01-01T00:00:00Z")],
    ["'infinity'", lost],
    ["'5000-01-01'", lost],
  ],
  ["time", "string", ["'14:30:05.5'", "14:30:05.5"]],
  ["timetz", "string", ["'14:30:05+02'", "14:30:05+02"]],
  ["interval", "string", ["'1 year 2 days 03:04:05.5'", "1 year 2 days 03:04:05.5"]],
  ["inet", "string", ["'10.0.0.1/8'", "10.0.0.1/8"]],
  ["cidr", "string", ["'::1/128'", "::1/128"]],
  ["macaddr", "string", ["'08:00:2b:01:02:03'", "08:00:2b:01:02:03"]],
  ["macaddr8", "string", ["'08:00:2b:01:02:03:04:05'", "08:00:2b:01:02:03:04:05"]],
  ["bit(3)", "string", ["B'101'", "101"]],
  ["bit varying", "string", ["B'1'", "1"]],
  ["point", "string", ["'(1,2)'", "(1,2)"]],
  ["polygon", "string", ["'((0,0),(1,1))'", "((0,0),(1,1))"]],
  ["tsvector", "string", ["'a b'", "'a' 'b'"]],
  ["pg_lsn", "string", ["'0/1'", "0/1"]],
  ["jsonpath", "string", ["'$.a'", '$."a"']],
  ["int4range", "string", ["'[1,5)'", "[1,5)"]],
  ["tstzrange", "string", ["'[2024-01-01Z,2024-01-02Z)'", '["2024-01-01 00:00:00+00","2024-01-02 00:00:00+00")']],
  ["int[]", "string", ["'{1,NULL,3}'", "{1,NULL,3}"]],
  ["text[]", "string", [`'{"a b",c}'`, '{"a b",c}']],
  ["mood", "string", ["'happy'", "happy"]],
  ["pair", "string", ["ROW(1, 'x')", "(1,x)"]],
  ["positive", "int32", ["7", 7]],
  ["regclass", "string", ["'pg_class'", "pg_class"]],
];

describe.skipIf(typeof server === "string")("PostgreSQL: types", () => {
  if (typeof server === "string") {
    return;
  }
  let sql: RunningSql;

  beforeAll(async () => {
    sql = await startSql(server);
    await using admin = await connectAdmin(server);
    await admin.query(`
      DROP TABLE IF EXISTS everything, random_values;
      DROP TYPE IF EXISTS mood, pair;
      DROP DOMAIN IF EXISTS positive;
      CREATE TYPE mood AS ENUM ('sad', 'happy');
      CREATE TYPE pair AS (number int, word text);
      CREATE DOMAIN positive AS int CHECK (VALUE > 0);
      SET TIME ZONE 'UTC';
    `);
    const all = cases.map(([declared], index) => `c${index} ${declared}`).join(", ");
    await admin.query(`CREATE TABLE everything (row serial, ${all})`);
    for (const [index, [declared, , ...values]] of cases.entries()) {
      for (const [value] of values) {
        await admin.query(`INSERT INTO everything (c${index}) VALUES ((${value})::${declared})`);
      }
    }
    await admin.query("INSERT INTO everything DEFAULT VALUES");
  });

  afterAll(async () => {
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const read = (column: string, settings = {}): Promise<Frame> =>
    sql.frame({
      rawSql: `SELECT ${column} FROM everything WHERE ${column} IS NOT NULL ORDER BY row`,
      settings: { timezone: "UTC", ...settings },
    });

  test.each(cases.map(([declared, field, ...values], index) => ({ declared, field, values, column: `c${index}` })))(
    "$declared is read back exactly, as $field",
    async ({ column, field, values }) => {
      const frame = await read(column);
      expect(frame.fields.map(typeOf)).toEqual([field]);
      expect(rowsOf(frame)).toEqual(values.map(([, value]) => [value === lost ? null : value]));
      const count = values.filter(([, value]) => value === lost).length;
      expect(frame.meta?.notices?.map(({ text }) => text) ?? []).toEqual(
        count === 0 ? [] : [expect.stringContaining(`${count} value${count === 1 ? " does" : "s do"} not fit time`)],
      );
    },
  );

  test("all at once, as binary and as text: the same to the bit", async () => {
    const rawSql = "SELECT * FROM everything ORDER BY row";
    const frames = await Promise.all(
      [true, false].map((binaryResults) => sql.frame({ rawSql, settings: { timezone: "UTC", binaryResults } })),
    );
    const [binary, text] = frames.map((frame) => encodeArrow({ ...frame, meta: undefined }));
    expect(frames[0]?.fields).toHaveLength(cases.length + 1);
    expect(binary !== undefined && text !== undefined && Buffer.compare(binary, text)).toBe(0);
  });

  test("100,000 random numbers and times, as binary and as text: the same to the bit", async () => {
    const rawSql = `SELECT (random() * 1e6)::real, random() * 1e-300, ((random() - 0.5) * 1e18)::int8,
        ((random() - 0.5) * 1e10)::int8 * 1000003, '1970-01-01Z'::timestamptz + (random() - 0.5) * interval '500 years',
        '1970-01-01'::date + ((random() - 0.5) * 180000)::int, (random() * 1e12)::numeric(20, 6),
        exp((random() - 0.5) * 160)::real
      FROM generate_series(1, 100000)`;
    await using admin = await connectAdmin(server);
    await admin.query(`CREATE TABLE random_values AS SELECT * FROM (${rawSql}) r(a, b, c, d, e, f, g, h)`);
    const [binary, text] = await Promise.all(
      [true, false].map(async (binaryResults) =>
        encodeArrow(await sql.frame({ rawSql: "TABLE random_values", settings: { binaryResults } })),
      ),
    );
    expect(binary?.length).toBeGreaterThan(5_000_000);
    expect(binary !== undefined && text !== undefined && Buffer.compare(binary, text)).toBe(0);
  });

  test("values that are none, and no values, among 5,000 rows, as binary and as text: the same to the bit, and told of alike", async () => {
    const some = (value: string, type: string): string => `CASE WHEN n % 5 = 0 THEN NULL ELSE ${value} END::${type}`;
    const time = (value: string): string =>
      `CASE n % 8 WHEN 1 THEN 'infinity' WHEN 3 THEN '-infinity' WHEN 4 THEN NULL WHEN 6 THEN '9000-01-01' ELSE ${value} END`;
    const rawSql = `SELECT ${time("'2024-01-01'::timestamptz + n * interval '1.000001 s'")} AS a,
        ${time("'2024-01-01'::date + n")}::date AS b, ${some("n", "int2")} AS c, ${some("n * 1000", "int4")} AS d,
        ${some("n", "oid")} AS e, ${some("n * 1800000000000003", "int8")} AS f, ${some("n / 3.0", "float8")} AS g,
        ${some("repeat('ä', n % 40)", "text")} AS h, ${some("n % 2 = 0", "boolean")} AS i
      FROM generate_series(1, 5000) n`;
    const [binary, text] = await Promise.all(
      [true, false].map((binaryResults) => sql.frame({ rawSql, settings: { timezone: "UTC", binaryResults } })),
    );
    expect(binary?.meta?.notices?.map((notice) => notice.text)).toEqual([
      'column "a": 1875 values do not fit time and are left empty, first "infinity" in row 1',
      'column "b": 1875 values do not fit time and are left empty, first "infinity" in row 1',
    ]);
    expect(binary?.meta).toEqual(text?.meta);
    expect(rowsOf(binary ?? fail()).slice(0, 6)).toEqual(rowsOf(text ?? fail()).slice(0, 6));
    expect(Buffer.compare(encodeArrow(binary ?? fail()), encodeArrow(text ?? fail()))).toBe(0);
  });

  test("digits that a float64 has no room for are told", async () => {
    const frame = await sql.frame(
      "SELECT 12345678901234567890.5::numeric AS a, 0.1234567890123456789::numeric(20, 19) AS b, 1::numeric / 3 AS c",
    );
    expect(frame.meta?.notices?.map(({ text }) => text.slice(0, 50))).toEqual([
      'column "a": 1 value has more digits than a float64',
      'column "b": 1 value has more digits than a float64',
    ]);
  });

  test("a text of 20 MB among others", async () => {
    const frame = await sql.frame("SELECT repeat('x', n) FROM (VALUES (1), (20000000), (0), (70000)) v(n)");
    expect(rowsOf(frame).map(([text]) => String(text).length)).toEqual([1, 20_000_000, 0, 70_000]);
  });
});

function fail(): never {
  throw new Error("there is no answer");
}

function ns(time: string): bigint {
  return BigInt(Date.parse(time)) * 1_000_000n;
}
