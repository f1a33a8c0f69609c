import type { MariadbOptions } from "./mariadb-options.js";

/**
 * The arguments of `mariadbd` that do not depend on where it runs. Its durability is off.
 *
 * @param password of the user `framewright`, who may do everything
 * @param write writes a file and returns its path as the server sees it
 */
export async function mariadbArguments(
  { tls, statements = [] }: MariadbOptions,
  password: string,
  write: (name: string, text: string) => Promise<string>,
): Promise<string[]> {
  const first = [
    "CREATE DATABASE IF NOT EXISTS framewright",
    `CREATE USER IF NOT EXISTS framewright@'%' IDENTIFIED BY '${password}'`,
    "GRANT ALL ON *.* TO framewright@'%' WITH GRANT OPTION",
    ...statements,
  ];
  return [
    `--init-file=${await write("init.sql", `${first.join(";\n")};\n`)}`,
    "--character-set-server=utf8mb4",
    "--skip-name-resolve",
    "--innodb-flush-log-at-trx-commit=0",
    "--max-connections=300",
    ...(tls === undefined
      ? []
      : [
          `--ssl-cert=${await write("server.crt", tls.cert)}`,
          `--ssl-key=${await write("server.key", tls.key)}`,
          `--ssl-ca=${await write("clients.crt", tls.clientCa)}`,
        ]),
  ];
}
