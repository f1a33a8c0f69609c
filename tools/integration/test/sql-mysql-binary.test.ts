import { encodeArrow, type Frame } from "@framewright/data";
import { startMariadb } from "@framewright/services";
import type mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMysqlAdmin, type RunningSql, startSql } from "../src/sql-plugin.js";

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
  ["bigint", "-9223372036854775808", "9223372036854775807", "9007199254740993", "-9007199254740993", "-1", "4294967296"],
  ["bigint unsigned", "18446744073709551615", "9007199254740993", "1"],
  ["double", "0.1", "-0e0", "1.7976931348623157e308", "5e-324", "1e15", "1e16", "123456789012345678"],
  ["double unsigned zerofill", "1.5"],
  ["decimal(65, 30)", "1234567890.12345678901234567890", "-0.5"],
  ["decimal(5, 0)", "-99999"],
  ["year", "2024", "0", "1901", "2155"],
  ["bit(1)", "b'1'", "b'0'"],
  ["bit(13)", "b'1010101010101'"],
  ["bit(64)", "~0"],
  ["date", "'2024-02-29'", "'1969-12-31'", "'1677-12-31'", "'1678-01-01'", "'2261-12-31'", "'2262-04-11'", "'2262-04-12'"],
  ["datetime", "'2024-02-29 23:59:59'", "'2024-02-29'", "'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'"],
  ["datetime(1)", "'2024-05-31 14:30:05.9'", "'2024-05-31 14:30:05'"],
  ["datetime(6)", "'1969-12-31 23:59:59.999999'", "'2024-05-31 00:00:00.000001'", "'1677-09-21 00:12:43.145225'"],
  ["timestamp NULL", "'2024-05-31 14:30:05'", "'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'"],
  ["timestamp(3) NULL", "'2024-05-31 14:30:05.125'"],
  ["time", "'-838:59:59'", "'838:59:59'", "'00:00:00'", "'-00:00:01'", "'12:34:56'", "'24:00:00'", "'-100:00:00'"],
  ["time(2)", "'01:02:03.45'", "'-00:00:00.01'", "'00:00:00'"],
  ["time(6)", "'-838:59:59.999999'", "'00:00:00.000001'", "'-99:00:00'"],
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
];

/** Expressions, whose types a server may take for others when it prepares them. */
const expressions = [
  "1",
  "-1",
  "3000000000",
  "18446744073709551615",
  "1.5",
  "1e0",
  "1e0 / 3",
  "-0e0",
  "NULL",
  "TRUE",
  "'text'",
  "''",
  "x'00ff'",
  "b'101'",
  "_latin1'a'",
  "1 + 1",
  "1 / 3",
  "7 DIV 2",
  "1 = 1",
  "1 / 0",
  "NULL + 1",
  "abs(-5)",
  "round(1.567, 2)",
  "floor(1.5)",
  "ceil(1e0)",
  "pow(2, 0.5)",
  "ln(2)",
  "concat('a', 1)",
  "if(1, 'a', 1)",
  "if(0, 1, 2.5)",
  "ifnull(NULL, 3)",
  "nullif(1, 1)",
  "coalesce(NULL, now() > 0, 2)",
  "CASE WHEN 1 THEN date '2024-01-01' ELSE timestamp '2024-01-01 10:00:00' END",
  "CASE WHEN 0 THEN 1 ELSE 'x' END",
  "greatest(1, 2e0)",
  "cast('12' AS unsigned)",
  "cast('-12' AS signed)",
  "cast('1.25' AS decimal(5, 2))",
  "cast('2024-01-01' AS date)",
  "cast('2024-01-01 10:00:00.123456' AS datetime)",
  "cast('2024-01-01 10:00:00.123456' AS datetime(6))",
  "cast('10:00:00.5' AS time(1))",
  "cast('-00:00:00.4' AS time(0))",
  "cast('-00:00:00.4' AS time(1))",
  "cast(-0.4 AS time)",
  "time '-00:00:00'",
  "timediff('10:00:00', '10:00:00.5')",
  "timediff(timestamp '2024-01-01', timestamp '2024-02-01')",
  "maketime(-1, 0, 0)",
  "makedate(2024, 60)",
  "sec_to_time(-90000)",
  "time_to_sec('10:00:00')",
  "cast('1' AS char(3))",
  "cast('1' AS binary(3))",
  "cast('1e400' AS double)",
  "date '2024-02-29'",
  "timestamp '2024-02-29 10:00:00.5'",
  "str_to_date('2024-01-02', '%Y-%m-%d')",
  "str_to_date('2024-01-02 10:11:12.5', '%Y-%m-%d %H:%i:%s.%f')",
  "str_to_date('2024-00-00', '%Y-%m-%d')",
  "date_add('2024-01-01', INTERVAL 1 SECOND)",
  "date_add(date '2024-01-01', INTERVAL 1 DAY)",
  "from_unixtime(1700000000)",
  "from_unixtime(1700000000.123456)",
  "unix_timestamp('2024-01-01')",
  "unix_timestamp('2024-01-01 00:00:00.5')",
  "unix_timestamp('2024-01-01') DIV 60 * 60",
  "year('2024-01-01')",
  "date_format('2024-01-01', '%Y')",
  "hex('a')",
  "unhex('00ff')",
  "md5('a')",
  "json_object('a', 1)",
  "json_extract('{\"a\": [1]}', '$.a')",
  "json_unquote('\"a\"')",
  "json_value('{\"a\": 1}', '$.a')",
  "(SELECT max(seq) FROM seq_1_to_3)",
  "(SELECT sum(seq) FROM seq_1_to_3)",
  "(SELECT avg(seq) FROM seq_1_to_3)",
  "(SELECT count(*) FROM seq_1_to_3)",
  "(SELECT sum(seq * 1e0) FROM seq_1_to_3)",
  "(SELECT stddev(seq) FROM seq_1_to_3)",
  "(SELECT group_concat(seq) FROM seq_1_to_3)",
  "(SELECT max(NULL) FROM seq_1_to_3)",
  "EXISTS (SELECT 1)",
  "row_number() OVER ()",
  "sum(seq) OVER ()",
  "lag(seq) OVER (ORDER BY seq)",
  "version()",
];

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
    await fill("zeros", zeros.map((type) => [type, "0"]));
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

  /** Reads it as text and otherwise several times, as a small result and as a large one. */
  async function compare(rawSql: string, isBinary: boolean): Promise<void> {
    const many = `SELECT r.* FROM (${rawSql}) r, seq_1_to_1000 m`;
    for (const [query, ways] of [[rawSql, [isBinary, false, false]], [many, [isBinary, isBinary, isBinary]]] as const) {
      const [expected, expectedWay] = await read(query, { binaryResults: false });
      expect(expectedWay).toBe(false);
      const taken: boolean[] = [];
      for (let time = 0; time < ways.length; time++) {
        const [frame, way] = await read(query);
        taken.push(way);
        expect([time, frame.meta?.notices]).toEqual([time, expected.meta?.notices]);
        expect([time, frame.fields.map((f) => f.column)].length).toBe(2);
        expect([time, Buffer.compare(encodeArrow(frame), encodeArrow(expected))]).toEqual([time, 0]);
      }
      expect(taken).toEqual(ways);
    }
    expect(await status("Prepared_stmt_count")).toBe(0);
  }

  test.each(columns.map(([declared], index) => [declared, `c${index}`] as const))("%s", (_, column) =>
    compare(`SELECT ${column} FROM exact`, true),
  );
  test("all", () => compare("SELECT * FROM exact", true));
  test.each(zeros.map((declared, index) => [declared, `c${index}`] as const))("%s, zero", (_, column) =>
    compare(`SELECT ${column} FROM zeros`, true),
  );
  test("half", () => compare("SELECT * FROM half", true));
  test.each(inexact.map(([declared], index) => [declared, `c${index}`] as const))("%s", (_, column) =>
    compare(`SELECT ${column} FROM inexact`, false),
  );
  test.each(expressions)("%s", async (expression) => {
    const q = `SELECT ${expression} AS x FROM seq_1_to_1000`;
    const [a] = await read(q, { binaryResults: false });
    const ways = [];
    for (let t = 0; t < 3; t++) {
      const [b, way] = await read(q);
      ways.push(way);
      expect(b.fields.map((f) => JSON.stringify(f.column.type))).toEqual(a.fields.map((f) => JSON.stringify(f.column.type)));
      expect(b.meta).toEqual(a.meta);
      expect(Buffer.compare(encodeArrow(a), encodeArrow(b))).toBe(0);
    }
    console.log(expression, ways.join());
  });
});
