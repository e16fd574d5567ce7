export type Json = string | number | boolean | null | {
  [key: string]: Json | undefined;
} | Json[];

export type Database = {
  "public": {
    Tables: {
      "categories": {
        Row: {
          "id": number;
          "name": string;
          "parent_id": number | null;
        };
        ComputedFields: never;
        Insert: {
          "id"?: never;
          "name": string;
          "parent_id"?: number | null;
        };
        Update: {
          "id"?: never;
          "name"?: string;
          "parent_id"?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: "categories_parent_id_fkey";
            columns: ["parent_id"];
            isOneToOne: false;
            referencedRelation: "categories";
            referencedColumns: ["id"];
          },
        ];
      };
      "coach_details": {
        Row: {
          "bio": string | null;
          "hourly_rate": number | null;
          "profile_id": string;
        };
        ComputedFields: never;
        Insert: {
          "bio"?: string | null;
          "hourly_rate"?: number | null;
          "profile_id": string;
        };
        Update: {
          "bio"?: string | null;
          "hourly_rate"?: number | null;
          "profile_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "coach_details_profile_id_fkey";
            columns: ["profile_id"];
            isOneToOne: true;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      "enrolments": {
        Row: {
          "client_id": string;
          "client_user_id": string;
          "id": string;
          "program_id": string;
          "progress": number | null;
          "started_at": string | null;
          "status": Database["public"]["Enums"]["enrolment_status"];
          "stripe_checkout_session_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "client_id": string;
          "client_user_id": string;
          "id"?: string;
          "program_id": string;
          "progress"?: number | null;
          "started_at"?: string | null;
          "status"?: Database["public"]["Enums"]["enrolment_status"];
          "stripe_checkout_session_id"?: string | null;
        };
        Update: {
          "client_id"?: string;
          "client_user_id"?: string;
          "id"?: string;
          "program_id"?: string;
          "progress"?: number | null;
          "started_at"?: string | null;
          "status"?: Database["public"]["Enums"]["enrolment_status"];
          "stripe_checkout_session_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "enrolments_client_id_fkey";
            columns: ["client_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "enrolments_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "program_overview";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "enrolments_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "modules": {
        Row: {
          "id": string;
          "kind": string;
          "links": (string)[] | null;
          "position": number;
          "program_id": string;
          "title": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
          "kind": string;
          "links"?: (string)[] | null;
          "position": number;
          "program_id": string;
          "title": string;
        };
        Update: {
          "id"?: string;
          "kind"?: string;
          "links"?: (string)[] | null;
          "position"?: number;
          "program_id"?: string;
          "title"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "modules_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "program_overview";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "modules_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "organisations": {
        Row: {
          "created_at": string;
          "id": string;
          "name": string;
          "settings": NonNullable<Json>;
          "slug": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "id"?: string;
          "name": string;
          "settings"?: NonNullable<Json>;
          "slug": string;
        };
        Update: {
          "created_at"?: string;
          "id"?: string;
          "name"?: string;
          "settings"?: NonNullable<Json>;
          "slug"?: string;
        };
        Relationships: [];
      };
      "payments": {
        Row: {
          "amount_cents": number;
          "currency": string;
          "enrolment_id": string;
          "id": string;
          "paid_at": string | null;
          "refunded": boolean;
          "stripe_session": string | null;
        };
        ComputedFields: never;
        Insert: {
          "amount_cents": number;
          "currency"?: string;
          "enrolment_id": string;
          "id"?: string;
          "paid_at"?: string | null;
          "refunded"?: boolean;
          "stripe_session"?: string | null;
        };
        Update: {
          "amount_cents"?: number;
          "currency"?: string;
          "enrolment_id"?: string;
          "id"?: string;
          "paid_at"?: string | null;
          "refunded"?: boolean;
          "stripe_session"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "payments_enrolment_id_fkey";
            columns: ["enrolment_id"];
            isOneToOne: false;
            referencedRelation: "active_enrolments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "payments_enrolment_id_fkey";
            columns: ["enrolment_id"];
            isOneToOne: false;
            referencedRelation: "enrolments";
            referencedColumns: ["id"];
          },
        ];
      };
      "profiles": {
        Row: {
          "avatar_url": string | null;
          "created_at": string;
          "email": string | null;
          "id": string;
          "is_disabled": boolean;
          "name": string;
          "organisation_id": string | null;
          "search": unknown;
          "tags": (string)[];
          "timezone": string;
          "initials": string | null;
          "latest_session": {
            "coach_id": string;
            "during": unknown;
            "id": number;
            "module_id": string | null;
            "scheduled_at": string;
            "seats": number;
            "sequence": number;
            "status": string | null;
          } | null;
        };
        ComputedFields: "initials" | "latest_session";
        Insert: {
          "avatar_url"?: string | null;
          "created_at"?: string;
          "email"?: string | null;
          "id": string;
          "is_disabled"?: boolean;
          "name": string;
          "organisation_id"?: string | null;
          "search"?: unknown;
          "tags"?: (string)[];
          "timezone"?: string;
        };
        Update: {
          "avatar_url"?: string | null;
          "created_at"?: string;
          "email"?: string | null;
          "id"?: string;
          "is_disabled"?: boolean;
          "name"?: string;
          "organisation_id"?: string | null;
          "search"?: unknown;
          "tags"?: (string)[];
          "timezone"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "profiles_organisation_id_fkey";
            columns: ["organisation_id"];
            isOneToOne: false;
            referencedRelation: "organisations";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_tags": {
        Row: {
          "program_id": string;
          "tag_id": string;
        };
        ComputedFields: never;
        Insert: {
          "program_id": string;
          "tag_id": string;
        };
        Update: {
          "program_id"?: string;
          "tag_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "program_tags_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "program_overview";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "program_tags_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "program_tags_tag_id_fkey";
            columns: ["tag_id"];
            isOneToOne: false;
            referencedRelation: "tags";
            referencedColumns: ["id"];
          },
        ];
      };
      "programs": {
        Row: {
          "category_id": number | null;
          "created_at": string;
          "description": string | null;
          "id": string;
          "metadata": NonNullable<Json>;
          "name": string;
          "owner_id": string;
          "price": number | null;
          "price_cents": number;
          "reviewer_id": string | null;
          "starts_on": string | null;
          "visibility": string;
        };
        ComputedFields: never;
        Insert: {
          "category_id"?: number | null;
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "metadata"?: NonNullable<Json>;
          "name": string;
          "owner_id": string;
          "price"?: never;
          "price_cents"?: number;
          "reviewer_id"?: string | null;
          "starts_on"?: string | null;
          "visibility"?: string;
        };
        Update: {
          "category_id"?: number | null;
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "metadata"?: NonNullable<Json>;
          "name"?: string;
          "owner_id"?: string;
          "price"?: never;
          "price_cents"?: number;
          "reviewer_id"?: string | null;
          "starts_on"?: string | null;
          "visibility"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "programs_category_id_fkey";
            columns: ["category_id"];
            isOneToOne: false;
            referencedRelation: "categories";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "programs_owner_id_fkey";
            columns: ["owner_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "programs_reviewer_id_fkey";
            columns: ["reviewer_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      "session_guests": {
        Row: {
          "guest_id": string;
          "id": string;
          "session_id": number;
        };
        ComputedFields: never;
        Insert: {
          "guest_id": string;
          "id"?: string;
          "session_id": number;
        };
        Update: {
          "guest_id"?: string;
          "id"?: string;
          "session_id"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "session_guests_guest_id_fkey";
            columns: ["guest_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "session_guests_session_id_fkey";
            columns: ["session_id"];
            isOneToOne: false;
            referencedRelation: "sessions";
            referencedColumns: ["id"];
          },
        ];
      };
      "sessions": {
        Row: {
          "coach_id": string;
          "during": unknown;
          "id": number;
          "module_id": string | null;
          "scheduled_at": string;
          "seats": number;
          "sequence": number;
          "status": string | null;
        };
        ComputedFields: never;
        Insert: {
          "coach_id": string;
          "during"?: unknown;
          "id"?: never;
          "module_id"?: string | null;
          "scheduled_at": string;
          "seats"?: number;
          "sequence": number;
          "status"?: string | null;
        };
        Update: {
          "coach_id"?: string;
          "during"?: unknown;
          "id"?: never;
          "module_id"?: string | null;
          "scheduled_at"?: string;
          "seats"?: number;
          "sequence"?: number;
          "status"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "sessions_coach_id_fkey";
            columns: ["coach_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "sessions_module_id_fkey";
            columns: ["module_id"];
            isOneToOne: false;
            referencedRelation: "modules";
            referencedColumns: ["id"];
          },
        ];
      };
      "tags": {
        Row: {
          "id": string;
          "label": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
          "label": string;
        };
        Update: {
          "id"?: string;
          "label"?: string;
        };
        Relationships: [];
      };
      "user_roles": {
        Row: {
          "id": string;
          "role": Database["public"]["Enums"]["app_role"];
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
          "role": Database["public"]["Enums"]["app_role"];
          "user_id": string;
        };
        Update: {
          "id"?: string;
          "role"?: Database["public"]["Enums"]["app_role"];
          "user_id"?: string;
        };
        Relationships: [];
      };
    };
    Views: {
      "active_enrolments": {
        Row: {
          "checkout": string | null;
          "client_id": string;
          "id": string;
          "program_id": string;
          "status": Database["public"]["Enums"]["enrolment_status"];
        };
        ComputedFields: never;
        Insert: {
          "checkout"?: never;
          "client_id"?: string | null;
          "id"?: string | null;
          "program_id"?: string | null;
          "status"?: Database["public"]["Enums"]["enrolment_status"] | null;
        };
        Update: {
          "checkout"?: never;
          "client_id"?: string | null;
          "id"?: string | null;
          "program_id"?: string | null;
          "status"?: Database["public"]["Enums"]["enrolment_status"] | null;
        };
        Relationships: [
          {
            foreignKeyName: "enrolments_client_id_fkey";
            columns: ["client_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "enrolments_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "program_overview";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "enrolments_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_counts": {
        Row: {
          "enrolments": number | null;
          "program_id": string;
        };
        ComputedFields: never;
        Relationships: [
          {
            foreignKeyName: "enrolments_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "program_overview";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "enrolments_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_overview": {
        Row: {
          "category_id": number | null;
          "id": string;
          "name": string;
          "owner_id": string;
          "owner_name": string;
        };
        ComputedFields: never;
        Relationships: [
          {
            foreignKeyName: "programs_category_id_fkey";
            columns: ["category_id"];
            isOneToOne: false;
            referencedRelation: "categories";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "programs_owner_id_fkey";
            columns: ["owner_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
    };
    Functions: {
      "add_points":
        | { Args: { "p_points": number; "p_user": string }; Returns: number }
        | { Args: { "p_points": string; "p_user": string }; Returns: number };
      "enrol": {
        Args: {
          "p_client_id": string;
          "p_program_id": string;
          "p_status"?: Database["public"]["Enums"]["enrolment_status"];
        };
        Returns: string;
      };
      "find_tag":
        | { Args: { "p_id": string }; Returns: string }
        | { Args: { "p_label": string }; Returns: string };
      "import_rows": { Args: { "": Json }; Returns: number };
      "initials": {
        Args: { "": Database["public"]["Tables"]["profiles"]["Row"] };
        Returns:
          & { error: true }
          & "the function public.initials with parameter or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache";
      };
      "latest_session": {
        Args: { "": Database["public"]["Tables"]["profiles"]["Row"] };
        Returns:
          & { error: true }
          & "the function public.latest_session with parameter or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache";
        SetofOptions: {
          from: "profiles";
          to: "sessions";
          isOneToOne: true;
          isSetofReturn: true;
        };
      };
      "ping": { Args: Record<PropertyKey, never>; Returns: string };
      "programs_of": {
        Args: { "p_owner_id": string };
        Returns: {
          "category_id": number | null;
          "created_at": string;
          "description": string | null;
          "id": string;
          "metadata": NonNullable<Json>;
          "name": string;
          "owner_id": string;
          "price": number | null;
          "price_cents": number;
          "reviewer_id": string | null;
          "starts_on": string | null;
          "visibility": string;
        }[];
        SetofOptions: {
          from: "*";
          to: "programs";
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      "purge": { Args: Record<PropertyKey, never>; Returns: number };
      "roll_over": {
        Args: { "p_max_months": number; "p_owner": string };
        Returns: number;
      };
      "usage_report": {
        Args: { "p_from": string; "p_to"?: string };
        Returns: {
          "minutes": number;
          "program_id": string;
          "status": Database["public"]["Enums"]["enrolment_status"];
        }[];
      };
    };
    Enums: {
      "app_role": "admin" | "coach" | "client";
      "enrolment_status": "active" | "completed" | "paused";
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">;

type DefaultSchema =
  DatabaseWithoutInternals[Extract<keyof Database, "public">];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof (
      & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]][
        "Tables"
      ]
      & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]][
        "Views"
      ]
    )
    : never = never,
> = DefaultSchemaTableNameOrOptions extends
  { schema: keyof DatabaseWithoutInternals } ? (
    & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]][
      "Tables"
    ]
    & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]][
      "Views"
    ]
  )[TableName] extends {
    Row: infer R;
  } ? R
  : never
  : DefaultSchemaTableNameOrOptions extends
    keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[
      DefaultSchemaTableNameOrOptions
    ] extends {
      Row: infer R;
    } ? R
    : never
  : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]][
      "Tables"
    ]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends
  { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]][
    "Tables"
  ][TableName] extends {
    Insert: infer I;
  } ? I
  : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I;
    } ? I
    : never
  : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]][
      "Tables"
    ]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends
  { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]][
    "Tables"
  ][TableName] extends {
    Update: infer U;
  } ? U
  : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U;
    } ? U
    : never
  : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]][
      "Enums"
    ]
    : never = never,
> = DefaultSchemaEnumNameOrOptions extends
  { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][
    EnumName
  ]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[
      PublicCompositeTypeNameOrOptions["schema"]
    ]["CompositeTypes"]
    : never = never,
> = PublicCompositeTypeNameOrOptions extends
  { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]][
    "CompositeTypes"
  ][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends
    keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never;

export const Constants = {
  "public": {
    Enums: {
      "app_role": ["admin", "coach", "client"],
      "enrolment_status": ["active", "completed", "paused"],
    },
  },
} as const;
