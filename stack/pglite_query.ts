import { Buffer } from "node:buffer";
import { messages, parse, type PGlite, protocol } from "@electric-sql/pglite";

const { serialize } = protocol;

type Message = messages.BackendMessage;

/** What a statement answered. */
export type Answer = ReturnType<typeof parse.parseResults>[number];

/**
 * Makes `driver.query` send a statement in one message, or two where it has parameters, whose types have
 * to be asked for. Its own sends six, and copies the parser of every type there is for each result: that
 * is most of what a request costs.
 */
export function quickQuery(driver: PGlite): void {
  Reflect.set(
    driver,
    "query",
    (sql: string, parameters: unknown[] = []) => query(driver, sql, parameters),
  );
}

/** Runs statements, without parameters, in one message. @throws {DatabaseError} of the first that fails */
export async function script(driver: PGlite, sql: string): Promise<void> {
  await driver.runExclusive(() => send(driver, serialize.query(sql)));
}

/** Runs one statement by the extended protocol. @throws {DatabaseError} */
async function query(
  driver: PGlite,
  sql: string,
  parameters: unknown[],
): Promise<Answer> {
  const received = await driver.runExclusive(() =>
    parameters.length === 0
      ? send(driver, serialize.parse({ text: sql }), ...run([]))
      : sendWith(driver, sql, parameters)
  );
  const parsers = parsersFor(driver, received);
  const [answer] = parse.parseResults(received, parsers);
  return answer ?? { rows: [], fields: [], affectedRows: 0 };
}

async function sendWith(
  driver: PGlite,
  sql: string,
  parameters: unknown[],
): Promise<Message[]> {
  try {
    const described = await send(
      driver,
      serialize.parse({ text: sql }),
      serialize.describe({ type: "S" }),
    );
    const types = parse.parseDescribeStatementResults(described);
    const values = parameters.map((parameter, at) =>
      text(driver, parameter, types[at])
    );
    return await send(driver, ...run(values));
  } catch (error) {
    await send(driver, serialize.sync()); // until then the server passes over everything
    throw error;
  }
}

/** Runs the statement that was parsed last. */
function run(values: (string | null)[]): Uint8Array[] {
  return [
    serialize.bind({ values }),
    serialize.describe({ type: "P" }),
    serialize.execute(),
    serialize.sync(),
  ];
}

function text(
  driver: PGlite,
  parameter: unknown,
  type: number | undefined,
): string | null {
  if (parameter === null || parameter === undefined) return null;
  const serializer = type === undefined ? undefined : driver.serializers[type];
  return serializer ? serializer(parameter) : String(parameter);
}

function parsersFor({ parsers }: PGlite, received: Message[]) {
  const types = received
    .filter((message) => message instanceof messages.RowDescriptionMessage)
    .flatMap(({ fields }) => fields.map(({ dataTypeID }) => dataTypeID));
  return Object.fromEntries(
    types.flatMap((type) => {
      const parser = parsers[type];
      return parser ? [[type, parser]] : [];
    }),
  );
}

async function send(
  driver: PGlite,
  ...parts: Uint8Array[]
): Promise<Message[]> {
  return await driver.execProtocolStream(Buffer.concat(parts));
}
