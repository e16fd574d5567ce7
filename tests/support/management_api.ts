import { ManagedProject } from "./management_project.ts";
import { patchConfig } from "./management_config.ts";
import { deployFunction, updateFunctions } from "./management_functions.ts";
import { Refused } from "./management_refused.ts";

/** One request, without what it carried. */
interface Recorded {
  method: string;
  /** Without `/v1/projects/<ref>`. */
  path: string;
}

/** A stand-in for api.supabase.com. */
export interface ManagementApi extends AsyncDisposable {
  project: ManagedProject;
  /** What the CLI is told with SUPABASE_ACCESS_TOKEN and `--profile`. */
  token: string;
  profile: string;
  /** Requests that would change something, in order. */
  changes(): string[];
  /** Answers 500 to the requests that `<method> <path>` names, until it is taken back. */
  failing: string | undefined;
}

const JSON_TYPE = { "Content-Type": "application/json" };

/**
 * Serves the management API of one project on loopback, as strict as its description is: the bearer token,
 * the reference, the types and limits of what is sent. It keeps what it is given.
 */
export async function startManagementApi(ref: string): Promise<ManagementApi> {
  const token = `sbp_${crypto.randomUUID().replaceAll("-", "")}01234567`;
  const project = new ManagedProject(ref);
  const recorded: Recorded[] = [];
  const api = { failing: undefined as string | undefined };

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const path = new URL(request.url).pathname;
      try {
        if (request.headers.get("authorization") !== `Bearer ${token}`) {
          throw new Refused(401, "Unauthorized");
        }
        const [, version, id, rest = ""] =
          /^\/(v[12])\/projects\/([^/]+)(\/.*)?$/.exec(path) ?? [];
        if (!version || id !== ref) throw new Refused(404, "Not Found");
        recorded.push({ method: request.method, path: rest });
        if (api.failing === `${request.method} ${rest}`) {
          throw new Refused(500, "Internal server error");
        }
        return await answer(project, `${version} ${rest}`, request);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return new Response(JSON.stringify({ message: error.message }), {
          status: error.status,
          headers: JSON_TYPE,
        });
      }
    },
  );
  const folder = await Deno.makeTempDir({ prefix: "management-api-" });
  const profile = `${folder}/profile.yaml`;
  const address = `http://127.0.0.1:${server.addr.port}`;
  await Deno.writeTextFile(
    profile,
    `name: loopback\napi_url: ${address}\ndashboard_url: ${address}/dashboard\n` +
      `docs_url: ${address}/docs\nproject_host: supabase.test\n`,
  );
  return Object.assign(api, {
    project,
    token,
    profile,
    changes: () =>
      recorded.filter(({ method }) => method !== "GET")
        .map(({ method, path }) => `${method} ${path}`),
    [Symbol.asyncDispose]: async () => {
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    },
  });
}

async function answer(
  project: ManagedProject,
  path: string,
  request: Request,
): Promise<Response> {
  const json = (body: unknown, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: JSON_TYPE });
  switch (`${request.method} ${path}`) {
    case "GET v1 ":
      return json(project.describe());
    case "GET v1 /secrets":
      return json(await project.listSecrets());
    case "POST v1 /secrets":
      project.setSecrets(await request.json());
      return new Response(null, { status: 201 });
    case "GET v1 /functions":
      return json(project.functions);
    case "POST v1 /functions/deploy":
      return json(await deployFunction(project, request), 201);
    case "PUT v1 /functions":
      return json(updateFunctions(project, await request.json()));
    case "GET v1 /api-keys":
      return json(project.apiKeys(new URL(request.url).searchParams));
    case "GET v1 /billing/addons":
      return json({ selected_addons: [], available_addons: [] });
    case "GET v2 /config":
      return json(project.configuration());
    case "PATCH v1 /postgrest":
      return json(patchConfig(project.config.api, await request.json()));
    case "PATCH v1 /config/auth":
      return json(
        patchConfig(project.config.auth, await request.json()),
      );
  }
  throw new Refused(404, `Cannot ${request.method} ${path}`);
}
