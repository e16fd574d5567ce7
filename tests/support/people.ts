import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { anonClient, type Client, secretClient } from "./stack.ts";

type Role = Database["public"]["Enums"]["app_role"];

/** A person with a login of their own. */
export interface Person {
  id: string;
  email: string;
  password: string;
  name: string;
  /** supabase-js, signed in as this person. */
  client: Client;
  /** The access token of that session. */
  token: string;
}

/** What a test wants of a person; the rest is made up. */
export interface NewPerson {
  role?: Role;
  name?: string;
  email?: string;
  password?: string;
}

/** An address that nobody else in any test has. */
export function uniqueEmail(local = "person"): string {
  return `${local}.${crypto.randomUUID().slice(0, 13)}@example.com`;
}

/** Signs somebody up, confirmed, and in. */
export async function createPerson(
  { role, name = "Ana Pop", email = uniqueEmail(), password = "correct horse" }:
    NewPerson = {},
): Promise<Person> {
  const id = await createUser({
    email,
    password,
    email_confirm: true,
    user_metadata: { name },
  });
  if (role) {
    const { error } = await secretClient().from("user_roles").insert({
      user_id: id,
      role,
    });
    if (error) throw error;
  }
  const client = anonClient();
  const { data, error } = await client.auth.signInWithPassword({
    email,
    password,
  });
  if (error) throw error;
  return {
    id,
    email,
    password,
    name,
    client,
    token: data.session.access_token,
  };
}

/** Signs somebody up by the public form. Returns the id. */
export async function signUp(
  credentials: Parameters<Client["auth"]["signUp"]>[0],
): Promise<string> {
  const { data, error } = await anonClient().auth.signUp(credentials);
  if (error) throw error;
  if (!data.user) throw new Error("signed up without a user");
  return data.user.id;
}

/** Makes a user by the Auth admin API, as an invitation or an import does. Returns the id. */
export async function createUser(
  attributes: Parameters<Client["auth"]["admin"]["createUser"]>[0],
): Promise<string> {
  const { data, error } = await secretClient().auth.admin.createUser(
    attributes,
  );
  if (error) throw error;
  return data.user.id;
}

/** Changes a user by the Auth admin API. */
export async function updateUser(
  id: string,
  attributes: Parameters<Client["auth"]["admin"]["updateUserById"]>[1],
): Promise<void> {
  const { error } = await secretClient().auth.admin.updateUserById(
    id,
    attributes,
  );
  if (error) throw error;
}

/** Bans somebody, so that they can no longer sign in. */
export async function disable(person: { id: string }): Promise<void> {
  await updateUser(person.id, { ban_duration: "876000h" });
}
