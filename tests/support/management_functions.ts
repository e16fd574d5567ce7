import * as z from "zod/mini";
import type { DeployedFunction, ManagedProject } from "./management_project.ts";
import { Refused } from "./management_refused.ts";

const Slug = z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_-]*$/));

const Metadata = z.strictObject({
  entrypoint_path: z.string(),
  import_map_path: z.optional(z.string()),
  static_patterns: z.optional(z.array(z.string())),
  verify_jwt: z.optional(z.boolean()),
  name: z.optional(z.string()),
});

const Updates = z.array(z.looseObject({
  id: z.string(),
  slug: Slug,
  name: z.string(),
  status: z.enum(["ACTIVE", "REMOVED", "THROTTLED"]),
  version: z.number(),
  verify_jwt: z.optional(z.boolean()),
  entrypoint_path: z.optional(z.string()),
}));

/** `POST functions/deploy`: takes sources; with `bundleOnly` nothing is served until `PUT functions`. */
export async function deployFunction(
  project: ManagedProject,
  request: Request,
): Promise<DeployedFunction> {
  const { searchParams } = new URL(request.url);
  const slug = Slug.safeParse(searchParams.get("slug"));
  if (!slug.success) throw new Refused(400, "slug: invalid");
  const form = await request.formData();
  const metadata = Metadata.safeParse(
    JSON.parse(await text(form.get("metadata"))),
  );
  if (!metadata.success) throw new Refused(400, "metadata: invalid");
  const { entrypoint_path, import_map_path, verify_jwt = true } = metadata.data;
  const files = new Map<string, string>();
  for (const file of form.getAll("file")) {
    if (typeof file === "string") throw new Refused(400, "file: invalid");
    files.set(file.name, await file.text());
  }
  for (const path of [entrypoint_path, import_map_path]) {
    if (path && !files.has(path)) {
      throw new Refused(400, `${path}: Module not found`);
    }
  }
  project.sources.set(slug.data, files);
  const bundled: DeployedFunction = {
    id: crypto.randomUUID(),
    slug: slug.data,
    name: slug.data,
    status: "ACTIVE",
    version: 1,
    created_at: Date.UTC(2026, 0),
    updated_at: Date.UTC(2026, 0),
    verify_jwt,
    import_map: Boolean(import_map_path),
    entrypoint_path,
    ezbr_sha256: "0".repeat(64),
  };
  if (searchParams.get("bundleOnly") !== "true") put(project, bundled);
  return bundled;
}

/** `PUT functions`: makes what was bundled the version that is served. */
export function updateFunctions(project: ManagedProject, body: unknown) {
  const updates = Updates.safeParse(body);
  if (!updates.success) throw new Refused(400, "Bad Request");
  for (
    const { slug, verify_jwt = true, entrypoint_path = "" } of updates.data
  ) {
    if (!project.sources.has(slug)) {
      throw new Refused(
        400,
        `${slug}: no bundle`,
      );
    }
    put(project, {
      id: crypto.randomUUID(),
      slug,
      name: slug,
      status: "ACTIVE",
      version: 1,
      created_at: Date.UTC(2026, 0),
      updated_at: Date.UTC(2026, 0),
      verify_jwt,
      import_map: true,
      entrypoint_path,
      ezbr_sha256: "0".repeat(64),
    });
  }
  return { functions: project.functions };
}

function put(project: ManagedProject, deployed: DeployedFunction): void {
  const { functions } = project;
  const at = functions.findIndex(({ slug }) => slug === deployed.slug);
  const version = (functions[at]?.version ?? 0) + 1;
  functions.splice(at < 0 ? functions.length : at, 1, { ...deployed, version });
}

async function text(entry: FormDataEntryValue | null): Promise<string> {
  if (entry === null) throw new Refused(400, "metadata: missing");
  return typeof entry === "string" ? entry : await entry.text();
}
