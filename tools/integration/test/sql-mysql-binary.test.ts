import { encodeArrow, type Frame } from "@framewright/data";
import { startMariadb } from "@framewright/services";
import type mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMysqlAdmin, type RunningSql, rowsOf, startSql } from "../src/sql-plugin.js";

const server = await startMariadb();

/** Declared types, with values as SQL. */
const columns: readonly (readonly [declared: string, ...values: string[]])[] = [
  ["tinyint", "-128", "127", "0"],
  ["tinyint unsigned", "255", "128"],
  ["smallint", "-32768", "32767"],
  ["smallint unsigned", "65535"],
  ["mediumint", "-8388608", "8388607", "-1"],
  ["mediumint unsigned", "16777215"],
  ["int", "-2147483648", "2147483647"],
  ["int unsigned", "4294967295"],
  ["int(8) zerofill", "42"],
  [
    "bigint",
    "-9223372036854775808",
    "9223372036854775807",
    "9007199254740993",
    "-9007199254740993",
    "-1",
    "4294967296",
  ],
  ["bigint unsigned", "18446744073709551615", "9007199254740993", "1"],
  ["double", "0.1", "-0e0", "1.7976931348623157e308", "5e-324", "1e15", "1e16", "123456789012345678"],
  ["double unsigned zerofill", "1.5"],
  ["decimal(65, 30)", "1234567890.12345678901234567890", "-0.5"],
  ["decimal(5, 0)", "-99999"],
  ["year", "2024", "0", "1901", "2155"],
  ["bit(1)", "b'1'", "b'0'"],
  ["bit(13)", "b'1010101010101'"],
  ["bit(64)", "~0"],
  [
    "date",
    "'2024-02-29'",
    "'1969-12-31'",
    "'1677-12-31'",
    "'1678-01-01'",
    "'2261-12-31'",
    "'2262-04-11'",
    "'2262-04-12'",
  ],
  ["datetime", "'2024-02-29 23:59:59'", "'2024-02-29'", "'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'"],
  ["datetime(1)", "'2024-05-31 14:30:05.9'", "'2024-05-31 14:30:05'"],
  ["datetime(6)", "'1969-12-31 23:59:59.999999'", "'2024-05-31 00:00:00.000001'", "'1677-09-21 00:12:43.145225'"],
  ["timestamp NULL", "'2024-05-31 14:30:05'", "'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'"],
  ["timestamp(3) NULL", "'2024-05-31 14:30:05.125'"],
  ["char(3)", "'x'", "''", "'äöü'"],
  ["varchar(300)", "repeat('ä', 125)", "repeat('x', 250)", "repeat('x', 251)", "''", "'😀'"],
  ["varchar(20) character set latin1", "'ä'"],
  ["text", "repeat('y', 65535)"],
  ["longtext", "repeat('z', 70000)", "repeat('z', 65536)"],
  ["enum('sad', 'happy', '')", "'happy'", "''"],
  ["set('a', 'b')", "'a,b'", "''"],
  ["json", `'{"a": [1, 12345678901234567890]}'`, "'null'"],
  ["binary(3)", "x'00ff'"],
  ["varbinary(300)", "x'00ff'", "''", "repeat(x'fb', 300)"],
  ["blob", "x'c3'", "repeat(x'fe', 300)"],
  ["uuid", "'123e4567-e89b-12d3-a456-426655440000'"],
  ["inet4", "'1.2.3.4'"],
  ["inet6", "'::1'", "'2001:db8::ff00:42:8329'"],
  ["point", "point(1, 2)"],
  ["geometry", "ST_GeomFromText('LINESTRING(0 0, 1 1)')"],
];

/** Dates that are none: all notices, the text in them too, are the same. */
const zeros = ["date", "datetime", "datetime(1)", "datetime(6)", "timestamp NULL"] as const;

/** Columns whose text is not what their number is: they come as text, whatever is asked for. */
const inexact: readonly (readonly [declared: string, ...values: string[]])[] = [
  ["float", "1.1", "16777217", "1e-45", "100000.5", "3.4028235e38"],
  ["float(7, 3)", "1.2345"],
  ["double(9, 2)", "1.005", "2.5"],
  ["double(20, 0)", "1.5"],
  ["time", "'-838:59:59'", "'838:59:59'", "'00:00:00'", "'12:34:56'", "'-00:00:01'"],
  ["time(6)", "'-838:59:59.999999'", "'00:00:00.000001'"],
];

/** Expressions, whose types a server might take for others when it prepares them. */
const expressions = `
  1; -1; 3000000000; 18446744073709551615; 1.5; 1e0; 1e0 / 3; -0e0; NULL; TRUE; 'text'; ''; x'00ff'; b'101'; _latin1'a'
  1 + 1; 1 / 3; 7 DIV 2; 1 = 1; 1 / 0; abs(-5); round(1.567, 2); floor(1.5); pow(2, 0.5); ln(2); concat('a', 1)
  if(1, 'a', 1); if(0, 1, 2.5); ifnull(NULL, 3); nullif(1, 1); coalesce(NULL, now() > 0, 2); greatest(1, 2e0); (SELECT max(NULL))
  CASE WHEN 1 THEN date '2024-01-01' ELSE timestamp '2024-01-01 10:00:00' END; CASE WHEN 0 THEN 1 ELSE 'x' END
  cast('12' AS unsigned); cast('-12' AS signed); cast('1.25' AS decimal(5, 2)); cast('1e400' AS double); cast('1' AS char(3)); cast('1' AS binary(3))
  cast('2024-01-01' AS date); cast('2024-01-01 10:00:00.123456' AS datetime); cast('2024-01-01 10:00:00.123456' AS datetime(6))
  date '2024-02-29'; timestamp '2024-02-29 10:00:00.5'; time_to_sec('10:00:00'); year('2024-01-01'); date_format('2024-01-01', '%Y'); cast('word' AS date)
  str_to_date('2024-01-02', '%Y-%m-%d'); str_to_date('2024-01-02 10:11:12.5', '%Y-%m-%d %H:%i:%s.%f'); str_to_date('2024-00-00', '%Y-%m-%d')
  date_add('2024-01-01', INTERVAL 1 SECOND); date_add(date '2024-01-01', INTERVAL 1 DAY); from_unixtime(1700000000); from_unixtime(1700000000.123456)
  unix_timestamp('2024-01-01'); unix_timestamp('2024-01-01 00:00:00.5'); unix_timestamp('2024-01-01') DIV 60 * 60; version()
  hex('a'); unhex('00ff'); md5('a'); json_object('a', 1); json_extract('{"a": [1]}', '$.a'); json_unquote('"a"'); json_value('{"a": 1}', '$.a')
  (SELECT max(seq) FROM seq_1_to_3); (SELECT sum(seq) FROM seq_1_to_3); (SELECT avg(seq) FROM seq_1_to_3); (SELECT count(*) FROM seq_1_to_3)
  (SELECT sum(seq * 1e0) FROM seq_1_to_3); (SELECT group_concat(seq) FROM seq_1_to_3); EXISTS (SELECT 1); @variable
  row_number() OVER (); sum(seq) OVER (); lag(seq) OVER (ORDER BY seq)`;

/** Expressions that come as text: with decimals that are fixed, times, and what may be a stored function. */
const textExpressions = `
  NULL + 1; ceil(1e0); round(1e0 / 3, 2); (SELECT stddev(seq) FROM seq_1_to_3); makedate(2024, 60); sec_to_time(-90000); @variable := 1
  cast('10:00:00.5' AS time(1)); cast('-00:00:00.4' AS time(0)); cast(-0.4 AS time); time '-00:00:00'; timediff('10:00:00', '10:00:00.5')`;

/** Of a `year` y and a `tinyint unsigned` u or z, the server says that they are a `tinyint unsigned`, in which a year has no room. */
const tooNarrow = `
  coalesce(y, u); ifnull(y, z); if(n, y, u); if(0, z, y); CASE n WHEN 1 THEN y ELSE u END; greatest(y, u); greatest(z, y); z`;

const listed = (list: string): string[] => list.trim().split(/\s*(?:;|\n)\s*/);

describe.skipIf(typeof server === "string")("MariaDB: binary rows", () => {
  if (typeof server === "string") {
    return;
  }
  let sql: RunningSql;
  let admin: mysql.Connection & AsyncDisposable;

  beforeAll(async () => {
    sql = await startSql(server, "mysql");
    admin = await connectMysqlAdmin(server);
    await admin.query("SET sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'");
    await fill("exact", columns);
    await fill("inexact", inexact);
    await fill(
      "zeros",
      zeros.map((type) => [type, "0"]),
    );
    await admin.query(`
      CREATE TABLE narrow (n tinyint(1), y year, u tinyint unsigned, z tinyint(4) zerofill, s smallint unsigned);
      INSERT INTO narrow VALUES (1, 2155, 255, 7, 65535), (0, 1901, 0, 0, 0), (1, NULL, 3, 9, NULL), (NULL, 2000, NULL, NULL, 1);
      CREATE VIEW narrow_view AS SELECT coalesce(y, u) AS x FROM narrow`);
    await admin.query(`CREATE TABLE half (id int AUTO_INCREMENT PRIMARY KEY, d date, t datetime(3));
      INSERT INTO half (d, t) VALUES ('2024-00-00', '2024-02-00 10:00:00.125'), ('2024-02-31', '2023-02-29 01:02:03')`);
  });

  afterAll(async () => {
    await admin[Symbol.asyncDispose]();
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  async function fill(table: string, types: readonly (readonly [string, ...string[]])[]): Promise<void> {
    const all = types.map(([declared], index) => `c${index} ${declared}`).join(", ");
    await admin.query(`CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, ${all})`);
    for (const [index, [, ...values]] of types.entries()) {
      for (const value of values) {
        await admin.query(`INSERT INTO ${table} (c${index}) VALUES (${value})`);
      }
    }
    await admin.query(`INSERT INTO ${table} () VALUES ()`);
  }

  async function status(name: string): Promise<number> {
    const [[row] = []] = await admin.query<mysql.RowDataPacket[]>("SHOW GLOBAL STATUS LIKE ?", [name]);
    return Number(row?.["Value"]);
  }

  /** A frame, and whether it came as binary. */
  async function read(rawSql: string, settings = {}): Promise<readonly [frame: Frame, isBinary: boolean]> {
    const before = await status("Com_stmt_execute");
    const frame = await sql.frame({ rawSql, settings });
    return [frame, (await status("Com_stmt_execute")) > before];
  }

  /** Asks several times: the answers are those of text to the bit, notices and all. @param ways which of them come as binary */
  async function compare(rawSql: string, ways: readonly boolean[]): Promise<void> {
    const [expected, isBinary] = await read(rawSql, { binaryResults: false });
    expect(isBinary).toBe(false);
    const taken: boolean[] = [];
    for (const [time] of ways.entries()) {
      const [frame, way] = await read(rawSql);
      taken.push(way);
      expect([time, frame.meta?.notices]).toEqual([time, expected.meta?.notices]);
      expect([time, Buffer.compare(encodeArrow(frame), encodeArrow(expected))]).toEqual([time, 0]);
    }
    expect(taken).toEqual(ways);
    expect(await status("Prepared_stmt_count")).toBe(0);
  }

  const small = (isBinary: boolean) => [isBinary, false, false];
  const large = (isBinary: boolean) => [isBinary, isBinary, isBinary];

  describe.each([
    ["exact", columns, true],
    ["zeros", zeros.map((declared) => [declared]), true],
    ["inexact", inexact, false],
  ] as const)("%s columns, as text and as binary: the same to the bit", (table, types, isBinary) => {
    test.each(types.map(([declared], index) => [declared, `c${index}`] as const))("%s", async (_, column) => {
      const rawSql = `SELECT id, ${column} FROM ${table}`;
      await compare(`${rawSql} ORDER BY id`, small(isBinary));
      await compare(`SELECT r.* FROM (${rawSql}) r, seq_1_to_300 ORDER BY id`, large(isBinary));
    });

    test("all, as small and large results", async () => {
      await compare(`SELECT * FROM ${table} ORDER BY id`, small(isBinary));
      await compare(`SELECT * FROM ${table}, seq_1_to_300 ORDER BY id, seq`, large(isBinary));
    });
  });

  test("dates that the calendar does not have", () => compare("SELECT * FROM half ORDER BY id", small(true)));

  test.each(["+05:00", "-12:30"])("times of a session in the zone %s", async (timezone) => {
    const rawSql = "SELECT id, c25, c26, c24 FROM exact ORDER BY id";
    const [[binary, isBinary], [text]] = [
      await read(rawSql, { timezone }),
      await read(rawSql, { timezone, binaryResults: false }),
    ];
    const [utc] = await read(rawSql);
    expect([isBinary, Buffer.compare(encodeArrow(binary), encodeArrow(text))]).toEqual([true, 0]);
    expect(Buffer.compare(encodeArrow(binary), encodeArrow(utc))).not.toBe(0);
  });

  test.each(listed(expressions))("%s, as text and as binary", (expression) =>
    compare(`SELECT ${expression} AS x FROM seq_1_to_300`, large(true)),
  );

  test.each(listed(textExpressions))("%s comes as text", (expression) =>
    compare(`SELECT ${expression} AS x FROM seq_1_to_300`, large(false)),
  );

  test.each([
    ...listed(tooNarrow).map((expression) => `SELECT ${expression} AS x FROM narrow, seq_1_to_300`),
    "SELECT * FROM narrow_view, seq_1_to_300",
    "SELECT * FROM (SELECT coalesce(y, u) AS x FROM narrow) n, seq_1_to_300",
    "WITH n AS (SELECT greatest(y, z) AS x FROM narrow) SELECT * FROM n, seq_1_to_300",
  ])("numbers that are longer than their type come as text: %s", (rawSql) => compare(rawSql, large(false)));

  test("numbers that are as long as their type come as binary", () =>
    compare("SELECT n, u, y, coalesce(u, n), coalesce(y, s), greatest(u, n) FROM narrow, seq_1_to_300", large(true)));

  test.each([
    ["WITH", "WITH a AS (SELECT seq, seq * 1e0 AS d FROM seq_1_to_300) SELECT * FROM a ORDER BY seq", true],
    ["UNION", "SELECT seq, 'a' AS t FROM seq_1_to_300 UNION ALL SELECT NULL, 2 UNION ALL SELECT 1.5, NULL", true],
    ["parentheses", "(SELECT seq FROM seq_1_to_300) UNION ALL (SELECT 1.5)", true],
    ["VALUES", `VALUES ${Array.from({ length: 300 }, (_, n) => `(${n}, 'v${n}')`).join(", ")}`, true],
    [
      "GROUP BY",
      "SELECT seq DIV 2 AS g, count(*), sum(seq), avg(seq), min(seq) FROM seq_1_to_700 GROUP BY g ORDER BY g",
      true,
    ],
    [
      "a join",
      "SELECT a.seq, b.seq FROM seq_1_to_300 a LEFT JOIN seq_1_to_300_step_3 b ON a.seq = b.seq ORDER BY 1",
      true,
    ],
    ["INTO a variable", "SELECT 1 INTO @x", false],
    ["SHOW", "SHOW VARIABLES LIKE 'c%'", false],
    ["EXPLAIN", "EXPLAIN SELECT 1", false],
    ["DESCRIBE", "DESCRIBE exact", false],
    ["no rows", "SELECT * FROM exact WHERE id < 0", true],
  ] as const)("%s", (name, rawSql, isBinary) =>
    compare(rawSql, name === "no rows" ? small(isBinary) : large(isBinary)),
  );

  test("4,000 columns, every third of them empty", async () => {
    const all = Array.from({ length: 1_000 }, (_, n) => `c${n} int DEFAULT ${n % 3 === 0 ? "NULL" : n}`);
    await admin.query(`CREATE TABLE wide (${all.join(", ")}); INSERT INTO wide () VALUES ()`);
    await compare("SELECT a.*, b.*, c.*, d.* FROM wide a, wide b, wide c, wide d", small(true));
    await compare("SELECT a.*, b.*, c.*, d.* FROM wide a, wide b, wide c, wide d, seq_1_to_200", large(true));
  });

  test("100,000 random numbers and times", async () => {
    await admin.query(`CREATE TABLE random_values AS SELECT seq AS id, (rand(1) - 0.5) * 1e6 AS a, rand(2) * 1e-300 AS b, exp((rand(3) - 0.5) * 1400) AS c,
        cast((rand(4) - 0.5) * 1e19 AS signed) AS d, cast(rand(5) * 1.8e19 AS unsigned) AS e, cast((rand(6) - 0.5) * 4e9 AS int) AS f,
        timestamp '1970-01-01 00:00:00' + INTERVAL (rand(7) - 0.5) * 2e10 SECOND AS g, date '1970-01-01' + INTERVAL (rand(8) - 0.5) * 300000 DAY AS h,
        cast((rand(9) - 0.5) * 1e12 AS decimal(30, 9)) AS i
      FROM seq_1_to_100000`);
    await compare("SELECT * FROM random_values ORDER BY id", large(true));
  });

  test("texts longer than a packet, with others after them", async () => {
    await admin.query("SET GLOBAL max_allowed_packet = 67108864");
    const settings = { searchPath: "longer packets" };
    const rawSql = `SELECT seq, repeat('x', if(seq = 2, 33554426, seq)) AS x FROM seq_1_to_300`;
    for (const isBinary of large(true)) {
      const [frame, way] = await read(rawSql, settings);
      const lengths = rowsOf(frame).map(([, text]) => String(text).length);
      expect([way, ...lengths]).toEqual([isBinary, ...lengths.map((_, n) => (n === 1 ? 33_554_426 : n + 1))]);
    }
  });
});
