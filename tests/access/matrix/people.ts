import { type Session } from "../../support/sql.ts";

/** The people of the matrix, by their ids. */
export interface People {
  /** Whom the rows are about. */
  owner: string;
  /** A user who has nothing to do with the owner. */
  other: string;
  /** A coach and instructor who has nothing to do with the owner either. */
  coach: string;
  /** Of the owner's organisation. */
  orgAdmin: string;
  orgMember: string;
  /** Coach and instructor of the owner, the programme and the module. */
  staff: string;
  /** A platform admin. */
  admin: string;
}

/** Signs them up and gives them their platform roles. */
export async function givenPeople(sql: Session): Promise<People> {
  const people: People = {
    owner: crypto.randomUUID(),
    other: crypto.randomUUID(),
    coach: crypto.randomUUID(),
    orgAdmin: crypto.randomUUID(),
    orgMember: crypto.randomUUID(),
    staff: crypto.randomUUID(),
    admin: crypto.randomUUID(),
  };
  await sql.query(
    `insert into auth.users (id, email)
     select id, id || '@example.com' from unnest($1::text[]::uuid[]) as id`,
    [`{${Object.values(people).join()}}`],
  );
  for (
    const [person, role] of [
      ["other", "client"],
      ["coach", "coach"],
      ["coach", "instructor"],
      ["staff", "coach"],
      ["staff", "instructor"],
      ["admin", "admin"],
    ] as const
  ) {
    await sql.query(
      "insert into public.user_roles (user_id, role) values ($1, $2)",
      [people[person], role],
    );
  }
  return people;
}

/** Makes the organisation's other two people its admin and a member; the owner is one already. */
export async function joinOrganization(
  sql: Session,
  organization: unknown,
  { orgAdmin, orgMember }: People,
): Promise<void> {
  await sql.query(
    `insert into public.organization_members (organization_id, user_id, role)
     values ($1, $2, 'org_admin'), ($1, $3, 'org_member')`,
    [organization, orgAdmin, orgMember],
  );
}
