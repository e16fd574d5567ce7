import postgres from "postgres";
import { postgresSession, type Session } from "../../stack/session.ts";

/** Ends the transaction so that the database is as it was. */
class Undo extends Error {}

/** Runs work in a transaction on a database, and undoes all that it did. */
export async function undone<T>(
  url: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connect_timeout: 10,
  });
  const done: T[] = [];
  try {
    await sql.begin(async (transaction) => {
      done.push(await work(postgresSession(transaction)));
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  } finally {
    await sql.end();
  }
  const [result] = done;
  if (result === undefined) throw new TypeError("the work gave nothing");
  return result;
}
