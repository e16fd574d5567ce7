import type { ParameterOrJSON, Sql } from "postgres";

/** What a statement sets, by column. */
type Values = Record<string, unknown>;

/**
 * The statements of GoTrue on a connection as supabase_auth_admin: table names without a schema, every column
 * of a new row named, times from its own clock, and no default relied on (internal/models).
 */
export class GoTrue {
  constructor(private readonly sql: Sql) {}

  /** A row of users with what GoTrue gives each new one. */
  async signUp(values: Values): Promise<string> {
    const id = crypto.randomUUID();
    const now = new Date();
    await this.insert("users", {
      instance_id: "00000000-0000-0000-0000-000000000000",
      id,
      aud: "authenticated",
      role: "authenticated",
      email: null,
      phone: null,
      encrypted_password: "",
      email_confirmed_at: null,
      phone_confirmed_at: null,
      invited_at: null,
      confirmation_token: "",
      confirmation_sent_at: null,
      recovery_token: "",
      recovery_sent_at: null,
      email_change_token_new: "",
      email_change_token_current: "",
      email_change: "",
      email_change_sent_at: null,
      email_change_confirm_status: 0,
      phone_change: "",
      phone_change_token: "",
      phone_change_sent_at: null,
      reauthentication_token: "",
      reauthentication_sent_at: null,
      last_sign_in_at: null,
      raw_app_meta_data: {},
      raw_user_meta_data: {},
      is_super_admin: null,
      banned_until: null,
      deleted_at: null,
      is_sso_user: false,
      is_anonymous: false,
      created_at: now,
      updated_at: now,
      ...values,
    });
    return id;
  }

  async addIdentity(
    userId: string,
    provider: string,
    providerId: string,
    data: Values,
  ): Promise<void> {
    const now = new Date();
    await this.insert("identities", {
      provider_id: providerId,
      user_id: userId,
      identity_data: { sub: providerId, ...data },
      provider,
      last_sign_in_at: now,
      created_at: now,
      updated_at: now,
    });
    await this.update(userId, {
      raw_app_meta_data: { provider, providers: [provider] },
    });
  }

  /** Sets columns of a user. */
  async update(id: string, values: Values): Promise<void> {
    const changed = { ...values, updated_at: new Date() };
    const places = Object.keys(changed).map((name, at) =>
      `"${name}" = $${at + 2}`
    );
    await this.run(
      `update users as users set ${places.join()} where users.id = $1`,
      [id, ...Object.values(changed)],
    );
  }

  /** A token in a mail: its hash stands by the user and among the one-time tokens. */
  async sendToken(
    userId: string,
    type: string,
    relatesTo: string,
  ): Promise<void> {
    await this.sql`delete from one_time_tokens
      where user_id = ${userId} and token_type = ${type}`;
    await this.insert("one_time_tokens", {
      id: crypto.randomUUID(),
      user_id: userId,
      token_type: type,
      token_hash: crypto.randomUUID(),
      relates_to: relatesTo,
    });
  }

  async clearTokens(userId: string): Promise<void> {
    await this.sql`delete from one_time_tokens where user_id = ${userId}`;
  }

  async confirmEmail(userId: string): Promise<void> {
    const [identity] = await this.sql`
      select id, identity_data from identities where user_id = ${userId} and provider = 'email'`;
    if (identity) {
      await this.sql`update identities as identities
        set identity_data = ${
        this.sql.json({ ...identity.identity_data, email_verified: true })
      }, updated_at = ${new Date()}
        where identities.id = ${identity.id}`;
    }
    await this.update(userId, {
      confirmation_token: "",
      email_confirmed_at: new Date(),
    });
    await this.clearTokens(userId);
  }

  async signIn(userId: string): Promise<string> {
    const now = new Date();
    const session = crypto.randomUUID();
    await this.insert("sessions", {
      id: session,
      user_id: userId,
      aal: "aal1",
      created_at: now,
      updated_at: now,
    });
    await this.insert("refresh_tokens", {
      instance_id: "00000000-0000-0000-0000-000000000000",
      token: crypto.randomUUID(),
      user_id: userId,
      parent: null,
      revoked: false,
      session_id: session,
      created_at: now,
      updated_at: now,
    });
    await this.update(userId, { last_sign_in_at: now });
    return session;
  }

  /** DELETE /admin/users/:id with should_soft_delete: nothing readable stays (SoftDeleteUser). */
  async softDelete(userId: string): Promise<void> {
    await this.update(userId, {
      email: crypto.randomUUID().replaceAll("-", ""),
      phone: null,
      email_change: "",
      phone_change: "",
      encrypted_password: null,
      confirmation_token: "",
      recovery_token: "",
      email_change_token_current: "",
      email_change_token_new: "",
      phone_change_token: "",
      deleted_at: new Date(),
      raw_user_meta_data: {},
      raw_app_meta_data: {},
    });
    await this.clearTokens(userId);
    await this.sql`update identities as identities
      set identity_data = '{}', provider_id = ${crypto.randomUUID()}
      where user_id = ${userId}`;
    await this.sql`delete from sessions where user_id = ${userId}`;
  }

  async hardDelete(userId: string): Promise<void> {
    await this.sql`delete from users as users where users.id = ${userId}`;
  }

  private async insert(table: string, values: Values): Promise<void> {
    const names = Object.keys(values).map((name) => `"${name}"`);
    const places = names.map((_, at) => `$${at + 1}`);
    await this.run(
      `insert into "${table}" (${names.join()}) values (${places.join()})`,
      Object.values(values),
    );
  }

  private async run(statement: string, values: unknown[]): Promise<void> {
    await this.sql.unsafe(statement, values as ParameterOrJSON<never>[]);
  }
}
