import type { Catalog } from "../../../drift/catalog/catalog.ts";
import { fromTypes } from "../../../drift/catalog/from_types.ts";

/** What `supabase gen types` writes for three tables and a function. */
export const TYPES = `export type Json = string | number | boolean | null;

export type Database = {
  public: {
    Tables: {
      profiles: {
        Row: { id: string; name: string | null; age: number | null };
        Insert: { id: string; name?: string | null; age?: number | null };
        Update: { id?: string; name?: string | null; age?: number | null };
        Relationships: [];
      };
      pets: {
        Row: { id: string; nme: string };
        Insert: { id: string; nme: string };
        Update: { id?: string; nme?: string };
        Relationships: [];
      };
      toys: {
        Row: { id: string; owner_id: string; pet_id: string };
        Insert: { id: string; owner_id: string; pet_id: string };
        Update: { id?: string; owner_id?: string; pet_id?: string };
        Relationships: [
          {
            foreignKeyName: "toys_owner_id_fkey";
            columns: ["owner_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "toys_pet_id_fkey";
            columns: ["pet_id"];
            isOneToOne: false;
            referencedRelation: "pets";
            referencedColumns: ["id"];
          },
        ];
      };
    };
    Views: {};
    Functions: {
      has_role: { Args: { _user_id: string }; Returns: boolean };
    };
    Enums: {};
    CompositeTypes: {};
  };
};
`;

export const catalog: Catalog = fromTypes(TYPES);
