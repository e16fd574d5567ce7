/** A refusal in GoTrue's form. */
export class AuthError extends Error {
  override name = "AuthError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly extra: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** The body GoTrue writes for clients without `X-Supabase-Api-Version`, which lite writes too. */
  response(): Response {
    return Response.json(
      {
        code: this.status,
        error_code: this.code,
        msg: this.message,
        ...this.extra,
      },
      { status: this.status, headers: { "x-sb-error-code": this.code } },
    );
  }
}
