import * as path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { z } from "zod/mini";
import { groundOf, type Tell } from "../ground.ts";
import type { Judged } from "../finding.ts";
import type { Options } from "../options.ts";
import { defaultPaths, readSources, statOf } from "../paths.ts";
import { Workspace } from "../workspace.ts";
import { actionsFor, diagnosticOf } from "./diagnostics.ts";
import { framed, type Message, messagesIn } from "./messages.ts";

const Position = z.object({ line: z.number(), character: z.number() });
const Document = z.object({ uri: z.string() });
const Initialize = z.object({
  rootUri: z.optional(z.nullable(z.string())),
});
const Opened = z.object({
  textDocument: z.object({ uri: z.string(), text: z.string() }),
});
const Changed = z.object({
  textDocument: Document,
  contentChanges: z.array(z.object({ text: z.string() })),
});
const OfDocument = z.object({ textDocument: Document });
const Asked = z.object({
  textDocument: Document,
  range: z.object({ start: Position, end: Position }),
});
const Watched = z.object({ changes: z.array(Document) });

/** What makes the database, or says what of it is exposed. */
const OF_DATABASE = /\.sql$|config\.toml$/;

const METHOD_NOT_FOUND = -32601;
const FULL_TEXT = 1;

/** A language server: what is open is judged at every change. */
export class Server {
  #workspace: Workspace | undefined;
  readonly #found = new Map<string, readonly Judged[]>();

  constructor(
    private readonly options: Options,
    private readonly send: (message: object) => void,
  ) {}

  /** Answers a message. @returns whether there may be another */
  async take({ id, method, params }: Message): Promise<boolean> {
    switch (method) {
      case "initialize": {
        const { rootUri } = Initialize.parse(params);
        if (rootUri) process.chdir(fileURLToPath(rootUri));
        await this.#load();
        const capabilities = {
          textDocumentSync: { openClose: true, change: FULL_TEXT, save: true },
          codeActionProvider: true,
        };
        this.send({
          id,
          result: { capabilities, serverInfo: { name: "drift" } },
        });
        return true;
      }
      case "textDocument/didOpen": {
        const { uri, text } = Opened.parse(params).textDocument;
        this.#change(uri, text);
        return true;
      }
      case "textDocument/didChange": {
        const { textDocument, contentChanges } = Changed.parse(params);
        const last = contentChanges.at(-1);
        if (last) this.#change(textDocument.uri, last.text);
        return true;
      }
      case "textDocument/didSave":
        return await this.#saved([OfDocument.parse(params).textDocument.uri]);
      case "workspace/didChangeWatchedFiles":
        return await this.#saved(
          Watched.parse(params).changes.map(({ uri }) => uri),
        );
      case "textDocument/didClose":
        this.#found.delete(OfDocument.parse(params).textDocument.uri);
        return true;
      case "textDocument/codeAction": {
        const { textDocument: { uri }, range } = Asked.parse(params);
        const found = this.#found.get(uri) ?? [];
        this.send({ id, result: actionsFor(uri, found, range) });
        return true;
      }
      case "shutdown":
        this.send({ id, result: null });
        return true;
      case "exit":
        return false;
    }
    if (id !== undefined && method !== undefined) {
      this.send({ id, error: { code: METHOD_NOT_FOUND, message: method } });
    }
    return true;
  }

  async #load(): Promise<void> {
    const { paths } = this.options;
    const sources = await readSources(
      paths.length > 0 ? paths : await defaultPaths(),
    );
    const { catalog } = await groundOf(this.options, this.#tell);
    this.#workspace = new Workspace(sources, catalog);
  }

  readonly #tell: Tell = {
    progress: () => {},
    say: (message) =>
      this.send({
        method: "window/logMessage",
        params: { type: 2, message },
      }),
  };

  #change(uri: string, text: string): void {
    this.#workspace?.change(fileOf(uri), text);
    this.#publish(uri);
  }

  #publish(uri: string): void {
    const file = fileOf(uri);
    const source = this.#workspace?.sources.find((it) => it.file === file);
    if (!this.#workspace || !source) return;
    const findings = this.#workspace.judge(file)
      .filter(({ level }) => this.options.advice || level === "drift");
    this.#found.set(uri, findings);
    const lines = source.text.split(/\r\n|[\n\r\u2028\u2029]/);
    this.send({
      method: "textDocument/publishDiagnostics",
      params: {
        uri,
        diagnostics: findings.map((it) => diagnosticOf(it, lines)),
      },
    });
  }

  /** Another database makes every finding another; another file, those of the files that use it. */
  async #saved(uris: readonly string[]): Promise<boolean> {
    if (uris.some((uri) => OF_DATABASE.test(uri)) && this.#workspace) {
      const { catalog } = await groundOf(this.options, this.#tell);
      this.#workspace.catalog = catalog;
    }
    for (const uri of uris) {
      const file = fileOf(uri);
      if (this.#found.has(uri) || OF_DATABASE.test(uri)) continue;
      const isThere = await statOf(file) !== undefined;
      const known = this.#workspace?.sources.some((it) => it.file === file);
      if (!known) continue;
      const [source] = isThere ? await readSources([file]) : [];
      this.#workspace?.change(file, source?.text);
    }
    for (const uri of this.#found.keys()) this.#publish(uri);
    return true;
  }
}

function fileOf(uri: string): string {
  return path.relative(process.cwd(), fileURLToPath(uri)).replaceAll("\\", "/");
}

/** Serves on standard input and output until the editor ends it. */
export async function serve(options: Options): Promise<void> {
  const server = new Server(
    options,
    (message) => process.stdout.write(framed(message)),
  );
  for await (const message of messagesIn(process.stdin)) {
    if (!await server.take(message)) return;
  }
}
