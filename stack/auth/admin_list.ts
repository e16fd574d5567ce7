import type { Session } from "../session.ts";
import { AuthError } from "./errors.ts";
import { userJson } from "./user.ts";

const DEFAULT_PER_PAGE = 50;

/** Lists users, newest first, a page at a time (GoTrue, internal/api/pagination.go). */
export async function listUsers(session: Session, url: URL): Promise<Response> {
  const page = pageParameter(url, "page", 1);
  const perPage = pageParameter(url, "per_page", DEFAULT_PER_PAGE);
  const offset = (Math.max(page, 1) - 1) * perPage;
  const [counted] = await session.query(
    "select count(*)::int as total from auth.users",
  );
  const rows = await session.query(
    `select ${userJson("null::jsonb")} as user from auth.users u
     order by created_at desc, id limit $1 offset $2`,
    [perPage, offset],
  );
  const total = Number(counted?.total);
  return Response.json({
    users: rows.map((row) => row.user),
    aud: "authenticated",
  }, {
    headers: {
      "x-total-count": String(total),
      link: links(url, page, perPage, total),
    },
  });
}

function links(url: URL, page: number, perPage: number, total: number): string {
  const last = Math.ceil(total / Math.max(perPage, 1));
  const link = (to: number, rel: string) => {
    const target = new URL(url);
    target.searchParams.set("page", String(to));
    const path = target.pathname.replace("/auth/v1", "");
    return `<${path}${target.search}>; rel="${rel}"`;
  };
  return [...(last > page ? [link(page + 1, "next")] : []), link(last, "last")]
    .join(", ");
}

function pageParameter(url: URL, name: string, fallback: number): number {
  const text = url.searchParams.get(name);
  if (!text) return fallback;
  if (/^\d+$/.test(text)) return Number(text);
  const reason = `strconv.ParseUint: parsing ${
    JSON.stringify(text)
  }: invalid syntax`;
  throw new AuthError(
    400,
    "validation_failed",
    `Bad Pagination Parameters: ${reason}`,
  );
}
