import postgres from "postgres";

/** A database of one's own on somebody's server, dropped in the end. */
export interface OwnDatabase extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
}

/** Creates one, empty or a copy of another that nobody is connected to. */
export async function createDatabase(
  server: string,
  template: { name: string } = { name: "template1" },
): Promise<OwnDatabase> {
  const name = `bench_${crypto.randomUUID().replaceAll("-", "")}`;
  await execute(server, `create database ${name} template ${template.name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    [Symbol.asyncDispose]: () =>
      execute(server, `drop database ${name} with (force)`),
  };
}

/** Runs statements, none of which is in a transaction. */
export async function execute(url: string, sql: string): Promise<void> {
  const connection = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await connection.unsafe(sql);
  } finally {
    await connection.end();
  }
}
