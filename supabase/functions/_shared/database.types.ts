export type Json = string | number | boolean | null | {
  [key: string]: Json | undefined;
} | Json[];

export type Database = {
  "public": {
    Tables: {
      "add_on_consumption_log": {
        Row: {
          "action_reference_id": string | null;
          "action_type": string;
          "created_at": string;
          "id": string;
          "notes": string | null;
          "quantity_consumed": number;
          "user_add_on_id": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "action_reference_id"?: string | null;
          "action_type": string;
          "created_at"?: string;
          "id"?: string;
          "notes"?: string | null;
          "quantity_consumed"?: number;
          "user_add_on_id": string;
          "user_id": string;
        };
        Update: {
          "action_reference_id"?: string | null;
          "action_type"?: string;
          "created_at"?: string;
          "id"?: string;
          "notes"?: string | null;
          "quantity_consumed"?: number;
          "user_add_on_id"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "add_on_consumption_log_user_add_on_id_fkey";
            columns: ["user_add_on_id"];
            isOneToOne: false;
            referencedRelation: "user_add_ons";
            referencedColumns: ["id"];
          },
        ];
      };
      "add_on_features": {
        Row: {
          "add_on_id": string;
          "created_at": string;
          "feature_id": string;
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "add_on_id": string;
          "created_at"?: string;
          "feature_id": string;
          "id"?: string;
        };
        Update: {
          "add_on_id"?: string;
          "created_at"?: string;
          "feature_id"?: string;
          "id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "add_on_features_add_on_id_fkey";
            columns: ["add_on_id"];
            isOneToOne: false;
            referencedRelation: "add_ons";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "add_on_features_feature_id_fkey";
            columns: ["feature_id"];
            isOneToOne: false;
            referencedRelation: "features";
            referencedColumns: ["id"];
          },
        ];
      };
      "add_ons": {
        Row: {
          "created_at": string;
          "description": string | null;
          "display_name": string | null;
          "id": string;
          "initial_quantity": number | null;
          "is_active": boolean;
          "is_consumable": boolean;
          "key": string;
          "name": string;
          "price_cents": number | null;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description"?: string | null;
          "display_name"?: string | null;
          "id"?: string;
          "initial_quantity"?: number | null;
          "is_active"?: boolean;
          "is_consumable"?: boolean;
          "key": string;
          "name": string;
          "price_cents"?: number | null;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "description"?: string | null;
          "display_name"?: string | null;
          "id"?: string;
          "initial_quantity"?: number | null;
          "is_active"?: boolean;
          "is_consumable"?: boolean;
          "key"?: string;
          "name"?: string;
          "price_cents"?: number | null;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "admin_audit_logs": {
        Row: {
          "action": string;
          "actor_id": string | null;
          "created_at": string;
          "details": Json | null;
          "id": string;
          "target_user_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "action": string;
          "actor_id"?: string | null;
          "created_at"?: string;
          "details"?: Json | null;
          "id"?: string;
          "target_user_id"?: string | null;
        };
        Update: {
          "action"?: string;
          "actor_id"?: string | null;
          "created_at"?: string;
          "details"?: Json | null;
          "id"?: string;
          "target_user_id"?: string | null;
        };
        Relationships: [];
      };
      "ai_preferences": {
        Row: {
          "ai_insights_enabled": boolean;
          "ai_recommendations_enabled": boolean;
          "consent_given_at": string | null;
          "created_at": string;
          "id": string;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "ai_insights_enabled"?: boolean;
          "ai_recommendations_enabled"?: boolean;
          "consent_given_at"?: string | null;
          "created_at"?: string;
          "id"?: string;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "ai_insights_enabled"?: boolean;
          "ai_recommendations_enabled"?: boolean;
          "consent_given_at"?: string | null;
          "created_at"?: string;
          "id"?: string;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [];
      };
      "assessment_definitions": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "assessment_dimensions": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "calcom_bookings": {
        Row: {
          "accepted_at": string | null;
          "attendee_timezone": string | null;
          "attendee_user_id": string | null;
          "awaits_new_time": boolean;
          "booking_id": string | null;
          "cancelled_at": string | null;
          "created_at": string;
          "detail_at": string | null;
          "detail_rank": number | null;
          "ends_at": string | null;
          "event_type_id": number | null;
          "event_type_slug": string | null;
          "hinted_at": string | null;
          "hints": Json | null;
          "lineage_id": string;
          "location": string | null;
          "meeting_url": string | null;
          "no_show_at": string | null;
          "organizer_timezone": string | null;
          "organizer_user_id": string | null;
          "rejected_at": string | null;
          "requested_at": string | null;
          "rescheduled_from": string | null;
          "starts_at": string | null;
          "uid": string;
        };
        ComputedFields: never;
        Insert: {
          "accepted_at"?: string | null;
          "attendee_timezone"?: string | null;
          "attendee_user_id"?: string | null;
          "awaits_new_time"?: boolean;
          "booking_id"?: string | null;
          "cancelled_at"?: string | null;
          "created_at"?: string;
          "detail_at"?: string | null;
          "detail_rank"?: number | null;
          "ends_at"?: string | null;
          "event_type_id"?: number | null;
          "event_type_slug"?: string | null;
          "hinted_at"?: string | null;
          "hints"?: Json | null;
          "lineage_id": string;
          "location"?: string | null;
          "meeting_url"?: string | null;
          "no_show_at"?: string | null;
          "organizer_timezone"?: string | null;
          "organizer_user_id"?: string | null;
          "rejected_at"?: string | null;
          "requested_at"?: string | null;
          "rescheduled_from"?: string | null;
          "starts_at"?: string | null;
          "uid": string;
        };
        Update: {
          "accepted_at"?: string | null;
          "attendee_timezone"?: string | null;
          "attendee_user_id"?: string | null;
          "awaits_new_time"?: boolean;
          "booking_id"?: string | null;
          "cancelled_at"?: string | null;
          "created_at"?: string;
          "detail_at"?: string | null;
          "detail_rank"?: number | null;
          "ends_at"?: string | null;
          "event_type_id"?: number | null;
          "event_type_slug"?: string | null;
          "hinted_at"?: string | null;
          "hints"?: Json | null;
          "lineage_id"?: string;
          "location"?: string | null;
          "meeting_url"?: string | null;
          "no_show_at"?: string | null;
          "organizer_timezone"?: string | null;
          "organizer_user_id"?: string | null;
          "rejected_at"?: string | null;
          "requested_at"?: string | null;
          "rescheduled_from"?: string | null;
          "starts_at"?: string | null;
          "uid"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "calcom_bookings_attendee_user_id_fkey";
            columns: ["attendee_user_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "calcom_bookings_lineage_id_fkey";
            columns: ["lineage_id"];
            isOneToOne: false;
            referencedRelation: "calcom_lineages";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "calcom_bookings_organizer_user_id_fkey";
            columns: ["organizer_user_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      "calcom_event_type_mappings": {
        Row: {
          "calcom_event_type_id": number;
          "calcom_event_type_name": string | null;
          "calcom_event_type_slug": string | null;
          "created_at": string;
          "default_group_id": string | null;
          "default_module_id": string | null;
          "default_program_id": string | null;
          "id": string;
          "is_active": boolean | null;
          "module_type": string | null;
          "scheduling_url": string | null;
          "session_target": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "calcom_event_type_id": number;
          "calcom_event_type_name"?: string | null;
          "calcom_event_type_slug"?: string | null;
          "created_at"?: string;
          "default_group_id"?: string | null;
          "default_module_id"?: string | null;
          "default_program_id"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "module_type"?: string | null;
          "scheduling_url"?: string | null;
          "session_target": string;
          "updated_at"?: string;
        };
        Update: {
          "calcom_event_type_id"?: number;
          "calcom_event_type_name"?: string | null;
          "calcom_event_type_slug"?: string | null;
          "created_at"?: string;
          "default_group_id"?: string | null;
          "default_module_id"?: string | null;
          "default_program_id"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "module_type"?: string | null;
          "scheduling_url"?: string | null;
          "session_target"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "calcom_event_type_mappings_default_group_id_fkey";
            columns: ["default_group_id"];
            isOneToOne: false;
            referencedRelation: "groups";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "calcom_event_type_mappings_default_module_id_fkey";
            columns: ["default_module_id"];
            isOneToOne: false;
            referencedRelation: "program_modules";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName:
              "calcom_event_type_mappings_default_program_id_fkey";
            columns: ["default_program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "calcom_event_type_mappings_module_type_fkey";
            columns: ["module_type"];
            isOneToOne: false;
            referencedRelation: "module_types";
            referencedColumns: ["name"];
          },
        ];
      };
      "calcom_lineages": {
        Row: {
          "adopted": boolean;
          "created_at": string;
          "decided": NonNullable<Json>;
          "group_id": string | null;
          "group_session_id": string | null;
          "id": string;
          "module_session_id": string | null;
          "settled": string | null;
        };
        ComputedFields: never;
        Insert: {
          "adopted"?: boolean;
          "created_at"?: string;
          "decided"?: NonNullable<Json>;
          "group_id"?: string | null;
          "group_session_id"?: string | null;
          "id"?: string;
          "module_session_id"?: string | null;
          "settled"?: string | null;
        };
        Update: {
          "adopted"?: boolean;
          "created_at"?: string;
          "decided"?: NonNullable<Json>;
          "group_id"?: string | null;
          "group_session_id"?: string | null;
          "id"?: string;
          "module_session_id"?: string | null;
          "settled"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "calcom_lineages_group_id_fkey";
            columns: ["group_id"];
            isOneToOne: false;
            referencedRelation: "groups";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "calcom_lineages_group_session_id_fkey";
            columns: ["group_session_id"];
            isOneToOne: true;
            referencedRelation: "group_sessions";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "calcom_lineages_module_session_id_fkey";
            columns: ["module_session_id"];
            isOneToOne: true;
            referencedRelation: "module_sessions";
            referencedColumns: ["id"];
          },
        ];
      };
      "calcom_reviews": {
        Row: {
          "attendee_email": string | null;
          "booking_uid": string;
          "created_at": string;
          "error": string | null;
          "event_type_id": number | null;
          "id": string;
          "lineage_id": string;
          "missing": (string)[];
          "organizer_email": string | null;
          "resolution": string | null;
          "resolved_at": string | null;
          "resolved_by": string | null;
          "starts_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "attendee_email"?: string | null;
          "booking_uid": string;
          "created_at"?: string;
          "error"?: string | null;
          "event_type_id"?: number | null;
          "id"?: string;
          "lineage_id": string;
          "missing": (string)[];
          "organizer_email"?: string | null;
          "resolution"?: string | null;
          "resolved_at"?: string | null;
          "resolved_by"?: string | null;
          "starts_at"?: string | null;
        };
        Update: {
          "attendee_email"?: string | null;
          "booking_uid"?: string;
          "created_at"?: string;
          "error"?: string | null;
          "event_type_id"?: number | null;
          "id"?: string;
          "lineage_id"?: string;
          "missing"?: (string)[];
          "organizer_email"?: string | null;
          "resolution"?: string | null;
          "resolved_at"?: string | null;
          "resolved_by"?: string | null;
          "starts_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "calcom_reviews_lineage_id_fkey";
            columns: ["lineage_id"];
            isOneToOne: true;
            referencedRelation: "calcom_lineages";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "calcom_reviews_resolved_by_fkey";
            columns: ["resolved_by"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      "calcom_webhook_logs": {
        Row: {
          "booking_uid": string | null;
          "created_at": string;
          "error_message": string | null;
          "event_created_at": string | null;
          "event_type": string;
          "id": string;
          "payload": NonNullable<Json>;
          "processed": boolean | null;
          "status": string | null;
        };
        ComputedFields: never;
        Insert: {
          "booking_uid"?: string | null;
          "created_at"?: string;
          "error_message"?: string | null;
          "event_created_at"?: string | null;
          "event_type": string;
          "id"?: string;
          "payload": NonNullable<Json>;
          "processed"?: boolean | null;
          "status"?: string | null;
        };
        Update: {
          "booking_uid"?: string | null;
          "created_at"?: string;
          "error_message"?: string | null;
          "event_created_at"?: string | null;
          "event_type"?: string;
          "id"?: string;
          "payload"?: NonNullable<Json>;
          "processed"?: boolean | null;
          "status"?: string | null;
        };
        Relationships: [];
      };
      "capability_assessments": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "capability_domains": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "capability_snapshots": {
        Row: {
          "assessment_id": string;
          "completed_at": string | null;
          "created_at": string;
          "enrollment_id": string | null;
          "evaluation_relationship": string | null;
          "evaluator_id": string | null;
          "id": string;
          "is_private": boolean;
          "is_self_assessment": boolean;
          "notes": string | null;
          "shared_with_coach": boolean;
          "shared_with_instructor": boolean;
          "status": string;
          "title": string | null;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "assessment_id": string;
          "completed_at"?: string | null;
          "created_at"?: string;
          "enrollment_id"?: string | null;
          "evaluation_relationship"?: string | null;
          "evaluator_id"?: string | null;
          "id"?: string;
          "is_private"?: boolean;
          "is_self_assessment"?: boolean;
          "notes"?: string | null;
          "shared_with_coach"?: boolean;
          "shared_with_instructor"?: boolean;
          "status"?: string;
          "title"?: string | null;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "assessment_id"?: string;
          "completed_at"?: string | null;
          "created_at"?: string;
          "enrollment_id"?: string | null;
          "evaluation_relationship"?: string | null;
          "evaluator_id"?: string | null;
          "id"?: string;
          "is_private"?: boolean;
          "is_self_assessment"?: boolean;
          "notes"?: string | null;
          "shared_with_coach"?: boolean;
          "shared_with_instructor"?: boolean;
          "status"?: string;
          "title"?: string | null;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "capability_snapshots_assessment_id_fkey";
            columns: ["assessment_id"];
            isOneToOne: false;
            referencedRelation: "capability_assessments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "capability_snapshots_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "capability_snapshots_evaluator_id_fkey";
            columns: ["evaluator_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "capability_snapshots_user_id_fkey";
            columns: ["user_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      "client_coaches": {
        Row: {
          "client_id": string;
          "coach_id": string;
          "created_at": string | null;
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "client_id": string;
          "coach_id": string;
          "created_at"?: string | null;
          "id"?: string;
        };
        Update: {
          "client_id"?: string;
          "coach_id"?: string;
          "created_at"?: string | null;
          "id"?: string;
        };
        Relationships: [];
      };
      "client_enrollments": {
        Row: {
          "client_user_id": string | null;
          "cohort_id": string | null;
          "completed_at": string | null;
          "created_at": string | null;
          "discount_code_id": string | null;
          "discount_percent": number | null;
          "end_date": string | null;
          "enrollment_code_id": string | null;
          "enrollment_number": number | null;
          "enrollment_source": string | null;
          "final_credit_cost": number | null;
          "id": string;
          "is_public": boolean;
          "original_credit_cost": number | null;
          "payment_status": string | null;
          "payment_type": string | null;
          "program_id": string;
          "program_plan_id": string | null;
          "program_version_id": string | null;
          "referral_note": string | null;
          "referred_by": string | null;
          "spend_id": string | null;
          "start_date": string | null;
          "status": Database["public"]["Enums"]["enrollment_status"];
          "stripe_subscription_id": string | null;
          "tier": string | null;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "client_user_id"?: string | null;
          "cohort_id"?: string | null;
          "completed_at"?: string | null;
          "created_at"?: string | null;
          "discount_code_id"?: string | null;
          "discount_percent"?: number | null;
          "end_date"?: string | null;
          "enrollment_code_id"?: string | null;
          "enrollment_number"?: number | null;
          "enrollment_source"?: string | null;
          "final_credit_cost"?: number | null;
          "id"?: string;
          "is_public"?: boolean;
          "original_credit_cost"?: number | null;
          "payment_status"?: string | null;
          "payment_type"?: string | null;
          "program_id": string;
          "program_plan_id"?: string | null;
          "program_version_id"?: string | null;
          "referral_note"?: string | null;
          "referred_by"?: string | null;
          "spend_id"?: string | null;
          "start_date"?: string | null;
          "status"?: Database["public"]["Enums"]["enrollment_status"];
          "stripe_subscription_id"?: string | null;
          "tier"?: string | null;
          "updated_at"?: string | null;
        };
        Update: {
          "client_user_id"?: string | null;
          "cohort_id"?: string | null;
          "completed_at"?: string | null;
          "created_at"?: string | null;
          "discount_code_id"?: string | null;
          "discount_percent"?: number | null;
          "end_date"?: string | null;
          "enrollment_code_id"?: string | null;
          "enrollment_number"?: number | null;
          "enrollment_source"?: string | null;
          "final_credit_cost"?: number | null;
          "id"?: string;
          "is_public"?: boolean;
          "original_credit_cost"?: number | null;
          "payment_status"?: string | null;
          "payment_type"?: string | null;
          "program_id"?: string;
          "program_plan_id"?: string | null;
          "program_version_id"?: string | null;
          "referral_note"?: string | null;
          "referred_by"?: string | null;
          "spend_id"?: string | null;
          "start_date"?: string | null;
          "status"?: Database["public"]["Enums"]["enrollment_status"];
          "stripe_subscription_id"?: string | null;
          "tier"?: string | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "client_enrollments_cohort_id_fkey";
            columns: ["cohort_id"];
            isOneToOne: false;
            referencedRelation: "program_cohorts";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "client_enrollments_discount_code_id_fkey";
            columns: ["discount_code_id"];
            isOneToOne: false;
            referencedRelation: "discount_codes";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "client_enrollments_enrollment_code_id_fkey";
            columns: ["enrollment_code_id"];
            isOneToOne: false;
            referencedRelation: "enrollment_codes";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "client_enrollments_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "client_enrollments_program_plan_id_fkey";
            columns: ["program_plan_id"];
            isOneToOne: false;
            referencedRelation: "program_plans";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "client_enrollments_program_version_id_fkey";
            columns: ["program_version_id"];
            isOneToOne: false;
            referencedRelation: "program_versions";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "client_enrollments_spend_id_fkey";
            columns: ["spend_id"];
            isOneToOne: false;
            referencedRelation: "credit_spends";
            referencedColumns: ["id"];
          },
        ];
      };
      "client_instructors": {
        Row: {
          "client_id": string;
          "created_at": string | null;
          "id": string;
          "instructor_id": string;
        };
        ComputedFields: never;
        Insert: {
          "client_id": string;
          "created_at"?: string | null;
          "id"?: string;
          "instructor_id": string;
        };
        Update: {
          "client_id"?: string;
          "created_at"?: string | null;
          "id"?: string;
          "instructor_id"?: string;
        };
        Relationships: [];
      };
      "client_profiles": {
        Row: {
          "created_at": string | null;
          "id": string;
          "notes": string | null;
          "status": Database["public"]["Enums"]["user_status"];
          "status_marker": string | null;
          "tags": Json | null;
          "updated_at": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "status"?: Database["public"]["Enums"]["user_status"];
          "status_marker"?: string | null;
          "tags"?: Json | null;
          "updated_at"?: string | null;
          "user_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "status"?: Database["public"]["Enums"]["user_status"];
          "status_marker"?: string | null;
          "tags"?: Json | null;
          "updated_at"?: string | null;
          "user_id"?: string;
        };
        Relationships: [];
      };
      "coach_module_feedback": {
        Row: {
          "coach_id": string;
          "created_at": string | null;
          "feedback": string | null;
          "id": string;
          "module_progress_id": string;
          "status": string;
          "structured_responses": Json | null;
          "template_type_id": string | null;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "coach_id": string;
          "created_at"?: string | null;
          "feedback"?: string | null;
          "id"?: string;
          "module_progress_id": string;
          "status"?: string;
          "structured_responses"?: Json | null;
          "template_type_id"?: string | null;
          "updated_at"?: string | null;
        };
        Update: {
          "coach_id"?: string;
          "created_at"?: string | null;
          "feedback"?: string | null;
          "id"?: string;
          "module_progress_id"?: string;
          "status"?: string;
          "structured_responses"?: Json | null;
          "template_type_id"?: string | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "coach_module_feedback_module_progress_id_fkey";
            columns: ["module_progress_id"];
            isOneToOne: false;
            referencedRelation: "module_progress";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "coach_module_feedback_template_type_id_fkey";
            columns: ["template_type_id"];
            isOneToOne: false;
            referencedRelation: "feedback_template_types";
            referencedColumns: ["id"];
          },
        ];
      };
      "cohort_session_attendance": {
        Row: {
          "created_at": string | null;
          "enrollment_id": string;
          "id": string;
          "marked_at": string | null;
          "marked_by": string | null;
          "notes": string | null;
          "session_id": string;
          "status": string;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "enrollment_id": string;
          "id"?: string;
          "marked_at"?: string | null;
          "marked_by"?: string | null;
          "notes"?: string | null;
          "session_id": string;
          "status"?: string;
          "updated_at"?: string | null;
        };
        Update: {
          "created_at"?: string | null;
          "enrollment_id"?: string;
          "id"?: string;
          "marked_at"?: string | null;
          "marked_by"?: string | null;
          "notes"?: string | null;
          "session_id"?: string;
          "status"?: string;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "cohort_session_attendance_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "cohort_session_attendance_session_id_fkey";
            columns: ["session_id"];
            isOneToOne: false;
            referencedRelation: "cohort_sessions";
            referencedColumns: ["id"];
          },
        ];
      };
      "cohort_sessions": {
        Row: {
          "calendar_changed_at": string | null;
          "calendar_sequence": number;
          "cohort_id": string;
          "created_at": string;
          "description": string | null;
          "end_time": string | null;
          "id": string;
          "instructor_id": string | null;
          "location": string | null;
          "meeting_link": string | null;
          "module_id": string | null;
          "notes": string | null;
          "order_index": number;
          "recap": string | null;
          "recording_url": string | null;
          "session_date": string;
          "start_time": string | null;
          "timezone": string | null;
          "title": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "calendar_changed_at"?: string | null;
          "calendar_sequence"?: number;
          "cohort_id": string;
          "created_at"?: string;
          "description"?: string | null;
          "end_time"?: string | null;
          "id"?: string;
          "instructor_id"?: string | null;
          "location"?: string | null;
          "meeting_link"?: string | null;
          "module_id"?: string | null;
          "notes"?: string | null;
          "order_index"?: number;
          "recap"?: string | null;
          "recording_url"?: string | null;
          "session_date": string;
          "start_time"?: string | null;
          "timezone"?: string | null;
          "title": string;
          "updated_at"?: string;
        };
        Update: {
          "calendar_changed_at"?: string | null;
          "calendar_sequence"?: number;
          "cohort_id"?: string;
          "created_at"?: string;
          "description"?: string | null;
          "end_time"?: string | null;
          "id"?: string;
          "instructor_id"?: string | null;
          "location"?: string | null;
          "meeting_link"?: string | null;
          "module_id"?: string | null;
          "notes"?: string | null;
          "order_index"?: number;
          "recap"?: string | null;
          "recording_url"?: string | null;
          "session_date"?: string;
          "start_time"?: string | null;
          "timezone"?: string | null;
          "title"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "cohort_sessions_cohort_id_fkey";
            columns: ["cohort_id"];
            isOneToOne: false;
            referencedRelation: "program_cohorts";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "cohort_sessions_module_id_fkey";
            columns: ["module_id"];
            isOneToOne: false;
            referencedRelation: "program_modules";
            referencedColumns: ["id"];
          },
        ];
      };
      "cohort_waitlist": {
        Row: {
          "cohort_id": string;
          "created_at": string | null;
          "id": string;
          "notified": boolean | null;
          "offer_expires_at": string | null;
          "offered_at": string | null;
          "position": number;
          "updated_at": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "cohort_id": string;
          "created_at"?: string | null;
          "id"?: string;
          "notified"?: boolean | null;
          "offer_expires_at"?: string | null;
          "offered_at"?: string | null;
          "position": number;
          "updated_at"?: string | null;
          "user_id": string;
        };
        Update: {
          "cohort_id"?: string;
          "created_at"?: string | null;
          "id"?: string;
          "notified"?: boolean | null;
          "offer_expires_at"?: string | null;
          "offered_at"?: string | null;
          "position"?: number;
          "updated_at"?: string | null;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "cohort_waitlist_cohort_id_fkey";
            columns: ["cohort_id"];
            isOneToOne: false;
            referencedRelation: "program_cohorts";
            referencedColumns: ["id"];
          },
        ];
      };
      "content_completions": {
        Row: {
          "completed_at": string;
          "content_package_id": string;
          "created_at": string;
          "id": string;
          "result_score_scaled": number | null;
          "source_enrollment_id": string | null;
          "source_module_id": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "completed_at"?: string;
          "content_package_id": string;
          "created_at"?: string;
          "id"?: string;
          "result_score_scaled"?: number | null;
          "source_enrollment_id"?: string | null;
          "source_module_id"?: string | null;
          "user_id": string;
        };
        Update: {
          "completed_at"?: string;
          "content_package_id"?: string;
          "created_at"?: string;
          "id"?: string;
          "result_score_scaled"?: number | null;
          "source_enrollment_id"?: string | null;
          "source_module_id"?: string | null;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "content_completions_content_package_id_fkey";
            columns: ["content_package_id"];
            isOneToOne: false;
            referencedRelation: "content_packages";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "content_completions_content_package_id_fkey";
            columns: ["content_package_id"];
            isOneToOne: false;
            referencedRelation: "content_packages_overview";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "content_completions_source_enrollment_id_fkey";
            columns: ["source_enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "content_completions_source_module_id_fkey";
            columns: ["source_module_id"];
            isOneToOne: false;
            referencedRelation: "program_modules";
            referencedColumns: ["id"];
          },
        ];
      };
      "content_packages": {
        Row: {
          "created_at": string;
          "description": string | null;
          "file_count": number | null;
          "id": string;
          "is_active": boolean | null;
          "original_filename": string | null;
          "package_type": string;
          "storage_path": string;
          "title": string;
          "updated_at": string;
          "uploaded_by": string | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description"?: string | null;
          "file_count"?: number | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "original_filename"?: string | null;
          "package_type"?: string;
          "storage_path": string;
          "title": string;
          "updated_at"?: string;
          "uploaded_by"?: string | null;
        };
        Update: {
          "created_at"?: string;
          "description"?: string | null;
          "file_count"?: number | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "original_filename"?: string | null;
          "package_type"?: string;
          "storage_path"?: string;
          "title"?: string;
          "updated_at"?: string;
          "uploaded_by"?: string | null;
        };
        Relationships: [];
      };
      "credit_batches": {
        Row: {
          "backed_by": string | null;
          "collected": number;
          "created_at": string;
          "description": string | null;
          "expires_at": string;
          "feature_key": string | null;
          "granted_at": string;
          "id": string;
          "idempotency_key": string | null;
          "is_expired": boolean;
          "original_amount": number;
          "owed": number;
          "owner_id": string;
          "owner_type": string;
          "remaining_amount": number;
          "reversed": number;
          "source_reference_id": string | null;
          "source_type": string;
          "updated_at": string;
          "withheld": number;
        };
        ComputedFields: never;
        Insert: {
          "backed_by"?: string | null;
          "collected"?: number;
          "created_at"?: string;
          "description"?: string | null;
          "expires_at": string;
          "feature_key"?: string | null;
          "granted_at"?: string;
          "id"?: string;
          "idempotency_key"?: string | null;
          "is_expired"?: boolean;
          "original_amount": number;
          "owed"?: number;
          "owner_id": string;
          "owner_type": string;
          "remaining_amount": number;
          "reversed"?: number;
          "source_reference_id"?: string | null;
          "source_type": string;
          "updated_at"?: string;
          "withheld"?: number;
        };
        Update: {
          "backed_by"?: string | null;
          "collected"?: number;
          "created_at"?: string;
          "description"?: string | null;
          "expires_at"?: string;
          "feature_key"?: string | null;
          "granted_at"?: string;
          "id"?: string;
          "idempotency_key"?: string | null;
          "is_expired"?: boolean;
          "original_amount"?: number;
          "owed"?: number;
          "owner_id"?: string;
          "owner_type"?: string;
          "remaining_amount"?: number;
          "reversed"?: number;
          "source_reference_id"?: string | null;
          "source_type"?: string;
          "updated_at"?: string;
          "withheld"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "credit_batches_source_type_fkey";
            columns: ["source_type"];
            isOneToOne: false;
            referencedRelation: "credit_source_types";
            referencedColumns: ["key"];
          },
        ];
      };
      "credit_consumption_log": {
        Row: {
          "action_reference_id": string | null;
          "action_type": string | null;
          "batch_id": string | null;
          "consumed_at": string;
          "created_at": string;
          "description": string | null;
          "feature_key": string | null;
          "id": string;
          "organization_id": string | null;
          "quantity": number;
          "source_type": string;
          "spend_id": string | null;
          "user_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "action_reference_id"?: string | null;
          "action_type"?: string | null;
          "batch_id"?: string | null;
          "consumed_at"?: string;
          "created_at"?: string;
          "description"?: string | null;
          "feature_key"?: string | null;
          "id"?: string;
          "organization_id"?: string | null;
          "quantity"?: number;
          "source_type": string;
          "spend_id"?: string | null;
          "user_id"?: string | null;
        };
        Update: {
          "action_reference_id"?: string | null;
          "action_type"?: string | null;
          "batch_id"?: string | null;
          "consumed_at"?: string;
          "created_at"?: string;
          "description"?: string | null;
          "feature_key"?: string | null;
          "id"?: string;
          "organization_id"?: string | null;
          "quantity"?: number;
          "source_type"?: string;
          "spend_id"?: string | null;
          "user_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "credit_consumption_log_spend_id_fkey";
            columns: ["spend_id"];
            isOneToOne: false;
            referencedRelation: "credit_spends";
            referencedColumns: ["id"];
          },
        ];
      };
      "credit_debts": {
        Row: {
          "batch_id": string;
          "created_at": string;
          "credits": number;
          "id": string;
          "note": string | null;
          "owner_id": string;
          "owner_type": string;
          "paid": number;
          "reason": string;
          "settled_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "batch_id": string;
          "created_at"?: string;
          "credits": number;
          "id"?: string;
          "note"?: string | null;
          "owner_id": string;
          "owner_type": string;
          "paid"?: number;
          "reason": string;
          "settled_at"?: string | null;
        };
        Update: {
          "batch_id"?: string;
          "created_at"?: string;
          "credits"?: number;
          "id"?: string;
          "note"?: string | null;
          "owner_id"?: string;
          "owner_type"?: string;
          "paid"?: number;
          "reason"?: string;
          "settled_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "credit_debts_batch_id_fkey";
            columns: ["batch_id"];
            isOneToOne: false;
            referencedRelation: "credit_batches";
            referencedColumns: ["id"];
          },
        ];
      };
      "credit_ledger": {
        Row: {
          "amount": number;
          "balance_after": number;
          "batch_id": string;
          "cause": string;
          "created_at": string;
          "entry_type": string;
          "id": number;
          "idempotency_key": string;
          "owner_id": string;
          "owner_type": string;
          "spend_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "amount": number;
          "balance_after": number;
          "batch_id": string;
          "cause": string;
          "created_at"?: string;
          "entry_type": string;
          "id"?: never;
          "idempotency_key": string;
          "owner_id": string;
          "owner_type": string;
          "spend_id"?: string | null;
        };
        Update: {
          "amount"?: number;
          "balance_after"?: number;
          "batch_id"?: string;
          "cause"?: string;
          "created_at"?: string;
          "entry_type"?: string;
          "id"?: never;
          "idempotency_key"?: string;
          "owner_id"?: string;
          "owner_type"?: string;
          "spend_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "credit_ledger_batch_id_fkey";
            columns: ["batch_id"];
            isOneToOne: false;
            referencedRelation: "credit_batches";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "credit_ledger_spend_id_fkey";
            columns: ["spend_id"];
            isOneToOne: false;
            referencedRelation: "credit_spends";
            referencedColumns: ["id"];
          },
        ];
      };
      "credit_services": {
        Row: {
          "category": string;
          "created_at": string;
          "credit_cost": number;
          "description": string | null;
          "feature_id": string | null;
          "id": string;
          "is_active": boolean;
          "linked_entity_id": string | null;
          "linked_entity_type": string | null;
          "name": string;
          "track_discounted_cost": number | null;
          "track_id": string | null;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "category"?: string;
          "created_at"?: string;
          "credit_cost"?: number;
          "description"?: string | null;
          "feature_id"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "linked_entity_id"?: string | null;
          "linked_entity_type"?: string | null;
          "name": string;
          "track_discounted_cost"?: number | null;
          "track_id"?: string | null;
          "updated_at"?: string;
        };
        Update: {
          "category"?: string;
          "created_at"?: string;
          "credit_cost"?: number;
          "description"?: string | null;
          "feature_id"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "linked_entity_id"?: string | null;
          "linked_entity_type"?: string | null;
          "name"?: string;
          "track_discounted_cost"?: number | null;
          "track_id"?: string | null;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "credit_services_feature_id_fkey";
            columns: ["feature_id"];
            isOneToOne: false;
            referencedRelation: "features";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "credit_services_track_id_fkey";
            columns: ["track_id"];
            isOneToOne: false;
            referencedRelation: "tracks";
            referencedColumns: ["id"];
          },
        ];
      };
      "credit_source_types": {
        Row: {
          "created_at": string;
          "default_expiry_months": number | null;
          "description": string | null;
          "display_name": string;
          "is_active": boolean;
          "key": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "default_expiry_months"?: number | null;
          "description"?: string | null;
          "display_name": string;
          "is_active"?: boolean;
          "key": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "default_expiry_months"?: number | null;
          "description"?: string | null;
          "display_name"?: string;
          "is_active"?: boolean;
          "key"?: string;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "credit_spends": {
        Row: {
          "action_reference_id": string | null;
          "action_type": string | null;
          "amount": number;
          "description": string | null;
          "feature_key": string | null;
          "from_plan": number;
          "id": string;
          "idempotency_key": string | null;
          "owner_id": string;
          "owner_type": string;
          "spent_at": string;
        };
        ComputedFields: never;
        Insert: {
          "action_reference_id"?: string | null;
          "action_type"?: string | null;
          "amount": number;
          "description"?: string | null;
          "feature_key"?: string | null;
          "from_plan"?: number;
          "id"?: string;
          "idempotency_key"?: string | null;
          "owner_id": string;
          "owner_type": string;
          "spent_at"?: string;
        };
        Update: {
          "action_reference_id"?: string | null;
          "action_type"?: string | null;
          "amount"?: number;
          "description"?: string | null;
          "feature_key"?: string | null;
          "from_plan"?: number;
          "id"?: string;
          "idempotency_key"?: string | null;
          "owner_id"?: string;
          "owner_type"?: string;
          "spent_at"?: string;
        };
        Relationships: [];
      };
      "credit_topup_packages": {
        Row: {
          "created_at": string | null;
          "credit_value": number;
          "currency": string;
          "description": string | null;
          "display_order": number | null;
          "id": string;
          "is_active": boolean | null;
          "is_featured": boolean | null;
          "max_per_user": number | null;
          "name": string;
          "price_cents": number;
          "slug": string;
          "stripe_price_id": string | null;
          "updated_at": string | null;
          "validity_months": number | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "credit_value"?: number;
          "currency"?: string;
          "description"?: string | null;
          "display_order"?: number | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "is_featured"?: boolean | null;
          "max_per_user"?: number | null;
          "name": string;
          "price_cents"?: number;
          "slug": string;
          "stripe_price_id"?: string | null;
          "updated_at"?: string | null;
          "validity_months"?: number | null;
        };
        Update: {
          "created_at"?: string | null;
          "credit_value"?: number;
          "currency"?: string;
          "description"?: string | null;
          "display_order"?: number | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "is_featured"?: boolean | null;
          "max_per_user"?: number | null;
          "name"?: string;
          "price_cents"?: number;
          "slug"?: string;
          "stripe_price_id"?: string | null;
          "updated_at"?: string | null;
          "validity_months"?: number | null;
        };
        Relationships: [];
      };
      "credit_usage_periods": {
        Row: {
          "created_at": string;
          "credits_used": number;
          "feature_key": string | null;
          "id": string;
          "owner_id": string;
          "owner_type": string;
          "period_end": string;
          "period_start": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "credits_used"?: number;
          "feature_key"?: string | null;
          "id"?: string;
          "owner_id": string;
          "owner_type": string;
          "period_end": string;
          "period_start": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "credits_used"?: number;
          "feature_key"?: string | null;
          "id"?: string;
          "owner_id"?: string;
          "owner_type"?: string;
          "period_end"?: string;
          "period_start"?: string;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "development_items": {
        Row: {
          "author_id": string | null;
          "cohort_session_id": string | null;
          "completed_at": string | null;
          "content": string | null;
          "created_at": string;
          "due_date": string | null;
          "file_path": string | null;
          "file_size": number | null;
          "id": string;
          "is_private": boolean;
          "item_type": string;
          "library_resource_id": string | null;
          "mime_type": string | null;
          "prompt_id": string | null;
          "resource_type": string | null;
          "resource_url": string | null;
          "status": string | null;
          "title": string | null;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "author_id"?: string | null;
          "cohort_session_id"?: string | null;
          "completed_at"?: string | null;
          "content"?: string | null;
          "created_at"?: string;
          "due_date"?: string | null;
          "file_path"?: string | null;
          "file_size"?: number | null;
          "id"?: string;
          "is_private"?: boolean;
          "item_type": string;
          "library_resource_id"?: string | null;
          "mime_type"?: string | null;
          "prompt_id"?: string | null;
          "resource_type"?: string | null;
          "resource_url"?: string | null;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "author_id"?: string | null;
          "cohort_session_id"?: string | null;
          "completed_at"?: string | null;
          "content"?: string | null;
          "created_at"?: string;
          "due_date"?: string | null;
          "file_path"?: string | null;
          "file_size"?: number | null;
          "id"?: string;
          "is_private"?: boolean;
          "item_type"?: string;
          "library_resource_id"?: string | null;
          "mime_type"?: string | null;
          "prompt_id"?: string | null;
          "resource_type"?: string | null;
          "resource_url"?: string | null;
          "status"?: string | null;
          "title"?: string | null;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "development_items_cohort_session_id_fkey";
            columns: ["cohort_session_id"];
            isOneToOne: false;
            referencedRelation: "cohort_sessions";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "development_items_library_resource_id_fkey";
            columns: ["library_resource_id"];
            isOneToOne: false;
            referencedRelation: "resource_library";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "development_items_prompt_id_fkey";
            columns: ["prompt_id"];
            isOneToOne: false;
            referencedRelation: "generated_prompts";
            referencedColumns: ["id"];
          },
        ];
      };
      "discount_code_uses": {
        Row: {
          "created_at": string | null;
          "discount_amount_credits": number | null;
          "discount_code_id": string;
          "enrollment_id": string | null;
          "final_price_credits": number | null;
          "id": string;
          "original_price_credits": number | null;
          "program_id": string | null;
          "stripe_payment_intent_id": string | null;
          "tier_name": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "discount_amount_credits"?: number | null;
          "discount_code_id": string;
          "enrollment_id"?: string | null;
          "final_price_credits"?: number | null;
          "id"?: string;
          "original_price_credits"?: number | null;
          "program_id"?: string | null;
          "stripe_payment_intent_id"?: string | null;
          "tier_name"?: string | null;
          "user_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "discount_amount_credits"?: number | null;
          "discount_code_id"?: string;
          "enrollment_id"?: string | null;
          "final_price_credits"?: number | null;
          "id"?: string;
          "original_price_credits"?: number | null;
          "program_id"?: string | null;
          "stripe_payment_intent_id"?: string | null;
          "tier_name"?: string | null;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "discount_code_uses_discount_code_id_fkey";
            columns: ["discount_code_id"];
            isOneToOne: false;
            referencedRelation: "discount_codes";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "discount_code_uses_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "discount_code_uses_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "discount_codes": {
        Row: {
          "assigned_user_email": string | null;
          "assigned_user_id": string | null;
          "code": string;
          "created_at": string | null;
          "created_by": string | null;
          "description": string | null;
          "discount_type": string;
          "discount_value": number;
          "expires_at": string | null;
          "id": string;
          "is_active": boolean | null;
          "max_uses": number | null;
          "starts_at": string | null;
          "updated_at": string | null;
          "uses_count": number | null;
          "valid_for_program_ids": (string)[] | null;
          "valid_for_tier_names": (string)[] | null;
        };
        ComputedFields: never;
        Insert: {
          "assigned_user_email"?: string | null;
          "assigned_user_id"?: string | null;
          "code": string;
          "created_at"?: string | null;
          "created_by"?: string | null;
          "description"?: string | null;
          "discount_type": string;
          "discount_value": number;
          "expires_at"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "max_uses"?: number | null;
          "starts_at"?: string | null;
          "updated_at"?: string | null;
          "uses_count"?: number | null;
          "valid_for_program_ids"?: (string)[] | null;
          "valid_for_tier_names"?: (string)[] | null;
        };
        Update: {
          "assigned_user_email"?: string | null;
          "assigned_user_id"?: string | null;
          "code"?: string;
          "created_at"?: string | null;
          "created_by"?: string | null;
          "description"?: string | null;
          "discount_type"?: string;
          "discount_value"?: number;
          "expires_at"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "max_uses"?: number | null;
          "starts_at"?: string | null;
          "updated_at"?: string | null;
          "uses_count"?: number | null;
          "valid_for_program_ids"?: (string)[] | null;
          "valid_for_tier_names"?: (string)[] | null;
        };
        Relationships: [];
      };
      "email_change_requests": {
        Row: {
          "claim_id": string | null;
          "claimed_at": string | null;
          "created_at": string | null;
          "expires_at": string;
          "id": string;
          "new_email": string;
          "old_email": string;
          "session_id": string | null;
          "token_hash": string | null;
          "user_id": string;
          "verification_token": string;
          "verified_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "claim_id"?: string | null;
          "claimed_at"?: string | null;
          "created_at"?: string | null;
          "expires_at": string;
          "id"?: string;
          "new_email": string;
          "old_email": string;
          "session_id"?: string | null;
          "token_hash"?: string | null;
          "user_id": string;
          "verification_token": string;
          "verified_at"?: string | null;
        };
        Update: {
          "claim_id"?: string | null;
          "claimed_at"?: string | null;
          "created_at"?: string | null;
          "expires_at"?: string;
          "id"?: string;
          "new_email"?: string;
          "old_email"?: string;
          "session_id"?: string | null;
          "token_hash"?: string | null;
          "user_id"?: string;
          "verification_token"?: string;
          "verified_at"?: string | null;
        };
        Relationships: [];
      };
      "email_queue": {
        Row: {
          "actor_id": string | null;
          "attempts": number | null;
          "created_at": string | null;
          "dedupe_key": string | null;
          "error_message": string | null;
          "id": string;
          "last_attempt_at": string | null;
          "max_attempts": number | null;
          "notification_id": string | null;
          "provider_id": string | null;
          "recipient_email": string;
          "recipient_name": string | null;
          "scheduled_for": string | null;
          "sent_at": string | null;
          "status": string | null;
          "template_data": Json | null;
          "template_key": string;
          "updated_at": string | null;
          "user_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "actor_id"?: string | null;
          "attempts"?: number | null;
          "created_at"?: string | null;
          "dedupe_key"?: string | null;
          "error_message"?: string | null;
          "id"?: string;
          "last_attempt_at"?: string | null;
          "max_attempts"?: number | null;
          "notification_id"?: string | null;
          "provider_id"?: string | null;
          "recipient_email": string;
          "recipient_name"?: string | null;
          "scheduled_for"?: string | null;
          "sent_at"?: string | null;
          "status"?: string | null;
          "template_data"?: Json | null;
          "template_key": string;
          "updated_at"?: string | null;
          "user_id"?: string | null;
        };
        Update: {
          "actor_id"?: string | null;
          "attempts"?: number | null;
          "created_at"?: string | null;
          "dedupe_key"?: string | null;
          "error_message"?: string | null;
          "id"?: string;
          "last_attempt_at"?: string | null;
          "max_attempts"?: number | null;
          "notification_id"?: string | null;
          "provider_id"?: string | null;
          "recipient_email"?: string;
          "recipient_name"?: string | null;
          "scheduled_for"?: string | null;
          "sent_at"?: string | null;
          "status"?: string | null;
          "template_data"?: Json | null;
          "template_key"?: string;
          "updated_at"?: string | null;
          "user_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "email_queue_notification_id_fkey";
            columns: ["notification_id"];
            isOneToOne: false;
            referencedRelation: "notifications";
            referencedColumns: ["id"];
          },
        ];
      };
      "email_templates": {
        Row: {
          "created_at": string;
          "description": string | null;
          "html_content": string;
          "id": string;
          "name": string;
          "subject": string;
          "template_key": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description"?: string | null;
          "html_content": string;
          "id"?: string;
          "name": string;
          "subject": string;
          "template_key": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "description"?: string | null;
          "html_content"?: string;
          "id"?: string;
          "name"?: string;
          "subject"?: string;
          "template_key"?: string;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "enrollment_codes": {
        Row: {
          "code": string;
          "code_type": string;
          "cohort_id": string | null;
          "created_at": string;
          "created_by": string;
          "current_uses": number;
          "discount_percent": number | null;
          "expires_at": string | null;
          "grants_plan_id": string | null;
          "grants_tier": string | null;
          "id": string;
          "is_active": boolean;
          "is_free": boolean;
          "max_uses": number | null;
          "program_id": string;
        };
        ComputedFields: never;
        Insert: {
          "code": string;
          "code_type"?: string;
          "cohort_id"?: string | null;
          "created_at"?: string;
          "created_by": string;
          "current_uses"?: number;
          "discount_percent"?: number | null;
          "expires_at"?: string | null;
          "grants_plan_id"?: string | null;
          "grants_tier"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "is_free"?: boolean;
          "max_uses"?: number | null;
          "program_id": string;
        };
        Update: {
          "code"?: string;
          "code_type"?: string;
          "cohort_id"?: string | null;
          "created_at"?: string;
          "created_by"?: string;
          "current_uses"?: number;
          "discount_percent"?: number | null;
          "expires_at"?: string | null;
          "grants_plan_id"?: string | null;
          "grants_tier"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "is_free"?: boolean;
          "max_uses"?: number | null;
          "program_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "enrollment_codes_cohort_id_fkey";
            columns: ["cohort_id"];
            isOneToOne: false;
            referencedRelation: "program_cohorts";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "enrollment_codes_grants_plan_id_fkey";
            columns: ["grants_plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "enrollment_codes_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "enrollment_module_staff": {
        Row: {
          "created_at": string;
          "enrollment_id": string;
          "id": string;
          "module_id": string;
          "role": string;
          "staff_user_id": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "enrollment_id": string;
          "id"?: string;
          "module_id": string;
          "role": string;
          "staff_user_id": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "enrollment_id"?: string;
          "id"?: string;
          "module_id"?: string;
          "role"?: string;
          "staff_user_id"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "enrollment_module_staff_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "enrollment_module_staff_module_id_fkey";
            columns: ["module_id"];
            isOneToOne: false;
            referencedRelation: "program_modules";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "enrollment_module_staff_staff_user_id_fkey";
            columns: ["staff_user_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      "enrollment_payment_locks": {
        Row: {
          "enrollment_id": string;
          "id": number;
          "payment_status": string;
          "previous_status": string | null;
          "schedule_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "enrollment_id": string;
          "id"?: never;
          "payment_status": string;
          "previous_status"?: string | null;
          "schedule_id"?: string | null;
        };
        Update: {
          "enrollment_id"?: string;
          "id"?: never;
          "payment_status"?: string;
          "previous_status"?: string | null;
          "schedule_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "enrollment_payment_locks_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "enrollment_payment_locks_schedule_id_fkey";
            columns: ["schedule_id"];
            isOneToOne: false;
            referencedRelation: "payment_schedules";
            referencedColumns: ["id"];
          },
        ];
      };
      "external_progress": {
        Row: {
          "completed_at": string | null;
          "completion_status": string | null;
          "created_at": string | null;
          "external_metadata": Json | null;
          "external_score": number | null;
          "id": string;
          "last_synced_at": string | null;
          "module_external_mapping_id": string;
          "progress_percentage": number | null;
          "updated_at": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "completed_at"?: string | null;
          "completion_status"?: string | null;
          "created_at"?: string | null;
          "external_metadata"?: Json | null;
          "external_score"?: number | null;
          "id"?: string;
          "last_synced_at"?: string | null;
          "module_external_mapping_id": string;
          "progress_percentage"?: number | null;
          "updated_at"?: string | null;
          "user_id": string;
        };
        Update: {
          "completed_at"?: string | null;
          "completion_status"?: string | null;
          "created_at"?: string | null;
          "external_metadata"?: Json | null;
          "external_score"?: number | null;
          "id"?: string;
          "last_synced_at"?: string | null;
          "module_external_mapping_id"?: string;
          "progress_percentage"?: number | null;
          "updated_at"?: string | null;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "external_progress_module_external_mapping_id_fkey";
            columns: ["module_external_mapping_id"];
            isOneToOne: false;
            referencedRelation: "module_external_mappings";
            referencedColumns: ["id"];
          },
        ];
      };
      "external_sources": {
        Row: {
          "config": Json | null;
          "created_at": string | null;
          "display_name": string;
          "id": string;
          "is_active": boolean | null;
          "name": string;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "config"?: Json | null;
          "created_at"?: string | null;
          "display_name": string;
          "id"?: string;
          "is_active"?: boolean | null;
          "name": string;
          "updated_at"?: string | null;
        };
        Update: {
          "config"?: Json | null;
          "created_at"?: string | null;
          "display_name"?: string;
          "id"?: string;
          "is_active"?: boolean | null;
          "name"?: string;
          "updated_at"?: string | null;
        };
        Relationships: [];
      };
      "feature_categories": {
        Row: {
          "created_at": string;
          "description": string | null;
          "display_order": number;
          "id": string;
          "name": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description"?: string | null;
          "display_order"?: number;
          "id"?: string;
          "name": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "description"?: string | null;
          "display_order"?: number;
          "id"?: string;
          "name"?: string;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "features": {
        Row: {
          "category_id": string | null;
          "created_at": string;
          "description": string | null;
          "id": string;
          "is_active": boolean;
          "is_consumable": boolean;
          "is_system": boolean;
          "key": string;
          "name": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "category_id"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "is_consumable"?: boolean;
          "is_system"?: boolean;
          "key": string;
          "name": string;
          "updated_at"?: string;
        };
        Update: {
          "category_id"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "is_consumable"?: boolean;
          "is_system"?: boolean;
          "key"?: string;
          "name"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "features_category_id_fkey";
            columns: ["category_id"];
            isOneToOne: false;
            referencedRelation: "feature_categories";
            referencedColumns: ["id"];
          },
        ];
      };
      "feedback_template_types": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "generated_prompts": {
        Row: {
          "answered_at": string | null;
          "created_at": string;
          "generated_at": string;
          "id": string;
          "period_start": string;
          "period_type": string;
          "prompt_context": Json | null;
          "prompt_text": string;
          "response_item_id": string | null;
          "skipped_at": string | null;
          "status": string;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "answered_at"?: string | null;
          "created_at"?: string;
          "generated_at"?: string;
          "id"?: string;
          "period_start": string;
          "period_type": string;
          "prompt_context"?: Json | null;
          "prompt_text": string;
          "response_item_id"?: string | null;
          "skipped_at"?: string | null;
          "status"?: string;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "answered_at"?: string | null;
          "created_at"?: string;
          "generated_at"?: string;
          "id"?: string;
          "period_start"?: string;
          "period_type"?: string;
          "prompt_context"?: Json | null;
          "prompt_text"?: string;
          "response_item_id"?: string | null;
          "skipped_at"?: string | null;
          "status"?: string;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "generated_prompts_response_item_id_fkey";
            columns: ["response_item_id"];
            isOneToOne: false;
            referencedRelation: "development_items";
            referencedColumns: ["id"];
          },
        ];
      };
      "goal_comments": {
        Row: {
          "comment": string;
          "created_at": string;
          "goal_id": string;
          "id": string;
          "is_private": boolean;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "comment": string;
          "created_at"?: string;
          "goal_id": string;
          "id"?: string;
          "is_private"?: boolean;
          "user_id": string;
        };
        Update: {
          "comment"?: string;
          "created_at"?: string;
          "goal_id"?: string;
          "id"?: string;
          "is_private"?: boolean;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "goal_comments_goal_id_fkey";
            columns: ["goal_id"];
            isOneToOne: false;
            referencedRelation: "goals";
            referencedColumns: ["id"];
          },
        ];
      };
      "goal_milestones": {
        Row: {
          "category": string | null;
          "created_at": string;
          "description": string | null;
          "due_date": string | null;
          "goal_id": string;
          "id": string;
          "is_private": boolean;
          "order_index": number;
          "status": string;
          "title": string;
        };
        ComputedFields: never;
        Insert: {
          "category"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "due_date"?: string | null;
          "goal_id": string;
          "id"?: string;
          "is_private"?: boolean;
          "order_index": number;
          "status"?: string;
          "title": string;
        };
        Update: {
          "category"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "due_date"?: string | null;
          "goal_id"?: string;
          "id"?: string;
          "is_private"?: boolean;
          "order_index"?: number;
          "status"?: string;
          "title"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "goal_milestones_goal_id_fkey";
            columns: ["goal_id"];
            isOneToOne: false;
            referencedRelation: "goals";
            referencedColumns: ["id"];
          },
        ];
      };
      "goals": {
        Row: {
          "category": Database["public"]["Enums"]["goal_category"];
          "created_at": string;
          "description": string | null;
          "id": string;
          "instantiation_id": string | null;
          "is_private": boolean;
          "is_public": boolean;
          "priority": string;
          "progress_percentage": number;
          "status": string;
          "target_date": string | null;
          "template_goal_id": string | null;
          "timeframe_type": string;
          "title": string;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "category": Database["public"]["Enums"]["goal_category"];
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "instantiation_id"?: string | null;
          "is_private"?: boolean;
          "is_public"?: boolean;
          "priority"?: string;
          "progress_percentage"?: number;
          "status"?: string;
          "target_date"?: string | null;
          "template_goal_id"?: string | null;
          "timeframe_type": string;
          "title": string;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "category"?: Database["public"]["Enums"]["goal_category"];
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "instantiation_id"?: string | null;
          "is_private"?: boolean;
          "is_public"?: boolean;
          "priority"?: string;
          "progress_percentage"?: number;
          "status"?: string;
          "target_date"?: string | null;
          "template_goal_id"?: string | null;
          "timeframe_type"?: string;
          "title"?: string;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "goals_instantiation_id_fkey";
            columns: ["instantiation_id"];
            isOneToOne: false;
            referencedRelation: "guided_path_instantiations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "goals_template_goal_id_fkey";
            columns: ["template_goal_id"];
            isOneToOne: false;
            referencedRelation: "guided_path_template_goals";
            referencedColumns: ["id"];
          },
        ];
      };
      "group_memberships": {
        Row: {
          "group_id": string;
          "id": string;
          "joined_at": string;
          "left_at": string | null;
          "role": Database["public"]["Enums"]["group_member_role"];
          "status": Database["public"]["Enums"]["group_membership_status"];
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "group_id": string;
          "id"?: string;
          "joined_at"?: string;
          "left_at"?: string | null;
          "role"?: Database["public"]["Enums"]["group_member_role"];
          "status"?: Database["public"]["Enums"]["group_membership_status"];
          "user_id": string;
        };
        Update: {
          "group_id"?: string;
          "id"?: string;
          "joined_at"?: string;
          "left_at"?: string | null;
          "role"?: Database["public"]["Enums"]["group_member_role"];
          "status"?: Database["public"]["Enums"]["group_membership_status"];
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "group_memberships_group_id_fkey";
            columns: ["group_id"];
            isOneToOne: false;
            referencedRelation: "groups";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "group_memberships_user_id_fkey";
            columns: ["user_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      "group_session_participants": {
        Row: {
          "created_at": string;
          "group_id": string;
          "id": string;
          "responded_at": string | null;
          "response_status": string;
          "session_id": string;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "group_id": string;
          "id"?: string;
          "responded_at"?: string | null;
          "response_status"?: string;
          "session_id": string;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "created_at"?: string;
          "group_id"?: string;
          "id"?: string;
          "responded_at"?: string | null;
          "response_status"?: string;
          "session_id"?: string;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "group_session_participants_group_id_fkey";
            columns: ["group_id"];
            isOneToOne: false;
            referencedRelation: "groups";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "group_session_participants_session_id_fkey";
            columns: ["session_id"];
            isOneToOne: false;
            referencedRelation: "group_sessions";
            referencedColumns: ["id"];
          },
        ];
      };
      "group_sessions": {
        Row: {
          "booked_by": string | null;
          "booking_source": string | null;
          "calcom_booking_id": string | null;
          "calcom_booking_uid": string | null;
          "calcom_event_type_id": number | null;
          "calcom_event_type_slug": string | null;
          "calcom_reschedule_uid": string | null;
          "calendar_changed_at": string | null;
          "calendar_sequence": number;
          "calendly_event_uri": string | null;
          "calendly_invitee_uri": string | null;
          "created_at": string;
          "description": string | null;
          "duration_minutes": number | null;
          "end_time": string | null;
          "enrollment_id": string | null;
          "group_id": string;
          "id": string;
          "is_recurring": boolean | null;
          "location": string | null;
          "meeting_link": string | null;
          "parent_session_id": string | null;
          "recurrence_end_date": string | null;
          "recurrence_pattern": string | null;
          "session_date": string;
          "start_time": string | null;
          "status": string;
          "timezone": string | null;
          "title": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "booked_by"?: string | null;
          "booking_source"?: string | null;
          "calcom_booking_id"?: string | null;
          "calcom_booking_uid"?: string | null;
          "calcom_event_type_id"?: number | null;
          "calcom_event_type_slug"?: string | null;
          "calcom_reschedule_uid"?: string | null;
          "calendar_changed_at"?: string | null;
          "calendar_sequence"?: number;
          "calendly_event_uri"?: string | null;
          "calendly_invitee_uri"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "duration_minutes"?: number | null;
          "end_time"?: string | null;
          "enrollment_id"?: string | null;
          "group_id": string;
          "id"?: string;
          "is_recurring"?: boolean | null;
          "location"?: string | null;
          "meeting_link"?: string | null;
          "parent_session_id"?: string | null;
          "recurrence_end_date"?: string | null;
          "recurrence_pattern"?: string | null;
          "session_date": string;
          "start_time"?: string | null;
          "status"?: string;
          "timezone"?: string | null;
          "title": string;
          "updated_at"?: string;
        };
        Update: {
          "booked_by"?: string | null;
          "booking_source"?: string | null;
          "calcom_booking_id"?: string | null;
          "calcom_booking_uid"?: string | null;
          "calcom_event_type_id"?: number | null;
          "calcom_event_type_slug"?: string | null;
          "calcom_reschedule_uid"?: string | null;
          "calendar_changed_at"?: string | null;
          "calendar_sequence"?: number;
          "calendly_event_uri"?: string | null;
          "calendly_invitee_uri"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "duration_minutes"?: number | null;
          "end_time"?: string | null;
          "enrollment_id"?: string | null;
          "group_id"?: string;
          "id"?: string;
          "is_recurring"?: boolean | null;
          "location"?: string | null;
          "meeting_link"?: string | null;
          "parent_session_id"?: string | null;
          "recurrence_end_date"?: string | null;
          "recurrence_pattern"?: string | null;
          "session_date"?: string;
          "start_time"?: string | null;
          "status"?: string;
          "timezone"?: string | null;
          "title"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "group_sessions_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "group_sessions_group_id_fkey";
            columns: ["group_id"];
            isOneToOne: false;
            referencedRelation: "groups";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "group_sessions_parent_session_id_fkey";
            columns: ["parent_session_id"];
            isOneToOne: false;
            referencedRelation: "group_sessions";
            referencedColumns: ["id"];
          },
        ];
      };
      "groups": {
        Row: {
          "calcom_mapping_id": string | null;
          "calendly_event_url": string | null;
          "circle_group_id": string | null;
          "circle_group_url": string | null;
          "created_at": string;
          "created_by": string;
          "description": string | null;
          "end_date": string | null;
          "google_drive_folder_url": string | null;
          "id": string;
          "join_type": Database["public"]["Enums"]["group_join_type"];
          "max_members": number | null;
          "name": string;
          "program_id": string | null;
          "slack_channel_url": string | null;
          "start_date": string | null;
          "status": Database["public"]["Enums"]["group_status"];
          "theme": string | null;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "calcom_mapping_id"?: string | null;
          "calendly_event_url"?: string | null;
          "circle_group_id"?: string | null;
          "circle_group_url"?: string | null;
          "created_at"?: string;
          "created_by": string;
          "description"?: string | null;
          "end_date"?: string | null;
          "google_drive_folder_url"?: string | null;
          "id"?: string;
          "join_type"?: Database["public"]["Enums"]["group_join_type"];
          "max_members"?: number | null;
          "name": string;
          "program_id"?: string | null;
          "slack_channel_url"?: string | null;
          "start_date"?: string | null;
          "status"?: Database["public"]["Enums"]["group_status"];
          "theme"?: string | null;
          "updated_at"?: string;
        };
        Update: {
          "calcom_mapping_id"?: string | null;
          "calendly_event_url"?: string | null;
          "circle_group_id"?: string | null;
          "circle_group_url"?: string | null;
          "created_at"?: string;
          "created_by"?: string;
          "description"?: string | null;
          "end_date"?: string | null;
          "google_drive_folder_url"?: string | null;
          "id"?: string;
          "join_type"?: Database["public"]["Enums"]["group_join_type"];
          "max_members"?: number | null;
          "name"?: string;
          "program_id"?: string | null;
          "slack_channel_url"?: string | null;
          "start_date"?: string | null;
          "status"?: Database["public"]["Enums"]["group_status"];
          "theme"?: string | null;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "groups_calcom_mapping_id_fkey";
            columns: ["calcom_mapping_id"];
            isOneToOne: false;
            referencedRelation: "calcom_event_type_mappings";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "groups_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "guided_path_instantiations": {
        Row: {
          "actual_completion_date": string | null;
          "created_at": string;
          "estimated_completion_date": string | null;
          "id": string;
          "pace_multiplier": number;
          "started_at": string;
          "status": string;
          "survey_response_id": string | null;
          "template_id": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "actual_completion_date"?: string | null;
          "created_at"?: string;
          "estimated_completion_date"?: string | null;
          "id"?: string;
          "pace_multiplier"?: number;
          "started_at"?: string;
          "status"?: string;
          "survey_response_id"?: string | null;
          "template_id": string;
          "user_id": string;
        };
        Update: {
          "actual_completion_date"?: string | null;
          "created_at"?: string;
          "estimated_completion_date"?: string | null;
          "id"?: string;
          "pace_multiplier"?: number;
          "started_at"?: string;
          "status"?: string;
          "survey_response_id"?: string | null;
          "template_id"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName:
              "guided_path_instantiations_survey_response_id_fkey";
            columns: ["survey_response_id"];
            isOneToOne: false;
            referencedRelation: "guided_path_survey_responses";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "guided_path_instantiations_template_id_fkey";
            columns: ["template_id"];
            isOneToOne: false;
            referencedRelation: "guided_path_templates";
            referencedColumns: ["id"];
          },
        ];
      };
      "guided_path_milestone_gates": {
        Row: {
          "assessment_definition_id": string | null;
          "assessment_dimension_id": string | null;
          "capability_assessment_id": string | null;
          "capability_domain_id": string | null;
          "created_at": string;
          "gate_label": string | null;
          "id": string;
          "min_score": number;
          "template_milestone_id": string;
        };
        ComputedFields: never;
        Insert: {
          "assessment_definition_id"?: string | null;
          "assessment_dimension_id"?: string | null;
          "capability_assessment_id"?: string | null;
          "capability_domain_id"?: string | null;
          "created_at"?: string;
          "gate_label"?: string | null;
          "id"?: string;
          "min_score": number;
          "template_milestone_id": string;
        };
        Update: {
          "assessment_definition_id"?: string | null;
          "assessment_dimension_id"?: string | null;
          "capability_assessment_id"?: string | null;
          "capability_domain_id"?: string | null;
          "created_at"?: string;
          "gate_label"?: string | null;
          "id"?: string;
          "min_score"?: number;
          "template_milestone_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName:
              "guided_path_milestone_gates_assessment_definition_id_fkey";
            columns: ["assessment_definition_id"];
            isOneToOne: false;
            referencedRelation: "assessment_definitions";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName:
              "guided_path_milestone_gates_assessment_dimension_id_fkey";
            columns: ["assessment_dimension_id"];
            isOneToOne: false;
            referencedRelation: "assessment_dimensions";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName:
              "guided_path_milestone_gates_capability_assessment_id_fkey";
            columns: ["capability_assessment_id"];
            isOneToOne: false;
            referencedRelation: "capability_assessments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName:
              "guided_path_milestone_gates_capability_domain_id_fkey";
            columns: ["capability_domain_id"];
            isOneToOne: false;
            referencedRelation: "capability_domains";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName:
              "guided_path_milestone_gates_template_milestone_id_fkey";
            columns: ["template_milestone_id"];
            isOneToOne: false;
            referencedRelation: "guided_path_template_milestones";
            referencedColumns: ["id"];
          },
        ];
      };
      "guided_path_survey_responses": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "guided_path_template_goals": {
        Row: {
          "category": string;
          "created_at": string;
          "description": string | null;
          "id": string;
          "order_index": number;
          "priority": string;
          "template_id": string;
          "timeframe_type": string;
          "title": string;
        };
        ComputedFields: never;
        Insert: {
          "category": string;
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "order_index"?: number;
          "priority"?: string;
          "template_id": string;
          "timeframe_type"?: string;
          "title": string;
        };
        Update: {
          "category"?: string;
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "order_index"?: number;
          "priority"?: string;
          "template_id"?: string;
          "timeframe_type"?: string;
          "title"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "guided_path_template_goals_template_id_fkey";
            columns: ["template_id"];
            isOneToOne: false;
            referencedRelation: "guided_path_templates";
            referencedColumns: ["id"];
          },
        ];
      };
      "guided_path_template_milestones": {
        Row: {
          "created_at": string;
          "description": string | null;
          "id": string;
          "order_index": number;
          "recommended_days_max": number | null;
          "recommended_days_min": number | null;
          "recommended_days_optimal": number | null;
          "template_goal_id": string;
          "title": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "order_index"?: number;
          "recommended_days_max"?: number | null;
          "recommended_days_min"?: number | null;
          "recommended_days_optimal"?: number | null;
          "template_goal_id": string;
          "title": string;
        };
        Update: {
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "order_index"?: number;
          "recommended_days_max"?: number | null;
          "recommended_days_min"?: number | null;
          "recommended_days_optimal"?: number | null;
          "template_goal_id"?: string;
          "title"?: string;
        };
        Relationships: [
          {
            foreignKeyName:
              "guided_path_template_milestones_template_goal_id_fkey";
            columns: ["template_goal_id"];
            isOneToOne: false;
            referencedRelation: "guided_path_template_goals";
            referencedColumns: ["id"];
          },
        ];
      };
      "guided_path_templates": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "instructor_calcom_event_types": {
        Row: {
          "booking_url": string | null;
          "child_event_type_id": number;
          "created_at": string;
          "id": string;
          "instructor_id": string;
          "module_type": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "booking_url"?: string | null;
          "child_event_type_id": number;
          "created_at"?: string;
          "id"?: string;
          "instructor_id": string;
          "module_type": string;
          "updated_at"?: string;
        };
        Update: {
          "booking_url"?: string | null;
          "child_event_type_id"?: number;
          "created_at"?: string;
          "id"?: string;
          "instructor_id"?: string;
          "module_type"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "instructor_calcom_event_types_instructor_id_fkey";
            columns: ["instructor_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "instructor_calcom_event_types_module_type_fkey";
            columns: ["module_type"];
            isOneToOne: false;
            referencedRelation: "module_types";
            referencedColumns: ["name"];
          },
        ];
      };
      "low_credit_thresholds": {
        Row: {
          "low_since": string | null;
          "owner_id": string;
          "owner_type": string;
          "threshold": number;
        };
        ComputedFields: never;
        Insert: {
          "low_since"?: string | null;
          "owner_id": string;
          "owner_type": string;
          "threshold": number;
        };
        Update: {
          "low_since"?: string | null;
          "owner_id"?: string;
          "owner_type"?: string;
          "threshold"?: number;
        };
        Relationships: [];
      };
      "maintenance_runs": {
        Row: {
          "actions": (string)[];
          "as_of": string;
          "error": string | null;
          "finished_at": string;
          "id": number;
          "results": Json | null;
          "set_aside": NonNullable<Json>;
          "started_at": string;
          "trigger": string;
        };
        ComputedFields: never;
        Insert: {
          "actions": (string)[];
          "as_of": string;
          "error"?: string | null;
          "finished_at": string;
          "id"?: never;
          "results"?: Json | null;
          "set_aside"?: NonNullable<Json>;
          "started_at": string;
          "trigger": string;
        };
        Update: {
          "actions"?: (string)[];
          "as_of"?: string;
          "error"?: string | null;
          "finished_at"?: string;
          "id"?: never;
          "results"?: Json | null;
          "set_aside"?: NonNullable<Json>;
          "started_at"?: string;
          "trigger"?: string;
        };
        Relationships: [];
      };
      "module_assignment_types": {
        Row: {
          "created_at": string;
          "description": string | null;
          "id": string;
          "is_active": boolean | null;
          "name": string;
          "scoring_assessment_id": string | null;
          "structure": NonNullable<Json>;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "name": string;
          "scoring_assessment_id"?: string | null;
          "structure"?: NonNullable<Json>;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "name"?: string;
          "scoring_assessment_id"?: string | null;
          "structure"?: NonNullable<Json>;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName:
              "module_assignment_types_scoring_assessment_id_fkey";
            columns: ["scoring_assessment_id"];
            isOneToOne: false;
            referencedRelation: "capability_assessments";
            referencedColumns: ["id"];
          },
        ];
      };
      "module_assignments": {
        Row: {
          "assessor_id": string;
          "assignment_type_id": string;
          "completed_at": string | null;
          "created_at": string;
          "handed_in_by": string | null;
          "id": string;
          "instructor_notes": string | null;
          "is_private": boolean;
          "module_progress_id": string;
          "overall_comments": string | null;
          "overall_score": number | null;
          "responses": NonNullable<Json>;
          "scored_at": string | null;
          "scored_by": string | null;
          "scoring_snapshot_id": string | null;
          "status": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "assessor_id": string;
          "assignment_type_id": string;
          "completed_at"?: string | null;
          "created_at"?: string;
          "handed_in_by"?: string | null;
          "id"?: string;
          "instructor_notes"?: string | null;
          "is_private"?: boolean;
          "module_progress_id": string;
          "overall_comments"?: string | null;
          "overall_score"?: number | null;
          "responses"?: NonNullable<Json>;
          "scored_at"?: string | null;
          "scored_by"?: string | null;
          "scoring_snapshot_id"?: string | null;
          "status"?: string;
          "updated_at"?: string;
        };
        Update: {
          "assessor_id"?: string;
          "assignment_type_id"?: string;
          "completed_at"?: string | null;
          "created_at"?: string;
          "handed_in_by"?: string | null;
          "id"?: string;
          "instructor_notes"?: string | null;
          "is_private"?: boolean;
          "module_progress_id"?: string;
          "overall_comments"?: string | null;
          "overall_score"?: number | null;
          "responses"?: NonNullable<Json>;
          "scored_at"?: string | null;
          "scored_by"?: string | null;
          "scoring_snapshot_id"?: string | null;
          "status"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "module_assessments_assessment_type_id_fkey";
            columns: ["assignment_type_id"];
            isOneToOne: false;
            referencedRelation: "module_assignment_types";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "module_assessments_module_progress_id_fkey";
            columns: ["module_progress_id"];
            isOneToOne: false;
            referencedRelation: "module_progress";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "module_assignments_scoring_snapshot_id_fkey";
            columns: ["scoring_snapshot_id"];
            isOneToOne: false;
            referencedRelation: "capability_snapshots";
            referencedColumns: ["id"];
          },
        ];
      };
      "module_coaches": {
        Row: {
          "coach_id": string;
          "created_at": string | null;
          "id": string;
          "module_id": string;
        };
        ComputedFields: never;
        Insert: {
          "coach_id": string;
          "created_at"?: string | null;
          "id"?: string;
          "module_id": string;
        };
        Update: {
          "coach_id"?: string;
          "created_at"?: string | null;
          "id"?: string;
          "module_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "module_coaches_module_id_fkey";
            columns: ["module_id"];
            isOneToOne: false;
            referencedRelation: "program_modules";
            referencedColumns: ["id"];
          },
        ];
      };
      "module_external_mappings": {
        Row: {
          "created_at": string | null;
          "external_content_id": string;
          "external_content_name": string | null;
          "external_source_id": string;
          "id": string;
          "module_id": string;
          "sync_completion": boolean | null;
          "sync_progress": boolean | null;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "external_content_id": string;
          "external_content_name"?: string | null;
          "external_source_id": string;
          "id"?: string;
          "module_id": string;
          "sync_completion"?: boolean | null;
          "sync_progress"?: boolean | null;
          "updated_at"?: string | null;
        };
        Update: {
          "created_at"?: string | null;
          "external_content_id"?: string;
          "external_content_name"?: string | null;
          "external_source_id"?: string;
          "id"?: string;
          "module_id"?: string;
          "sync_completion"?: boolean | null;
          "sync_progress"?: boolean | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "module_external_mappings_external_source_id_fkey";
            columns: ["external_source_id"];
            isOneToOne: false;
            referencedRelation: "external_sources";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "module_external_mappings_module_id_fkey";
            columns: ["module_id"];
            isOneToOne: false;
            referencedRelation: "program_modules";
            referencedColumns: ["id"];
          },
        ];
      };
      "module_instructors": {
        Row: {
          "created_at": string | null;
          "id": string;
          "instructor_id": string;
          "module_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "id"?: string;
          "instructor_id": string;
          "module_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "id"?: string;
          "instructor_id"?: string;
          "module_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "module_instructors_module_id_fkey";
            columns: ["module_id"];
            isOneToOne: false;
            referencedRelation: "program_modules";
            referencedColumns: ["id"];
          },
        ];
      };
      "module_progress": {
        Row: {
          "completed_at": string | null;
          "created_at": string | null;
          "enrollment_id": string;
          "id": string;
          "module_id": string;
          "notes": string | null;
          "status": Database["public"]["Enums"]["progress_status"];
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "completed_at"?: string | null;
          "created_at"?: string | null;
          "enrollment_id": string;
          "id"?: string;
          "module_id": string;
          "notes"?: string | null;
          "status"?: Database["public"]["Enums"]["progress_status"];
          "updated_at"?: string | null;
        };
        Update: {
          "completed_at"?: string | null;
          "created_at"?: string | null;
          "enrollment_id"?: string;
          "id"?: string;
          "module_id"?: string;
          "notes"?: string | null;
          "status"?: Database["public"]["Enums"]["progress_status"];
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "module_progress_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "module_progress_module_id_fkey";
            columns: ["module_id"];
            isOneToOne: false;
            referencedRelation: "program_modules";
            referencedColumns: ["id"];
          },
        ];
      };
      "module_reflections": {
        Row: {
          "content": string;
          "created_at": string;
          "id": string;
          "module_progress_id": string;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "content": string;
          "created_at"?: string;
          "id"?: string;
          "module_progress_id": string;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "content"?: string;
          "created_at"?: string;
          "id"?: string;
          "module_progress_id"?: string;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "module_reflections_module_progress_id_fkey";
            columns: ["module_progress_id"];
            isOneToOne: false;
            referencedRelation: "module_progress";
            referencedColumns: ["id"];
          },
        ];
      };
      "module_session_participants": {
        Row: {
          "created_at": string;
          "enrollment_id": string | null;
          "id": string;
          "response_status": string;
          "session_id": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "enrollment_id"?: string | null;
          "id"?: string;
          "response_status"?: string;
          "session_id": string;
          "user_id": string;
        };
        Update: {
          "created_at"?: string;
          "enrollment_id"?: string | null;
          "id"?: string;
          "response_status"?: string;
          "session_id"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "module_session_participants_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "module_session_participants_session_id_fkey";
            columns: ["session_id"];
            isOneToOne: false;
            referencedRelation: "module_sessions";
            referencedColumns: ["id"];
          },
        ];
      };
      "module_sessions": {
        Row: {
          "booked_by": string | null;
          "booking_source": string | null;
          "calcom_booking_id": string | null;
          "calcom_booking_uid": string | null;
          "calcom_event_type_id": number | null;
          "calcom_event_type_slug": string | null;
          "calcom_reschedule_uid": string | null;
          "calendar_changed_at": string | null;
          "calendar_sequence": number;
          "client_response": string | null;
          "created_at": string;
          "description": string | null;
          "duration_minutes": number | null;
          "enrollment_id": string | null;
          "id": string;
          "instructor_id": string | null;
          "is_recurring": boolean;
          "location": string | null;
          "meeting_url": string | null;
          "module_id": string;
          "notes": string | null;
          "parent_session_id": string | null;
          "preferred_date": string | null;
          "program_id": string | null;
          "recurrence_count": number | null;
          "recurrence_end_date": string | null;
          "recurrence_pattern": string | null;
          "request_message": string | null;
          "request_notes": string | null;
          "requested_at": string | null;
          "requested_by": string | null;
          "session_date": string | null;
          "session_type": string;
          "source": string | null;
          "status": string;
          "timezone": string | null;
          "title": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "booked_by"?: string | null;
          "booking_source"?: string | null;
          "calcom_booking_id"?: string | null;
          "calcom_booking_uid"?: string | null;
          "calcom_event_type_id"?: number | null;
          "calcom_event_type_slug"?: string | null;
          "calcom_reschedule_uid"?: string | null;
          "calendar_changed_at"?: string | null;
          "calendar_sequence"?: number;
          "client_response"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "duration_minutes"?: number | null;
          "enrollment_id"?: string | null;
          "id"?: string;
          "instructor_id"?: string | null;
          "is_recurring"?: boolean;
          "location"?: string | null;
          "meeting_url"?: string | null;
          "module_id": string;
          "notes"?: string | null;
          "parent_session_id"?: string | null;
          "preferred_date"?: string | null;
          "program_id"?: string | null;
          "recurrence_count"?: number | null;
          "recurrence_end_date"?: string | null;
          "recurrence_pattern"?: string | null;
          "request_message"?: string | null;
          "request_notes"?: string | null;
          "requested_at"?: string | null;
          "requested_by"?: string | null;
          "session_date"?: string | null;
          "session_type"?: string;
          "source"?: string | null;
          "status"?: string;
          "timezone"?: string | null;
          "title": string;
          "updated_at"?: string;
        };
        Update: {
          "booked_by"?: string | null;
          "booking_source"?: string | null;
          "calcom_booking_id"?: string | null;
          "calcom_booking_uid"?: string | null;
          "calcom_event_type_id"?: number | null;
          "calcom_event_type_slug"?: string | null;
          "calcom_reschedule_uid"?: string | null;
          "calendar_changed_at"?: string | null;
          "calendar_sequence"?: number;
          "client_response"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "duration_minutes"?: number | null;
          "enrollment_id"?: string | null;
          "id"?: string;
          "instructor_id"?: string | null;
          "is_recurring"?: boolean;
          "location"?: string | null;
          "meeting_url"?: string | null;
          "module_id"?: string;
          "notes"?: string | null;
          "parent_session_id"?: string | null;
          "preferred_date"?: string | null;
          "program_id"?: string | null;
          "recurrence_count"?: number | null;
          "recurrence_end_date"?: string | null;
          "recurrence_pattern"?: string | null;
          "request_message"?: string | null;
          "request_notes"?: string | null;
          "requested_at"?: string | null;
          "requested_by"?: string | null;
          "session_date"?: string | null;
          "session_type"?: string;
          "source"?: string | null;
          "status"?: string;
          "timezone"?: string | null;
          "title"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "module_sessions_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "module_sessions_module_id_fkey";
            columns: ["module_id"];
            isOneToOne: false;
            referencedRelation: "program_modules";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "module_sessions_parent_session_id_fkey";
            columns: ["parent_session_id"];
            isOneToOne: false;
            referencedRelation: "module_sessions";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "module_sessions_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "module_types": {
        Row: {
          "id": string;
          "name": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
          "name": string;
        };
        Update: {
          "id"?: string;
          "name"?: string;
        };
        Relationships: [];
      };
      "notification_categories": {
        Row: {
          "created_at": string | null;
          "description": string | null;
          "icon": string | null;
          "id": string;
          "is_active": boolean | null;
          "key": string;
          "name": string;
          "order_index": number | null;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "description"?: string | null;
          "icon"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "key": string;
          "name": string;
          "order_index"?: number | null;
          "updated_at"?: string | null;
        };
        Update: {
          "created_at"?: string | null;
          "description"?: string | null;
          "icon"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "key"?: string;
          "name"?: string;
          "order_index"?: number | null;
          "updated_at"?: string | null;
        };
        Relationships: [];
      };
      "notification_preferences": {
        Row: {
          "assignment_graded": boolean | null;
          "assignment_submitted": boolean | null;
          "coach_module_assignments": boolean | null;
          "coach_program_assignments": boolean | null;
          "created_at": string | null;
          "email_changes": boolean | null;
          "id": string;
          "instructor_module_assignments": boolean | null;
          "instructor_program_assignments": boolean | null;
          "module_completions": boolean | null;
          "password_changes": boolean | null;
          "profile_updates": boolean | null;
          "program_assignments": boolean | null;
          "program_completions": boolean | null;
          "session_requests": boolean;
          "session_scheduled": boolean;
          "updated_at": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "assignment_graded"?: boolean | null;
          "assignment_submitted"?: boolean | null;
          "coach_module_assignments"?: boolean | null;
          "coach_program_assignments"?: boolean | null;
          "created_at"?: string | null;
          "email_changes"?: boolean | null;
          "id"?: string;
          "instructor_module_assignments"?: boolean | null;
          "instructor_program_assignments"?: boolean | null;
          "module_completions"?: boolean | null;
          "password_changes"?: boolean | null;
          "profile_updates"?: boolean | null;
          "program_assignments"?: boolean | null;
          "program_completions"?: boolean | null;
          "session_requests"?: boolean;
          "session_scheduled"?: boolean;
          "updated_at"?: string | null;
          "user_id": string;
        };
        Update: {
          "assignment_graded"?: boolean | null;
          "assignment_submitted"?: boolean | null;
          "coach_module_assignments"?: boolean | null;
          "coach_program_assignments"?: boolean | null;
          "created_at"?: string | null;
          "email_changes"?: boolean | null;
          "id"?: string;
          "instructor_module_assignments"?: boolean | null;
          "instructor_program_assignments"?: boolean | null;
          "module_completions"?: boolean | null;
          "password_changes"?: boolean | null;
          "profile_updates"?: boolean | null;
          "program_assignments"?: boolean | null;
          "program_completions"?: boolean | null;
          "session_requests"?: boolean;
          "session_scheduled"?: boolean;
          "updated_at"?: string | null;
          "user_id"?: string;
        };
        Relationships: [];
      };
      "notification_types": {
        Row: {
          "category_id": string | null;
          "created_at": string | null;
          "default_email_enabled": boolean | null;
          "default_in_app_enabled": boolean | null;
          "description": string | null;
          "email_template_key": string | null;
          "icon": string | null;
          "id": string;
          "is_active": boolean | null;
          "is_critical": boolean | null;
          "key": string;
          "name": string;
          "order_index": number | null;
          "preference": string | null;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "category_id"?: string | null;
          "created_at"?: string | null;
          "default_email_enabled"?: boolean | null;
          "default_in_app_enabled"?: boolean | null;
          "description"?: string | null;
          "email_template_key"?: string | null;
          "icon"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "is_critical"?: boolean | null;
          "key": string;
          "name": string;
          "order_index"?: number | null;
          "preference"?: string | null;
          "updated_at"?: string | null;
        };
        Update: {
          "category_id"?: string | null;
          "created_at"?: string | null;
          "default_email_enabled"?: boolean | null;
          "default_in_app_enabled"?: boolean | null;
          "description"?: string | null;
          "email_template_key"?: string | null;
          "icon"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "is_critical"?: boolean | null;
          "key"?: string;
          "name"?: string;
          "order_index"?: number | null;
          "preference"?: string | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "notification_types_category_id_fkey";
            columns: ["category_id"];
            isOneToOne: false;
            referencedRelation: "notification_categories";
            referencedColumns: ["id"];
          },
        ];
      };
      "notifications": {
        Row: {
          "created_at": string | null;
          "dedupe_key": string | null;
          "email_error": string | null;
          "email_sent": boolean | null;
          "email_sent_at": string | null;
          "id": string;
          "is_read": boolean | null;
          "link": string | null;
          "message": string | null;
          "metadata": Json | null;
          "notification_type_id": string | null;
          "read_at": string | null;
          "title": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "dedupe_key"?: string | null;
          "email_error"?: string | null;
          "email_sent"?: boolean | null;
          "email_sent_at"?: string | null;
          "id"?: string;
          "is_read"?: boolean | null;
          "link"?: string | null;
          "message"?: string | null;
          "metadata"?: Json | null;
          "notification_type_id"?: string | null;
          "read_at"?: string | null;
          "title": string;
          "user_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "dedupe_key"?: string | null;
          "email_error"?: string | null;
          "email_sent"?: boolean | null;
          "email_sent_at"?: string | null;
          "id"?: string;
          "is_read"?: boolean | null;
          "link"?: string | null;
          "message"?: string | null;
          "metadata"?: Json | null;
          "notification_type_id"?: string | null;
          "read_at"?: string | null;
          "title"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "notifications_notification_type_id_fkey";
            columns: ["notification_type_id"];
            isOneToOne: false;
            referencedRelation: "notification_types";
            referencedColumns: ["id"];
          },
        ];
      };
      "org_credit_balances": {
        Row: {
          "available_credits": number;
          "created_at": string | null;
          "id": string;
          "organization_id": string;
          "reserved_credits": number;
          "total_consumed": number;
          "total_purchased": number;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "available_credits"?: number;
          "created_at"?: string | null;
          "id"?: string;
          "organization_id": string;
          "reserved_credits"?: number;
          "total_consumed"?: number;
          "total_purchased"?: number;
          "updated_at"?: string | null;
        };
        Update: {
          "available_credits"?: number;
          "created_at"?: string | null;
          "id"?: string;
          "organization_id"?: string;
          "reserved_credits"?: number;
          "total_consumed"?: number;
          "total_purchased"?: number;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "org_credit_balances_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: true;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "org_credit_packages": {
        Row: {
          "created_at": string | null;
          "credit_value": number;
          "currency": string;
          "description": string | null;
          "display_order": number | null;
          "id": string;
          "is_active": boolean | null;
          "name": string;
          "price_cents": number;
          "slug": string;
          "stripe_price_id": string | null;
          "updated_at": string | null;
          "validity_months": number | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "credit_value"?: number;
          "currency"?: string;
          "description"?: string | null;
          "display_order"?: number | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "name": string;
          "price_cents"?: number;
          "slug": string;
          "stripe_price_id"?: string | null;
          "updated_at"?: string | null;
          "validity_months"?: number | null;
        };
        Update: {
          "created_at"?: string | null;
          "credit_value"?: number;
          "currency"?: string;
          "description"?: string | null;
          "display_order"?: number | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "name"?: string;
          "price_cents"?: number;
          "slug"?: string;
          "stripe_price_id"?: string | null;
          "updated_at"?: string | null;
          "validity_months"?: number | null;
        };
        Relationships: [];
      };
      "org_credit_purchases": {
        Row: {
          "amount_cents": number;
          "created_at": string | null;
          "credits_purchased": number;
          "currency": string;
          "duplicate_of": string | null;
          "expires_at": string | null;
          "id": string;
          "notes": string | null;
          "organization_id": string;
          "package_id": string | null;
          "purchased_by": string | null;
          "status": string | null;
          "stripe_checkout_session_id": string | null;
          "stripe_payment_intent_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "amount_cents": number;
          "created_at"?: string | null;
          "credits_purchased": number;
          "currency"?: string;
          "duplicate_of"?: string | null;
          "expires_at"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "organization_id": string;
          "package_id"?: string | null;
          "purchased_by"?: string | null;
          "status"?: string | null;
          "stripe_checkout_session_id"?: string | null;
          "stripe_payment_intent_id"?: string | null;
        };
        Update: {
          "amount_cents"?: number;
          "created_at"?: string | null;
          "credits_purchased"?: number;
          "currency"?: string;
          "duplicate_of"?: string | null;
          "expires_at"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "organization_id"?: string;
          "package_id"?: string | null;
          "purchased_by"?: string | null;
          "status"?: string | null;
          "stripe_checkout_session_id"?: string | null;
          "stripe_payment_intent_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "org_credit_purchases_duplicate_of_fkey";
            columns: ["duplicate_of"];
            isOneToOne: false;
            referencedRelation: "org_credit_purchases";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "org_credit_purchases_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "org_credit_purchases_package_id_fkey";
            columns: ["package_id"];
            isOneToOne: false;
            referencedRelation: "org_credit_packages";
            referencedColumns: ["id"];
          },
        ];
      };
      "org_credit_transactions": {
        Row: {
          "amount": number;
          "balance_after": number;
          "created_at": string | null;
          "description": string | null;
          "enrollment_id": string | null;
          "id": string;
          "metadata": Json | null;
          "organization_id": string;
          "performed_by": string | null;
          "purchase_id": string | null;
          "transaction_type": string;
        };
        ComputedFields: never;
        Insert: {
          "amount": number;
          "balance_after": number;
          "created_at"?: string | null;
          "description"?: string | null;
          "enrollment_id"?: string | null;
          "id"?: string;
          "metadata"?: Json | null;
          "organization_id": string;
          "performed_by"?: string | null;
          "purchase_id"?: string | null;
          "transaction_type": string;
        };
        Update: {
          "amount"?: number;
          "balance_after"?: number;
          "created_at"?: string | null;
          "description"?: string | null;
          "enrollment_id"?: string | null;
          "id"?: string;
          "metadata"?: Json | null;
          "organization_id"?: string;
          "performed_by"?: string | null;
          "purchase_id"?: string | null;
          "transaction_type"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "org_credit_transactions_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "org_credit_transactions_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "org_credit_transactions_purchase_id_fkey";
            columns: ["purchase_id"];
            isOneToOne: false;
            referencedRelation: "org_credit_purchases";
            referencedColumns: ["id"];
          },
        ];
      };
      "org_platform_subscriptions": {
        Row: {
          "billing_email": string | null;
          "billing_period": string | null;
          "canceled_at": string | null;
          "created_at": string | null;
          "current_period_end": string | null;
          "current_period_start": string | null;
          "id": string;
          "organization_id": string;
          "starts_at": string | null;
          "status": string | null;
          "stripe_customer_id": string | null;
          "stripe_subscription_id": string | null;
          "tier_id": string | null;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "billing_email"?: string | null;
          "billing_period"?: string | null;
          "canceled_at"?: string | null;
          "created_at"?: string | null;
          "current_period_end"?: string | null;
          "current_period_start"?: string | null;
          "id"?: string;
          "organization_id": string;
          "starts_at"?: string | null;
          "status"?: string | null;
          "stripe_customer_id"?: string | null;
          "stripe_subscription_id"?: string | null;
          "tier_id"?: string | null;
          "updated_at"?: string | null;
        };
        Update: {
          "billing_email"?: string | null;
          "billing_period"?: string | null;
          "canceled_at"?: string | null;
          "created_at"?: string | null;
          "current_period_end"?: string | null;
          "current_period_start"?: string | null;
          "id"?: string;
          "organization_id"?: string;
          "starts_at"?: string | null;
          "status"?: string | null;
          "stripe_customer_id"?: string | null;
          "stripe_subscription_id"?: string | null;
          "tier_id"?: string | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "org_platform_subscriptions_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: true;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "org_platform_subscriptions_tier_id_fkey";
            columns: ["tier_id"];
            isOneToOne: false;
            referencedRelation: "org_platform_tiers";
            referencedColumns: ["id"];
          },
        ];
      };
      "org_platform_tiers": {
        Row: {
          "annual_fee_cents": number;
          "created_at": string | null;
          "credit_allowance": number | null;
          "currency": string;
          "description": string | null;
          "display_order": number | null;
          "features": Json | null;
          "id": string;
          "includes_analytics": boolean | null;
          "is_active": boolean | null;
          "max_members": number | null;
          "max_sponsored_seats": number | null;
          "monthly_fee_cents": number | null;
          "name": string;
          "slug": string;
          "stripe_annual_price_id": string | null;
          "stripe_monthly_price_id": string | null;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "annual_fee_cents"?: number;
          "created_at"?: string | null;
          "credit_allowance"?: number | null;
          "currency"?: string;
          "description"?: string | null;
          "display_order"?: number | null;
          "features"?: Json | null;
          "id"?: string;
          "includes_analytics"?: boolean | null;
          "is_active"?: boolean | null;
          "max_members"?: number | null;
          "max_sponsored_seats"?: number | null;
          "monthly_fee_cents"?: number | null;
          "name": string;
          "slug": string;
          "stripe_annual_price_id"?: string | null;
          "stripe_monthly_price_id"?: string | null;
          "updated_at"?: string | null;
        };
        Update: {
          "annual_fee_cents"?: number;
          "created_at"?: string | null;
          "credit_allowance"?: number | null;
          "currency"?: string;
          "description"?: string | null;
          "display_order"?: number | null;
          "features"?: Json | null;
          "id"?: string;
          "includes_analytics"?: boolean | null;
          "is_active"?: boolean | null;
          "max_members"?: number | null;
          "max_sponsored_seats"?: number | null;
          "monthly_fee_cents"?: number | null;
          "name"?: string;
          "slug"?: string;
          "stripe_annual_price_id"?: string | null;
          "stripe_monthly_price_id"?: string | null;
          "updated_at"?: string | null;
        };
        Relationships: [];
      };
      "organization_invites": {
        Row: {
          "accepted_at": string | null;
          "created_at": string | null;
          "declined_at": string | null;
          "email": string;
          "expires_at": string;
          "id": string;
          "invited_by": string;
          "is_open": boolean;
          "organization_id": string;
          "role": Database["public"]["Enums"]["org_role"];
          "token": string | null;
          "withdrawn_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "accepted_at"?: string | null;
          "created_at"?: string | null;
          "declined_at"?: string | null;
          "email": string;
          "expires_at"?: string;
          "id"?: string;
          "invited_by": string;
          "is_open"?: never;
          "organization_id": string;
          "role"?: Database["public"]["Enums"]["org_role"];
          "token"?: string | null;
          "withdrawn_at"?: string | null;
        };
        Update: {
          "accepted_at"?: string | null;
          "created_at"?: string | null;
          "declined_at"?: string | null;
          "email"?: string;
          "expires_at"?: string;
          "id"?: string;
          "invited_by"?: string;
          "is_open"?: never;
          "organization_id"?: string;
          "role"?: Database["public"]["Enums"]["org_role"];
          "token"?: string | null;
          "withdrawn_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "organization_invites_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "organization_members": {
        Row: {
          "created_at": string;
          "department": string | null;
          "id": string;
          "invited_at": string | null;
          "invited_by": string | null;
          "is_active": boolean;
          "joined_at": string | null;
          "organization_id": string;
          "role": Database["public"]["Enums"]["org_role"];
          "sponsored_plan_id": string | null;
          "title": string | null;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "department"?: string | null;
          "id"?: string;
          "invited_at"?: string | null;
          "invited_by"?: string | null;
          "is_active"?: boolean;
          "joined_at"?: string | null;
          "organization_id": string;
          "role"?: Database["public"]["Enums"]["org_role"];
          "sponsored_plan_id"?: string | null;
          "title"?: string | null;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "created_at"?: string;
          "department"?: string | null;
          "id"?: string;
          "invited_at"?: string | null;
          "invited_by"?: string | null;
          "is_active"?: boolean;
          "joined_at"?: string | null;
          "organization_id"?: string;
          "role"?: Database["public"]["Enums"]["org_role"];
          "sponsored_plan_id"?: string | null;
          "title"?: string | null;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "organization_members_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "organization_members_sponsored_plan_id_fkey";
            columns: ["sponsored_plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
        ];
      };
      "organization_programs": {
        Row: {
          "created_at": string | null;
          "expires_at": string | null;
          "id": string;
          "is_active": boolean | null;
          "licensed_at": string | null;
          "max_enrollments": number | null;
          "notes": string | null;
          "organization_id": string;
          "program_id": string;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "expires_at"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "licensed_at"?: string | null;
          "max_enrollments"?: number | null;
          "notes"?: string | null;
          "organization_id": string;
          "program_id": string;
          "updated_at"?: string | null;
        };
        Update: {
          "created_at"?: string | null;
          "expires_at"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "licensed_at"?: string | null;
          "max_enrollments"?: number | null;
          "notes"?: string | null;
          "organization_id"?: string;
          "program_id"?: string;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "organization_programs_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "organization_programs_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "organization_sharing_consent": {
        Row: {
          "consent_given_at": string | null;
          "consent_updated_at": string;
          "created_at": string;
          "id": string;
          "organization_id": string;
          "share_assessments": boolean;
          "share_assignments": boolean;
          "share_decisions": boolean;
          "share_development_items": boolean;
          "share_goals": boolean;
          "share_progress": boolean;
          "share_tasks": boolean;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "consent_given_at"?: string | null;
          "consent_updated_at"?: string;
          "created_at"?: string;
          "id"?: string;
          "organization_id": string;
          "share_assessments"?: boolean;
          "share_assignments"?: boolean;
          "share_decisions"?: boolean;
          "share_development_items"?: boolean;
          "share_goals"?: boolean;
          "share_progress"?: boolean;
          "share_tasks"?: boolean;
          "user_id": string;
        };
        Update: {
          "consent_given_at"?: string | null;
          "consent_updated_at"?: string;
          "created_at"?: string;
          "id"?: string;
          "organization_id"?: string;
          "share_assessments"?: boolean;
          "share_assignments"?: boolean;
          "share_decisions"?: boolean;
          "share_development_items"?: boolean;
          "share_goals"?: boolean;
          "share_progress"?: boolean;
          "share_tasks"?: boolean;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "organization_sharing_consent_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "organization_terms": {
        Row: {
          "content_html": string;
          "created_at": string;
          "created_by": string | null;
          "effective_from": string;
          "id": string;
          "is_blocking_on_first_access": boolean;
          "is_blocking_on_update": boolean;
          "is_current": boolean;
          "organization_id": string;
          "title": string;
          "updated_at": string;
          "version": number;
        };
        ComputedFields: never;
        Insert: {
          "content_html": string;
          "created_at"?: string;
          "created_by"?: string | null;
          "effective_from"?: string;
          "id"?: string;
          "is_blocking_on_first_access"?: boolean;
          "is_blocking_on_update"?: boolean;
          "is_current"?: boolean;
          "organization_id": string;
          "title": string;
          "updated_at"?: string;
          "version"?: number;
        };
        Update: {
          "content_html"?: string;
          "created_at"?: string;
          "created_by"?: string | null;
          "effective_from"?: string;
          "id"?: string;
          "is_blocking_on_first_access"?: boolean;
          "is_blocking_on_update"?: boolean;
          "is_current"?: boolean;
          "organization_id"?: string;
          "title"?: string;
          "updated_at"?: string;
          "version"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "organization_terms_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
        ];
      };
      "organizations": {
        Row: {
          "created_at": string;
          "description": string | null;
          "id": string;
          "industry": string | null;
          "is_active": boolean;
          "logo_url": string | null;
          "name": string;
          "settings": Json | null;
          "size_range": string | null;
          "slug": string;
          "updated_at": string;
          "website": string | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "industry"?: string | null;
          "is_active"?: boolean;
          "logo_url"?: string | null;
          "name": string;
          "settings"?: Json | null;
          "size_range"?: string | null;
          "slug": string;
          "updated_at"?: string;
          "website"?: string | null;
        };
        Update: {
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "industry"?: string | null;
          "is_active"?: boolean;
          "logo_url"?: string | null;
          "name"?: string;
          "settings"?: Json | null;
          "size_range"?: string | null;
          "slug"?: string;
          "updated_at"?: string;
          "website"?: string | null;
        };
        Relationships: [];
      };
      "paragraph_evaluations": {
        Row: {
          "assignment_id": string;
          "created_at": string;
          "evaluator_id": string | null;
          "feedback": string | null;
          "id": string;
          "paragraph_id": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "assignment_id": string;
          "created_at"?: string;
          "evaluator_id"?: string | null;
          "feedback"?: string | null;
          "id"?: string;
          "paragraph_id": string;
          "updated_at"?: string;
        };
        Update: {
          "assignment_id"?: string;
          "created_at"?: string;
          "evaluator_id"?: string | null;
          "feedback"?: string | null;
          "id"?: string;
          "paragraph_id"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "paragraph_evaluations_assignment_id_fkey";
            columns: ["assignment_id"];
            isOneToOne: false;
            referencedRelation: "scenario_assignments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "paragraph_evaluations_paragraph_id_fkey";
            columns: ["paragraph_id"];
            isOneToOne: false;
            referencedRelation: "section_paragraphs";
            referencedColumns: ["id"];
          },
        ];
      };
      "partner_codes": {
        Row: {
          "code": string;
          "cohort_id": string | null;
          "created_at": string | null;
          "current_uses": number;
          "discount_percent": number | null;
          "expires_at": string | null;
          "grants_tier": string | null;
          "id": string;
          "is_active": boolean;
          "is_free": boolean;
          "label": string | null;
          "max_uses": number | null;
          "partner_id": string;
          "program_id": string;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "code": string;
          "cohort_id"?: string | null;
          "created_at"?: string | null;
          "current_uses"?: number;
          "discount_percent"?: number | null;
          "expires_at"?: string | null;
          "grants_tier"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "is_free"?: boolean;
          "label"?: string | null;
          "max_uses"?: number | null;
          "partner_id": string;
          "program_id": string;
          "updated_at"?: string | null;
        };
        Update: {
          "code"?: string;
          "cohort_id"?: string | null;
          "created_at"?: string | null;
          "current_uses"?: number;
          "discount_percent"?: number | null;
          "expires_at"?: string | null;
          "grants_tier"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "is_free"?: boolean;
          "label"?: string | null;
          "max_uses"?: number | null;
          "partner_id"?: string;
          "program_id"?: string;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "partner_codes_cohort_id_fkey";
            columns: ["cohort_id"];
            isOneToOne: false;
            referencedRelation: "program_cohorts";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "partner_codes_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "partner_referrals": {
        Row: {
          "created_at": string | null;
          "enrollment_id": string | null;
          "id": string;
          "partner_code_id": string;
          "partner_id": string;
          "referral_type": string;
          "referred_user_id": string | null;
          "status": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "enrollment_id"?: string | null;
          "id"?: string;
          "partner_code_id": string;
          "partner_id": string;
          "referral_type"?: string;
          "referred_user_id"?: string | null;
          "status"?: string;
        };
        Update: {
          "created_at"?: string | null;
          "enrollment_id"?: string | null;
          "id"?: string;
          "partner_code_id"?: string;
          "partner_id"?: string;
          "referral_type"?: string;
          "referred_user_id"?: string | null;
          "status"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "partner_referrals_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "partner_referrals_partner_code_id_fkey";
            columns: ["partner_code_id"];
            isOneToOne: false;
            referencedRelation: "partner_codes";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "partner_referrals_partner_code_id_fkey";
            columns: ["partner_code_id"];
            isOneToOne: false;
            referencedRelation: "partner_codes_overview";
            referencedColumns: ["id"];
          },
        ];
      };
      "payment_schedules": {
        Row: {
          "amount_before_cents": number;
          "amount_paid_cents": number;
          "cancelled_at": string | null;
          "completed_at": string | null;
          "counted_until": string | null;
          "counts_from": string | null;
          "created_at": string;
          "credit_package_id": string | null;
          "credits_expire_at": string | null;
          "credits_granted": number;
          "currency": string;
          "duplicate_of": string | null;
          "enrollment_id": string | null;
          "id": string;
          "installment_amount_cents": number;
          "installment_count": number;
          "installments_before": number;
          "installments_paid": number;
          "metadata": Json | null;
          "next_payment_date": string | null;
          "started_at": string;
          "status": string;
          "stripe_customer_id": string | null;
          "stripe_subscription_id": string;
          "total_amount_cents": number;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "amount_before_cents"?: number;
          "amount_paid_cents"?: number;
          "cancelled_at"?: string | null;
          "completed_at"?: string | null;
          "counted_until"?: string | null;
          "counts_from"?: string | null;
          "created_at"?: string;
          "credit_package_id"?: string | null;
          "credits_expire_at"?: string | null;
          "credits_granted"?: number;
          "currency"?: string;
          "duplicate_of"?: string | null;
          "enrollment_id"?: string | null;
          "id"?: string;
          "installment_amount_cents": number;
          "installment_count": number;
          "installments_before"?: number;
          "installments_paid"?: number;
          "metadata"?: Json | null;
          "next_payment_date"?: string | null;
          "started_at"?: string;
          "status"?: string;
          "stripe_customer_id"?: string | null;
          "stripe_subscription_id": string;
          "total_amount_cents": number;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "amount_before_cents"?: number;
          "amount_paid_cents"?: number;
          "cancelled_at"?: string | null;
          "completed_at"?: string | null;
          "counted_until"?: string | null;
          "counts_from"?: string | null;
          "created_at"?: string;
          "credit_package_id"?: string | null;
          "credits_expire_at"?: string | null;
          "credits_granted"?: number;
          "currency"?: string;
          "duplicate_of"?: string | null;
          "enrollment_id"?: string | null;
          "id"?: string;
          "installment_amount_cents"?: number;
          "installment_count"?: number;
          "installments_before"?: number;
          "installments_paid"?: number;
          "metadata"?: Json | null;
          "next_payment_date"?: string | null;
          "started_at"?: string;
          "status"?: string;
          "stripe_customer_id"?: string | null;
          "stripe_subscription_id"?: string;
          "total_amount_cents"?: number;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "payment_schedules_duplicate_of_fkey";
            columns: ["duplicate_of"];
            isOneToOne: false;
            referencedRelation: "payment_schedules";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "payment_schedules_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
        ];
      };
      "plan_credit_allocations": {
        Row: {
          "created_at": string;
          "feature_key": string;
          "id": string;
          "monthly_allocation": number;
          "plan_id": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "feature_key": string;
          "id"?: string;
          "monthly_allocation"?: number;
          "plan_id": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "feature_key"?: string;
          "id"?: string;
          "monthly_allocation"?: number;
          "plan_id"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "plan_credit_allocations_plan_id_fkey";
            columns: ["plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
        ];
      };
      "plan_credit_rollovers": {
        Row: {
          "created_at": string | null;
          "expires_at": string | null;
          "feature_key": string;
          "id": string;
          "last_period_end": string;
          "rollover_credits": number;
          "source_period_start": string | null;
          "updated_at": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "expires_at"?: string | null;
          "feature_key": string;
          "id"?: string;
          "last_period_end": string;
          "rollover_credits"?: number;
          "source_period_start"?: string | null;
          "updated_at"?: string | null;
          "user_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "expires_at"?: string | null;
          "feature_key"?: string;
          "id"?: string;
          "last_period_end"?: string;
          "rollover_credits"?: number;
          "source_period_start"?: string | null;
          "updated_at"?: string | null;
          "user_id"?: string;
        };
        Relationships: [];
      };
      "plan_features": {
        Row: {
          "created_at": string;
          "enabled": boolean;
          "feature_id": string;
          "id": string;
          "is_restrictive": boolean;
          "limit_value": number | null;
          "plan_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "enabled"?: boolean;
          "feature_id": string;
          "id"?: string;
          "is_restrictive"?: boolean;
          "limit_value"?: number | null;
          "plan_id": string;
        };
        Update: {
          "created_at"?: string;
          "enabled"?: boolean;
          "feature_id"?: string;
          "id"?: string;
          "is_restrictive"?: boolean;
          "limit_value"?: number | null;
          "plan_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "plan_features_feature_id_fkey";
            columns: ["feature_id"];
            isOneToOne: false;
            referencedRelation: "features";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "plan_features_plan_id_fkey";
            columns: ["plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
        ];
      };
      "plan_prices": {
        Row: {
          "billing_interval": string;
          "created_at": string;
          "id": string;
          "is_default": boolean;
          "plan_id": string;
          "price_cents": number;
          "stripe_price_id": string | null;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "billing_interval": string;
          "created_at"?: string;
          "id"?: string;
          "is_default"?: boolean;
          "plan_id": string;
          "price_cents": number;
          "stripe_price_id"?: string | null;
          "updated_at"?: string;
        };
        Update: {
          "billing_interval"?: string;
          "created_at"?: string;
          "id"?: string;
          "is_default"?: boolean;
          "plan_id"?: string;
          "price_cents"?: number;
          "stripe_price_id"?: string | null;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "plan_prices_plan_id_fkey";
            columns: ["plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
        ];
      };
      "plans": {
        Row: {
          "created_at": string;
          "credit_allowance": number | null;
          "credit_validity_months": number | null;
          "description": string | null;
          "display_name": string | null;
          "fallback_plan_id": string | null;
          "id": string;
          "is_active": boolean;
          "is_free": boolean;
          "is_purchasable": boolean;
          "key": string;
          "name": string;
          "stripe_product_id": string | null;
          "tier_level": number;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "credit_allowance"?: number | null;
          "credit_validity_months"?: number | null;
          "description"?: string | null;
          "display_name"?: string | null;
          "fallback_plan_id"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "is_free"?: boolean;
          "is_purchasable"?: boolean;
          "key": string;
          "name": string;
          "stripe_product_id"?: string | null;
          "tier_level"?: number;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "credit_allowance"?: number | null;
          "credit_validity_months"?: number | null;
          "description"?: string | null;
          "display_name"?: string | null;
          "fallback_plan_id"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "is_free"?: boolean;
          "is_purchasable"?: boolean;
          "key"?: string;
          "name"?: string;
          "stripe_product_id"?: string | null;
          "tier_level"?: number;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "plans_fallback_plan_id_fkey";
            columns: ["fallback_plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
        ];
      };
      "profiles": {
        Row: {
          "avatar_url": string | null;
          "bio": string | null;
          "bluesky_url": string | null;
          "calendar_sync_enabled": boolean | null;
          "calendar_token": string | null;
          "certifications": Json | null;
          "constraints": string | null;
          "constraints_private": boolean;
          "created_at": string | null;
          "desired_target_role": string | null;
          "desired_target_role_private": boolean;
          "education": Json | null;
          "email": string | null;
          "external_credential_profiles": Json | null;
          "facebook_url": string | null;
          "future_vision": string | null;
          "future_vision_private": boolean;
          "id": string;
          "instagram_url": string | null;
          "is_disabled": boolean;
          "is_hidden": boolean | null;
          "job_title": string | null;
          "linkedin_url": string | null;
          "name": string;
          "organisation": string | null;
          "plan_expires_at": string | null;
          "plan_id": string | null;
          "plan_since": string | null;
          "preferred_meeting_times": Json | null;
          "real_email": string | null;
          "registration_status": string | null;
          "scheduling_url": string | null;
          "tagline": string | null;
          "timezone": string | null;
          "updated_at": string | null;
          "username": string | null;
          "verification_status": string | null;
          "verified_at": string | null;
          "x_url": string | null;
          "youtube_url": string | null;
        };
        ComputedFields: never;
        Insert: {
          "avatar_url"?: string | null;
          "bio"?: string | null;
          "bluesky_url"?: string | null;
          "calendar_sync_enabled"?: boolean | null;
          "calendar_token"?: string | null;
          "certifications"?: Json | null;
          "constraints"?: string | null;
          "constraints_private"?: boolean;
          "created_at"?: string | null;
          "desired_target_role"?: string | null;
          "desired_target_role_private"?: boolean;
          "education"?: Json | null;
          "email"?: string | null;
          "external_credential_profiles"?: Json | null;
          "facebook_url"?: string | null;
          "future_vision"?: string | null;
          "future_vision_private"?: boolean;
          "id": string;
          "instagram_url"?: string | null;
          "is_disabled"?: boolean;
          "is_hidden"?: boolean | null;
          "job_title"?: string | null;
          "linkedin_url"?: string | null;
          "name": string;
          "organisation"?: string | null;
          "plan_expires_at"?: string | null;
          "plan_id"?: string | null;
          "plan_since"?: string | null;
          "preferred_meeting_times"?: Json | null;
          "real_email"?: string | null;
          "registration_status"?: string | null;
          "scheduling_url"?: string | null;
          "tagline"?: string | null;
          "timezone"?: string | null;
          "updated_at"?: string | null;
          "username"?: string | null;
          "verification_status"?: string | null;
          "verified_at"?: string | null;
          "x_url"?: string | null;
          "youtube_url"?: string | null;
        };
        Update: {
          "avatar_url"?: string | null;
          "bio"?: string | null;
          "bluesky_url"?: string | null;
          "calendar_sync_enabled"?: boolean | null;
          "calendar_token"?: string | null;
          "certifications"?: Json | null;
          "constraints"?: string | null;
          "constraints_private"?: boolean;
          "created_at"?: string | null;
          "desired_target_role"?: string | null;
          "desired_target_role_private"?: boolean;
          "education"?: Json | null;
          "email"?: string | null;
          "external_credential_profiles"?: Json | null;
          "facebook_url"?: string | null;
          "future_vision"?: string | null;
          "future_vision_private"?: boolean;
          "id"?: string;
          "instagram_url"?: string | null;
          "is_disabled"?: boolean;
          "is_hidden"?: boolean | null;
          "job_title"?: string | null;
          "linkedin_url"?: string | null;
          "name"?: string;
          "organisation"?: string | null;
          "plan_expires_at"?: string | null;
          "plan_id"?: string | null;
          "plan_since"?: string | null;
          "preferred_meeting_times"?: Json | null;
          "real_email"?: string | null;
          "registration_status"?: string | null;
          "scheduling_url"?: string | null;
          "tagline"?: string | null;
          "timezone"?: string | null;
          "updated_at"?: string | null;
          "username"?: string | null;
          "verification_status"?: string | null;
          "verified_at"?: string | null;
          "x_url"?: string | null;
          "youtube_url"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "profiles_plan_id_fkey";
            columns: ["plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_coaches": {
        Row: {
          "coach_id": string;
          "created_at": string | null;
          "id": string;
          "program_id": string;
        };
        ComputedFields: never;
        Insert: {
          "coach_id": string;
          "created_at"?: string | null;
          "id"?: string;
          "program_id": string;
        };
        Update: {
          "coach_id"?: string;
          "created_at"?: string | null;
          "id"?: string;
          "program_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "program_coaches_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_cohorts": {
        Row: {
          "capacity": number | null;
          "created_at": string;
          "description": string | null;
          "end_date": string | null;
          "id": string;
          "lead_instructor_id": string | null;
          "name": string;
          "program_id": string;
          "start_date": string | null;
          "status": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "capacity"?: number | null;
          "created_at"?: string;
          "description"?: string | null;
          "end_date"?: string | null;
          "id"?: string;
          "lead_instructor_id"?: string | null;
          "name": string;
          "program_id": string;
          "start_date"?: string | null;
          "status"?: string;
          "updated_at"?: string;
        };
        Update: {
          "capacity"?: number | null;
          "created_at"?: string;
          "description"?: string | null;
          "end_date"?: string | null;
          "id"?: string;
          "lead_instructor_id"?: string | null;
          "name"?: string;
          "program_id"?: string;
          "start_date"?: string | null;
          "status"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "program_cohorts_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_entitlements": {
        Row: {
          "created_at": string;
          "feature_key": string;
          "id": string;
          "program_id": string;
          "quantity": number;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "feature_key": string;
          "id"?: string;
          "program_id": string;
          "quantity"?: number;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "feature_key"?: string;
          "id"?: string;
          "program_id"?: string;
          "quantity"?: number;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "program_entitlements_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_instructors": {
        Row: {
          "created_at": string | null;
          "id": string;
          "instructor_id": string;
          "is_primary": boolean;
          "program_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "id"?: string;
          "instructor_id": string;
          "is_primary"?: boolean;
          "program_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "id"?: string;
          "instructor_id"?: string;
          "is_primary"?: boolean;
          "program_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "program_instructors_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_modules": {
        Row: {
          "available_from_date": string | null;
          "calendly_event_url": string | null;
          "canonical_code": string | null;
          "capability_assessment_id": string | null;
          "capability_tags": (string)[] | null;
          "code": string | null;
          "content": string | null;
          "content_package_id": string | null;
          "content_package_path": string | null;
          "content_package_type": string | null;
          "created_at": string | null;
          "description": string | null;
          "domain": string | null;
          "estimated_minutes": number | null;
          "feature_key": string | null;
          "id": string;
          "is_active": boolean | null;
          "is_individualized": boolean;
          "learning_mode": Database["public"]["Enums"]["learning_mode"] | null;
          "links": Json | null;
          "min_plan_tier": number | null;
          "module_type": string;
          "order_index": number;
          "plan_id": string | null;
          "program_id": string;
          "tier_required": string | null;
          "title": string;
          "unlock_after_days": number | null;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "available_from_date"?: string | null;
          "calendly_event_url"?: string | null;
          "canonical_code"?: string | null;
          "capability_assessment_id"?: string | null;
          "capability_tags"?: (string)[] | null;
          "code"?: string | null;
          "content"?: string | null;
          "content_package_id"?: string | null;
          "content_package_path"?: string | null;
          "content_package_type"?: string | null;
          "created_at"?: string | null;
          "description"?: string | null;
          "domain"?: string | null;
          "estimated_minutes"?: number | null;
          "feature_key"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "is_individualized"?: boolean;
          "learning_mode"?: Database["public"]["Enums"]["learning_mode"] | null;
          "links"?: Json | null;
          "min_plan_tier"?: number | null;
          "module_type": string;
          "order_index": number;
          "plan_id"?: string | null;
          "program_id": string;
          "tier_required"?: string | null;
          "title": string;
          "unlock_after_days"?: number | null;
          "updated_at"?: string | null;
        };
        Update: {
          "available_from_date"?: string | null;
          "calendly_event_url"?: string | null;
          "canonical_code"?: string | null;
          "capability_assessment_id"?: string | null;
          "capability_tags"?: (string)[] | null;
          "code"?: string | null;
          "content"?: string | null;
          "content_package_id"?: string | null;
          "content_package_path"?: string | null;
          "content_package_type"?: string | null;
          "created_at"?: string | null;
          "description"?: string | null;
          "domain"?: string | null;
          "estimated_minutes"?: number | null;
          "feature_key"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "is_individualized"?: boolean;
          "learning_mode"?: Database["public"]["Enums"]["learning_mode"] | null;
          "links"?: Json | null;
          "min_plan_tier"?: number | null;
          "module_type"?: string;
          "order_index"?: number;
          "plan_id"?: string | null;
          "program_id"?: string;
          "tier_required"?: string | null;
          "title"?: string;
          "unlock_after_days"?: number | null;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "program_modules_capability_assessment_id_fkey";
            columns: ["capability_assessment_id"];
            isOneToOne: false;
            referencedRelation: "capability_assessments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "program_modules_content_package_id_fkey";
            columns: ["content_package_id"];
            isOneToOne: false;
            referencedRelation: "content_packages";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "program_modules_content_package_id_fkey";
            columns: ["content_package_id"];
            isOneToOne: false;
            referencedRelation: "content_packages_overview";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "program_modules_feature_key_fkey";
            columns: ["feature_key"];
            isOneToOne: false;
            referencedRelation: "features";
            referencedColumns: ["key"];
          },
          {
            foreignKeyName: "program_modules_module_type_fkey";
            columns: ["module_type"];
            isOneToOne: false;
            referencedRelation: "module_types";
            referencedColumns: ["name"];
          },
          {
            foreignKeyName: "program_modules_plan_id_fkey";
            columns: ["plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "program_modules_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_plan_features": {
        Row: {
          "created_at": string;
          "enabled": boolean;
          "feature_id": string;
          "id": string;
          "limit_value": number | null;
          "program_plan_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "enabled"?: boolean;
          "feature_id": string;
          "id"?: string;
          "limit_value"?: number | null;
          "program_plan_id": string;
        };
        Update: {
          "created_at"?: string;
          "enabled"?: boolean;
          "feature_id"?: string;
          "id"?: string;
          "limit_value"?: number | null;
          "program_plan_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "program_plan_features_feature_id_fkey";
            columns: ["feature_id"];
            isOneToOne: false;
            referencedRelation: "features";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "program_plan_features_program_plan_id_fkey";
            columns: ["program_plan_id"];
            isOneToOne: false;
            referencedRelation: "program_plans";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_plans": {
        Row: {
          "created_at": string;
          "credit_allowance": number | null;
          "description": string | null;
          "display_name": string | null;
          "id": string;
          "is_active": boolean;
          "name": string;
          "tier_level": number;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "credit_allowance"?: number | null;
          "description"?: string | null;
          "display_name"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "name": string;
          "tier_level"?: number;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "credit_allowance"?: number | null;
          "description"?: string | null;
          "display_name"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "name"?: string;
          "tier_level"?: number;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "program_tier_plans": {
        Row: {
          "created_at": string;
          "credit_cost": number | null;
          "id": string;
          "program_id": string;
          "program_plan_id": string;
          "tier_name": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "credit_cost"?: number | null;
          "id"?: string;
          "program_id": string;
          "program_plan_id": string;
          "tier_name": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "credit_cost"?: number | null;
          "id"?: string;
          "program_id"?: string;
          "program_plan_id"?: string;
          "tier_name"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "program_tier_plans_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "program_tier_plans_program_plan_id_fkey";
            columns: ["program_plan_id"];
            isOneToOne: false;
            referencedRelation: "program_plans";
            referencedColumns: ["id"];
          },
        ];
      };
      "program_versions": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "programs": {
        Row: {
          "allow_repeat_enrollment": boolean;
          "capacity": number | null;
          "category": Database["public"]["Enums"]["program_category"];
          "code": string | null;
          "created_at": string | null;
          "credit_cost": number | null;
          "default_program_plan_id": string | null;
          "description": string | null;
          "id": string;
          "installment_options": Json | null;
          "is_active": boolean | null;
          "logo_url": string | null;
          "min_plan_tier": number | null;
          "name": string;
          "plan_id": string | null;
          "requires_separate_purchase": boolean;
          "scheduled_dates": Json | null;
          "slug": string;
          "tiers": Json | null;
          "updated_at": string | null;
          "upfront_discount_percent": number | null;
        };
        ComputedFields: never;
        Insert: {
          "allow_repeat_enrollment"?: boolean;
          "capacity"?: number | null;
          "category": Database["public"]["Enums"]["program_category"];
          "code"?: string | null;
          "created_at"?: string | null;
          "credit_cost"?: number | null;
          "default_program_plan_id"?: string | null;
          "description"?: string | null;
          "id"?: string;
          "installment_options"?: Json | null;
          "is_active"?: boolean | null;
          "logo_url"?: string | null;
          "min_plan_tier"?: number | null;
          "name": string;
          "plan_id"?: string | null;
          "requires_separate_purchase"?: boolean;
          "scheduled_dates"?: Json | null;
          "slug": string;
          "tiers"?: Json | null;
          "updated_at"?: string | null;
          "upfront_discount_percent"?: number | null;
        };
        Update: {
          "allow_repeat_enrollment"?: boolean;
          "capacity"?: number | null;
          "category"?: Database["public"]["Enums"]["program_category"];
          "code"?: string | null;
          "created_at"?: string | null;
          "credit_cost"?: number | null;
          "default_program_plan_id"?: string | null;
          "description"?: string | null;
          "id"?: string;
          "installment_options"?: Json | null;
          "is_active"?: boolean | null;
          "logo_url"?: string | null;
          "min_plan_tier"?: number | null;
          "name"?: string;
          "plan_id"?: string | null;
          "requires_separate_purchase"?: boolean;
          "scheduled_dates"?: Json | null;
          "slug"?: string;
          "tiers"?: Json | null;
          "updated_at"?: string | null;
          "upfront_discount_percent"?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: "programs_default_program_plan_id_fkey";
            columns: ["default_program_plan_id"];
            isOneToOne: false;
            referencedRelation: "program_plans";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "programs_plan_id_fkey";
            columns: ["plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
        ];
      };
      "resource_library": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "scenario_assignments": {
        Row: {
          "assigned_at": string;
          "assigned_by": string | null;
          "attempt_number": number;
          "created_at": string;
          "enrollment_id": string | null;
          "evaluated_at": string | null;
          "evaluated_by": string | null;
          "id": string;
          "module_id": string | null;
          "overall_notes": string | null;
          "parent_assignment_id": string | null;
          "revision_notes": string | null;
          "status": string;
          "submitted_at": string | null;
          "template_id": string;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "assigned_at"?: string;
          "assigned_by"?: string | null;
          "attempt_number"?: number;
          "created_at"?: string;
          "enrollment_id"?: string | null;
          "evaluated_at"?: string | null;
          "evaluated_by"?: string | null;
          "id"?: string;
          "module_id"?: string | null;
          "overall_notes"?: string | null;
          "parent_assignment_id"?: string | null;
          "revision_notes"?: string | null;
          "status"?: string;
          "submitted_at"?: string | null;
          "template_id": string;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "assigned_at"?: string;
          "assigned_by"?: string | null;
          "attempt_number"?: number;
          "created_at"?: string;
          "enrollment_id"?: string | null;
          "evaluated_at"?: string | null;
          "evaluated_by"?: string | null;
          "id"?: string;
          "module_id"?: string | null;
          "overall_notes"?: string | null;
          "parent_assignment_id"?: string | null;
          "revision_notes"?: string | null;
          "status"?: string;
          "submitted_at"?: string | null;
          "template_id"?: string;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "scenario_assignments_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "scenario_assignments_module_id_fkey";
            columns: ["module_id"];
            isOneToOne: false;
            referencedRelation: "program_modules";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "scenario_assignments_parent_assignment_id_fkey";
            columns: ["parent_assignment_id"];
            isOneToOne: false;
            referencedRelation: "scenario_assignments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "scenario_assignments_template_id_fkey";
            columns: ["template_id"];
            isOneToOne: false;
            referencedRelation: "scenario_templates";
            referencedColumns: ["id"];
          },
        ];
      };
      "scenario_templates": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "scoring_drafts": {
        Row: {
          "assignment_id": string;
          "author_id": string | null;
          "instructor_notes": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "assignment_id": string;
          "author_id"?: string | null;
          "instructor_notes": string;
          "updated_at"?: string;
        };
        Update: {
          "assignment_id"?: string;
          "author_id"?: string | null;
          "instructor_notes"?: string;
          "updated_at"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "scoring_drafts_assignment_id_fkey";
            columns: ["assignment_id"];
            isOneToOne: true;
            referencedRelation: "module_assignments";
            referencedColumns: ["id"];
          },
        ];
      };
      "section_paragraphs": {
        Row: {
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "id"?: string;
        };
        Update: {
          "id"?: string;
        };
        Relationships: [];
      };
      "session_participants": {
        Row: {
          "attended_at": string | null;
          "confirmed_at": string | null;
          "created_at": string | null;
          "custom_role": string | null;
          "id": string;
          "notes": string | null;
          "registered_at": string | null;
          "role_id": string | null;
          "session_id": string;
          "status": string | null;
          "updated_at": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "attended_at"?: string | null;
          "confirmed_at"?: string | null;
          "created_at"?: string | null;
          "custom_role"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "registered_at"?: string | null;
          "role_id"?: string | null;
          "session_id": string;
          "status"?: string | null;
          "updated_at"?: string | null;
          "user_id": string;
        };
        Update: {
          "attended_at"?: string | null;
          "confirmed_at"?: string | null;
          "created_at"?: string | null;
          "custom_role"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "registered_at"?: string | null;
          "role_id"?: string | null;
          "session_id"?: string;
          "status"?: string | null;
          "updated_at"?: string | null;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "session_participants_role_id_fkey";
            columns: ["role_id"];
            isOneToOne: false;
            referencedRelation: "session_type_roles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "session_participants_session_id_fkey";
            columns: ["session_id"];
            isOneToOne: false;
            referencedRelation: "sessions";
            referencedColumns: ["id"];
          },
        ];
      };
      "session_type_roles": {
        Row: {
          "created_at": string | null;
          "description": string | null;
          "id": string;
          "is_required": boolean | null;
          "max_per_session": number | null;
          "order_index": number | null;
          "role_name": string;
          "session_type_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "description"?: string | null;
          "id"?: string;
          "is_required"?: boolean | null;
          "max_per_session"?: number | null;
          "order_index"?: number | null;
          "role_name": string;
          "session_type_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "description"?: string | null;
          "id"?: string;
          "is_required"?: boolean | null;
          "max_per_session"?: number | null;
          "order_index"?: number | null;
          "role_name"?: string;
          "session_type_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "session_type_roles_session_type_id_fkey";
            columns: ["session_type_id"];
            isOneToOne: false;
            referencedRelation: "session_types";
            referencedColumns: ["id"];
          },
        ];
      };
      "session_types": {
        Row: {
          "allow_self_registration": boolean | null;
          "created_at": string | null;
          "default_duration_minutes": number | null;
          "description": string | null;
          "feature_key": string | null;
          "id": string;
          "is_active": boolean | null;
          "max_participants": number | null;
          "name": string;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "allow_self_registration"?: boolean | null;
          "created_at"?: string | null;
          "default_duration_minutes"?: number | null;
          "description"?: string | null;
          "feature_key"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "max_participants"?: number | null;
          "name": string;
          "updated_at"?: string | null;
        };
        Update: {
          "allow_self_registration"?: boolean | null;
          "created_at"?: string | null;
          "default_duration_minutes"?: number | null;
          "description"?: string | null;
          "feature_key"?: string | null;
          "id"?: string;
          "is_active"?: boolean | null;
          "max_participants"?: number | null;
          "name"?: string;
          "updated_at"?: string | null;
        };
        Relationships: [];
      };
      "sessions": {
        Row: {
          "allow_self_registration": boolean | null;
          "created_at": string | null;
          "created_by": string | null;
          "description": string | null;
          "duration_minutes": number | null;
          "id": string;
          "location": string | null;
          "max_participants": number | null;
          "meeting_url": string | null;
          "notes": string | null;
          "registration_deadline": string | null;
          "session_date": string | null;
          "session_type_id": string;
          "status": string | null;
          "title": string;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "allow_self_registration"?: boolean | null;
          "created_at"?: string | null;
          "created_by"?: string | null;
          "description"?: string | null;
          "duration_minutes"?: number | null;
          "id"?: string;
          "location"?: string | null;
          "max_participants"?: number | null;
          "meeting_url"?: string | null;
          "notes"?: string | null;
          "registration_deadline"?: string | null;
          "session_date"?: string | null;
          "session_type_id": string;
          "status"?: string | null;
          "title": string;
          "updated_at"?: string | null;
        };
        Update: {
          "allow_self_registration"?: boolean | null;
          "created_at"?: string | null;
          "created_by"?: string | null;
          "description"?: string | null;
          "duration_minutes"?: number | null;
          "id"?: string;
          "location"?: string | null;
          "max_participants"?: number | null;
          "meeting_url"?: string | null;
          "notes"?: string | null;
          "registration_deadline"?: string | null;
          "session_date"?: string | null;
          "session_type_id"?: string;
          "status"?: string | null;
          "title"?: string;
          "updated_at"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "sessions_session_type_id_fkey";
            columns: ["session_type_id"];
            isOneToOne: false;
            referencedRelation: "session_types";
            referencedColumns: ["id"];
          },
        ];
      };
      "staff_profiles": {
        Row: {
          "company_name": string | null;
          "contract_end_date": string | null;
          "contract_start_date": string | null;
          "created_at": string;
          "id": string;
          "is_active": boolean;
          "notes": string | null;
          "relationship_type": string;
          "specializations": (string)[] | null;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "company_name"?: string | null;
          "contract_end_date"?: string | null;
          "contract_start_date"?: string | null;
          "created_at"?: string;
          "id"?: string;
          "is_active"?: boolean;
          "notes"?: string | null;
          "relationship_type"?: string;
          "specializations"?: (string)[] | null;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "company_name"?: string | null;
          "contract_end_date"?: string | null;
          "contract_start_date"?: string | null;
          "created_at"?: string;
          "id"?: string;
          "is_active"?: boolean;
          "notes"?: string | null;
          "relationship_type"?: string;
          "specializations"?: (string)[] | null;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [];
      };
      "stripe_charges": {
        Row: {
          "amount": number;
          "amount_refunded": number;
          "as_of": string;
          "id": string;
          "payment_id": string;
        };
        ComputedFields: never;
        Insert: {
          "amount": number;
          "amount_refunded": number;
          "as_of": string;
          "id": string;
          "payment_id": string;
        };
        Update: {
          "amount"?: number;
          "amount_refunded"?: number;
          "as_of"?: string;
          "id"?: string;
          "payment_id"?: string;
        };
        Relationships: [];
      };
      "stripe_checkouts": {
        Row: {
          "amount_subtotal": number | null;
          "amount_total": number | null;
          "created_at": string;
          "currency": string | null;
          "customer_id": string | null;
          "email_user_id": string | null;
          "id": string;
          "invoice_id": string | null;
          "metadata": NonNullable<Json>;
          "mode": string;
          "payment_intent_id": string | null;
          "state": string;
          "subscription_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "amount_subtotal"?: number | null;
          "amount_total"?: number | null;
          "created_at": string;
          "currency"?: string | null;
          "customer_id"?: string | null;
          "email_user_id"?: string | null;
          "id": string;
          "invoice_id"?: string | null;
          "metadata"?: NonNullable<Json>;
          "mode": string;
          "payment_intent_id"?: string | null;
          "state": string;
          "subscription_id"?: string | null;
        };
        Update: {
          "amount_subtotal"?: number | null;
          "amount_total"?: number | null;
          "created_at"?: string;
          "currency"?: string | null;
          "customer_id"?: string | null;
          "email_user_id"?: string | null;
          "id"?: string;
          "invoice_id"?: string | null;
          "metadata"?: NonNullable<Json>;
          "mode"?: string;
          "payment_intent_id"?: string | null;
          "state"?: string;
          "subscription_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "stripe_checkouts_email_user_id_fkey";
            columns: ["email_user_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "stripe_checkouts_subscription_id_fkey";
            columns: ["subscription_id"];
            isOneToOne: false;
            referencedRelation: "stripe_subscriptions";
            referencedColumns: ["id"];
          },
        ];
      };
      "stripe_deleted_customers": {
        Row: {
          "deleted_at": string;
          "id": string;
        };
        ComputedFields: never;
        Insert: {
          "deleted_at": string;
          "id": string;
        };
        Update: {
          "deleted_at"?: string;
          "id"?: string;
        };
        Relationships: [];
      };
      "stripe_dismissals": {
        Row: {
          "detail": string;
          "dismissed_at": string;
          "dismissed_by": string | null;
          "kind": string;
          "note": string;
          "subject": string;
        };
        ComputedFields: never;
        Insert: {
          "detail": string;
          "dismissed_at"?: string;
          "dismissed_by"?: string | null;
          "kind": string;
          "note": string;
          "subject": string;
        };
        Update: {
          "detail"?: string;
          "dismissed_at"?: string;
          "dismissed_by"?: string | null;
          "kind"?: string;
          "note"?: string;
          "subject"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "stripe_dismissals_dismissed_by_fkey";
            columns: ["dismissed_by"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      "stripe_disputes": {
        Row: {
          "amount": number;
          "as_of": string;
          "id": string;
          "payment_id": string;
          "state": string;
        };
        ComputedFields: never;
        Insert: {
          "amount": number;
          "as_of": string;
          "id": string;
          "payment_id": string;
          "state": string;
        };
        Update: {
          "amount"?: number;
          "as_of"?: string;
          "id"?: string;
          "payment_id"?: string;
          "state"?: string;
        };
        Relationships: [];
      };
      "stripe_events": {
        Row: {
          "api_version": string | null;
          "created": string;
          "id": string;
          "object_id": string | null;
          "outcome": string;
          "payload": Json | null;
          "received_at": string;
          "status": string;
          "subject": string | null;
          "type": string;
        };
        ComputedFields: never;
        Insert: {
          "api_version"?: string | null;
          "created": string;
          "id": string;
          "object_id"?: string | null;
          "outcome": string;
          "payload"?: Json | null;
          "received_at"?: string;
          "status": string;
          "subject"?: string | null;
          "type": string;
        };
        Update: {
          "api_version"?: string | null;
          "created"?: string;
          "id"?: string;
          "object_id"?: string | null;
          "outcome"?: string;
          "payload"?: Json | null;
          "received_at"?: string;
          "status"?: string;
          "subject"?: string | null;
          "type"?: string;
        };
        Relationships: [];
      };
      "stripe_failed_refunds": {
        Row: {
          "amount": number;
          "failed_at": string;
          "id": string;
          "payment_id": string;
        };
        ComputedFields: never;
        Insert: {
          "amount": number;
          "failed_at": string;
          "id": string;
          "payment_id": string;
        };
        Update: {
          "amount"?: number;
          "failed_at"?: string;
          "id"?: string;
          "payment_id"?: string;
        };
        Relationships: [];
      };
      "stripe_invoices": {
        Row: {
          "amount_paid": number;
          "as_of": string;
          "as_of_event": string;
          "attempt_count": number;
          "billing_reason": string | null;
          "created_at": string;
          "currency": string | null;
          "failed_at": string | null;
          "id": string;
          "installment": number | null;
          "is_odd": boolean;
          "is_surplus": boolean;
          "metadata": NonNullable<Json>;
          "net": number | null;
          "next_payment_attempt": string | null;
          "paid_at": string | null;
          "regular": number | null;
          "status": string;
          "subscription_id": string;
          "subtotal": number | null;
          "total": number | null;
        };
        ComputedFields: never;
        Insert: {
          "amount_paid"?: number;
          "as_of": string;
          "as_of_event": string;
          "attempt_count"?: number;
          "billing_reason"?: string | null;
          "created_at": string;
          "currency"?: string | null;
          "failed_at"?: string | null;
          "id": string;
          "installment"?: number | null;
          "is_odd"?: boolean;
          "is_surplus"?: boolean;
          "metadata"?: NonNullable<Json>;
          "net"?: number | null;
          "next_payment_attempt"?: string | null;
          "paid_at"?: string | null;
          "regular"?: number | null;
          "status": string;
          "subscription_id": string;
          "subtotal"?: number | null;
          "total"?: number | null;
        };
        Update: {
          "amount_paid"?: number;
          "as_of"?: string;
          "as_of_event"?: string;
          "attempt_count"?: number;
          "billing_reason"?: string | null;
          "created_at"?: string;
          "currency"?: string | null;
          "failed_at"?: string | null;
          "id"?: string;
          "installment"?: number | null;
          "is_odd"?: boolean;
          "is_surplus"?: boolean;
          "metadata"?: NonNullable<Json>;
          "net"?: number | null;
          "next_payment_attempt"?: string | null;
          "paid_at"?: string | null;
          "regular"?: number | null;
          "status"?: string;
          "subscription_id"?: string;
          "subtotal"?: number | null;
          "total"?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: "stripe_invoices_subscription_id_fkey";
            columns: ["subscription_id"];
            isOneToOne: false;
            referencedRelation: "stripe_subscriptions";
            referencedColumns: ["id"];
          },
        ];
      };
      "stripe_owners": {
        Row: {
          "assigned_at": string;
          "assigned_by": string | null;
          "note": string;
          "organization_id": string | null;
          "stripe_id": string;
          "user_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "assigned_at"?: string;
          "assigned_by"?: string | null;
          "note": string;
          "organization_id"?: string | null;
          "stripe_id": string;
          "user_id"?: string | null;
        };
        Update: {
          "assigned_at"?: string;
          "assigned_by"?: string | null;
          "note"?: string;
          "organization_id"?: string | null;
          "stripe_id"?: string;
          "user_id"?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "stripe_owners_assigned_by_fkey";
            columns: ["assigned_by"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "stripe_owners_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "stripe_owners_user_id_fkey";
            columns: ["user_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      "stripe_payments": {
        Row: {
          "id": string;
          "invoice_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "id": string;
          "invoice_id"?: string | null;
        };
        Update: {
          "id"?: string;
          "invoice_id"?: string | null;
        };
        Relationships: [];
      };
      "stripe_subscription_prices": {
        Row: {
          "as_of": string;
          "as_of_rank": number;
          "prices": string;
          "subscription_id": string;
        };
        ComputedFields: never;
        Insert: {
          "as_of": string;
          "as_of_rank": number;
          "prices": string;
          "subscription_id": string;
        };
        Update: {
          "as_of"?: string;
          "as_of_rank"?: number;
          "prices"?: string;
          "subscription_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "stripe_subscription_prices_subscription_id_fkey";
            columns: ["subscription_id"];
            isOneToOne: false;
            referencedRelation: "stripe_subscriptions";
            referencedColumns: ["id"];
          },
        ];
      };
      "stripe_subscriptions": {
        Row: {
          "as_of": string | null;
          "as_of_event": string | null;
          "as_of_rank": number | null;
          "canceled_at": string | null;
          "created_at": string | null;
          "customer_id": string | null;
          "ended_at": string | null;
          "held": boolean;
          "holds": boolean;
          "id": string;
          "kind": string | null;
          "knows_price": boolean;
          "metadata": NonNullable<Json>;
          "organization_id": string | null;
          "period_end": string | null;
          "period_start": string | null;
          "plan_id": string | null;
          "price_ids": (string)[];
          "status": string | null;
          "tier_id": string | null;
          "trial_end": string | null;
          "user_id": string | null;
          "was_live": boolean;
        };
        ComputedFields: never;
        Insert: {
          "as_of"?: string | null;
          "as_of_event"?: string | null;
          "as_of_rank"?: number | null;
          "canceled_at"?: string | null;
          "created_at"?: string | null;
          "customer_id"?: string | null;
          "ended_at"?: string | null;
          "held"?: boolean;
          "holds"?: boolean;
          "id": string;
          "kind"?: string | null;
          "knows_price"?: boolean;
          "metadata"?: NonNullable<Json>;
          "organization_id"?: string | null;
          "period_end"?: string | null;
          "period_start"?: string | null;
          "plan_id"?: string | null;
          "price_ids"?: (string)[];
          "status"?: string | null;
          "tier_id"?: string | null;
          "trial_end"?: string | null;
          "user_id"?: string | null;
          "was_live"?: boolean;
        };
        Update: {
          "as_of"?: string | null;
          "as_of_event"?: string | null;
          "as_of_rank"?: number | null;
          "canceled_at"?: string | null;
          "created_at"?: string | null;
          "customer_id"?: string | null;
          "ended_at"?: string | null;
          "held"?: boolean;
          "holds"?: boolean;
          "id"?: string;
          "kind"?: string | null;
          "knows_price"?: boolean;
          "metadata"?: NonNullable<Json>;
          "organization_id"?: string | null;
          "period_end"?: string | null;
          "period_start"?: string | null;
          "plan_id"?: string | null;
          "price_ids"?: (string)[];
          "status"?: string | null;
          "tier_id"?: string | null;
          "trial_end"?: string | null;
          "user_id"?: string | null;
          "was_live"?: boolean;
        };
        Relationships: [
          {
            foreignKeyName: "stripe_subscriptions_organization_id_fkey";
            columns: ["organization_id"];
            isOneToOne: false;
            referencedRelation: "organizations";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "stripe_subscriptions_plan_id_fkey";
            columns: ["plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "stripe_subscriptions_tier_id_fkey";
            columns: ["tier_id"];
            isOneToOne: false;
            referencedRelation: "org_platform_tiers";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "stripe_subscriptions_user_id_fkey";
            columns: ["user_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      "system_settings": {
        Row: {
          "created_at": string;
          "description": string | null;
          "id": string;
          "key": string;
          "updated_at": string;
          "value": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "key": string;
          "updated_at"?: string;
          "value": string;
        };
        Update: {
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "key"?: string;
          "updated_at"?: string;
          "value"?: string;
        };
        Relationships: [];
      };
      "talentlms_progress": {
        Row: {
          "completed_at": string | null;
          "completion_status": string;
          "course_name": string | null;
          "created_at": string | null;
          "id": string;
          "last_synced_at": string | null;
          "progress_percentage": number | null;
          "talentlms_course_id": string;
          "test_score": number | null;
          "time_spent_minutes": number | null;
          "updated_at": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "completed_at"?: string | null;
          "completion_status": string;
          "course_name"?: string | null;
          "created_at"?: string | null;
          "id"?: string;
          "last_synced_at"?: string | null;
          "progress_percentage"?: number | null;
          "talentlms_course_id": string;
          "test_score"?: number | null;
          "time_spent_minutes"?: number | null;
          "updated_at"?: string | null;
          "user_id": string;
        };
        Update: {
          "completed_at"?: string | null;
          "completion_status"?: string;
          "course_name"?: string | null;
          "created_at"?: string | null;
          "id"?: string;
          "last_synced_at"?: string | null;
          "progress_percentage"?: number | null;
          "talentlms_course_id"?: string;
          "test_score"?: number | null;
          "time_spent_minutes"?: number | null;
          "updated_at"?: string | null;
          "user_id"?: string;
        };
        Relationships: [];
      };
      "talentlms_users": {
        Row: {
          "created_at": string | null;
          "id": string;
          "talentlms_user_id": string;
          "talentlms_username": string;
          "updated_at": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "id"?: string;
          "talentlms_user_id": string;
          "talentlms_username": string;
          "updated_at"?: string | null;
          "user_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "id"?: string;
          "talentlms_user_id"?: string;
          "talentlms_username"?: string;
          "updated_at"?: string | null;
          "user_id"?: string;
        };
        Relationships: [];
      };
      "track_features": {
        Row: {
          "created_at": string;
          "feature_id": string;
          "id": string;
          "is_enabled": boolean;
          "limit_value": number | null;
          "track_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "feature_id": string;
          "id"?: string;
          "is_enabled"?: boolean;
          "limit_value"?: number | null;
          "track_id": string;
        };
        Update: {
          "created_at"?: string;
          "feature_id"?: string;
          "id"?: string;
          "is_enabled"?: boolean;
          "limit_value"?: number | null;
          "track_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "track_features_feature_id_fkey";
            columns: ["feature_id"];
            isOneToOne: false;
            referencedRelation: "features";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "track_features_track_id_fkey";
            columns: ["track_id"];
            isOneToOne: false;
            referencedRelation: "tracks";
            referencedColumns: ["id"];
          },
        ];
      };
      "tracks": {
        Row: {
          "created_at": string;
          "description": string | null;
          "display_name": string | null;
          "display_order": number;
          "icon": string | null;
          "id": string;
          "is_active": boolean;
          "key": string;
          "name": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "description"?: string | null;
          "display_name"?: string | null;
          "display_order"?: number;
          "icon"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "key": string;
          "name": string;
          "updated_at"?: string;
        };
        Update: {
          "created_at"?: string;
          "description"?: string | null;
          "display_name"?: string | null;
          "display_order"?: number;
          "icon"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "key"?: string;
          "name"?: string;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "usage_tracking": {
        Row: {
          "created_at": string | null;
          "feature_key": string;
          "id": string;
          "period_end": string;
          "period_start": string;
          "updated_at": string | null;
          "used_count": number;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "feature_key": string;
          "id"?: string;
          "period_end"?: string;
          "period_start"?: string;
          "updated_at"?: string | null;
          "used_count"?: number;
          "user_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "feature_key"?: string;
          "id"?: string;
          "period_end"?: string;
          "period_start"?: string;
          "updated_at"?: string | null;
          "used_count"?: number;
          "user_id"?: string;
        };
        Relationships: [];
      };
      "user_add_ons": {
        Row: {
          "add_on_id": string;
          "created_at": string;
          "expires_at": string | null;
          "granted_at": string;
          "granted_by": string | null;
          "id": string;
          "notes": string | null;
          "quantity_granted": number | null;
          "quantity_remaining": number | null;
          "quantity_used": number;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "add_on_id": string;
          "created_at"?: string;
          "expires_at"?: string | null;
          "granted_at"?: string;
          "granted_by"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "quantity_granted"?: number | null;
          "quantity_remaining"?: number | null;
          "quantity_used"?: number;
          "user_id": string;
        };
        Update: {
          "add_on_id"?: string;
          "created_at"?: string;
          "expires_at"?: string | null;
          "granted_at"?: string;
          "granted_by"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "quantity_granted"?: number | null;
          "quantity_remaining"?: number | null;
          "quantity_used"?: number;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "user_add_ons_add_on_id_fkey";
            columns: ["add_on_id"];
            isOneToOne: false;
            referencedRelation: "add_ons";
            referencedColumns: ["id"];
          },
        ];
      };
      "user_credit_balances": {
        Row: {
          "available_credits": number;
          "created_at": string | null;
          "id": string;
          "reserved_credits": number;
          "total_consumed": number;
          "total_received": number;
          "updated_at": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "available_credits"?: number;
          "created_at"?: string | null;
          "id"?: string;
          "reserved_credits"?: number;
          "total_consumed"?: number;
          "total_received"?: number;
          "updated_at"?: string | null;
          "user_id": string;
        };
        Update: {
          "available_credits"?: number;
          "created_at"?: string | null;
          "id"?: string;
          "reserved_credits"?: number;
          "total_consumed"?: number;
          "total_received"?: number;
          "updated_at"?: string | null;
          "user_id"?: string;
        };
        Relationships: [];
      };
      "user_credit_purchases": {
        Row: {
          "amount_cents": number;
          "created_at": string | null;
          "credits_purchased": number;
          "currency": string;
          "duplicate_of": string | null;
          "expires_at": string | null;
          "id": string;
          "notes": string | null;
          "package_id": string | null;
          "status": string | null;
          "stripe_checkout_session_id": string | null;
          "stripe_payment_intent_id": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "amount_cents": number;
          "created_at"?: string | null;
          "credits_purchased": number;
          "currency"?: string;
          "duplicate_of"?: string | null;
          "expires_at"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "package_id"?: string | null;
          "status"?: string | null;
          "stripe_checkout_session_id"?: string | null;
          "stripe_payment_intent_id"?: string | null;
          "user_id": string;
        };
        Update: {
          "amount_cents"?: number;
          "created_at"?: string | null;
          "credits_purchased"?: number;
          "currency"?: string;
          "duplicate_of"?: string | null;
          "expires_at"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "package_id"?: string | null;
          "status"?: string | null;
          "stripe_checkout_session_id"?: string | null;
          "stripe_payment_intent_id"?: string | null;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "user_credit_purchases_duplicate_of_fkey";
            columns: ["duplicate_of"];
            isOneToOne: false;
            referencedRelation: "user_credit_purchases";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "user_credit_purchases_package_id_fkey";
            columns: ["package_id"];
            isOneToOne: false;
            referencedRelation: "credit_topup_packages";
            referencedColumns: ["id"];
          },
        ];
      };
      "user_credit_transactions": {
        Row: {
          "action_reference_id": string | null;
          "action_type": string | null;
          "add_on_id": string | null;
          "amount": number;
          "balance_after": number;
          "batch_id": string | null;
          "created_at": string | null;
          "description": string | null;
          "enrollment_id": string | null;
          "id": string;
          "metadata": Json | null;
          "plan_id": string | null;
          "transaction_type": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "action_reference_id"?: string | null;
          "action_type"?: string | null;
          "add_on_id"?: string | null;
          "amount": number;
          "balance_after": number;
          "batch_id"?: string | null;
          "created_at"?: string | null;
          "description"?: string | null;
          "enrollment_id"?: string | null;
          "id"?: string;
          "metadata"?: Json | null;
          "plan_id"?: string | null;
          "transaction_type": string;
          "user_id": string;
        };
        Update: {
          "action_reference_id"?: string | null;
          "action_type"?: string | null;
          "add_on_id"?: string | null;
          "amount"?: number;
          "balance_after"?: number;
          "batch_id"?: string | null;
          "created_at"?: string | null;
          "description"?: string | null;
          "enrollment_id"?: string | null;
          "id"?: string;
          "metadata"?: Json | null;
          "plan_id"?: string | null;
          "transaction_type"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "user_credit_transactions_add_on_id_fkey";
            columns: ["add_on_id"];
            isOneToOne: false;
            referencedRelation: "user_add_ons";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "user_credit_transactions_batch_id_fkey";
            columns: ["batch_id"];
            isOneToOne: false;
            referencedRelation: "credit_batches";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "user_credit_transactions_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "user_credit_transactions_plan_id_fkey";
            columns: ["plan_id"];
            isOneToOne: false;
            referencedRelation: "plans";
            referencedColumns: ["id"];
          },
        ];
      };
      "user_notification_preferences": {
        Row: {
          "created_at": string | null;
          "email_enabled": boolean | null;
          "id": string;
          "in_app_enabled": boolean | null;
          "notification_type_id": string;
          "updated_at": string | null;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "email_enabled"?: boolean | null;
          "id"?: string;
          "in_app_enabled"?: boolean | null;
          "notification_type_id": string;
          "updated_at"?: string | null;
          "user_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "email_enabled"?: boolean | null;
          "id"?: string;
          "in_app_enabled"?: boolean | null;
          "notification_type_id"?: string;
          "updated_at"?: string | null;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName:
              "user_notification_preferences_notification_type_id_fkey";
            columns: ["notification_type_id"];
            isOneToOne: false;
            referencedRelation: "notification_types";
            referencedColumns: ["id"];
          },
        ];
      };
      "user_program_entitlement_usage": {
        Row: {
          "created_at": string;
          "enrollment_id": string;
          "feature_key": string;
          "id": string;
          "updated_at": string;
          "used_count": number;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "enrollment_id": string;
          "feature_key": string;
          "id"?: string;
          "updated_at"?: string;
          "used_count"?: number;
          "user_id": string;
        };
        Update: {
          "created_at"?: string;
          "enrollment_id"?: string;
          "feature_key"?: string;
          "id"?: string;
          "updated_at"?: string;
          "used_count"?: number;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "user_program_entitlement_usage_enrollment_id_fkey";
            columns: ["enrollment_id"];
            isOneToOne: false;
            referencedRelation: "client_enrollments";
            referencedColumns: ["id"];
          },
        ];
      };
      "user_roles": {
        Row: {
          "created_at": string | null;
          "id": string;
          "role": Database["public"]["Enums"]["app_role"];
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "id"?: string;
          "role": Database["public"]["Enums"]["app_role"];
          "user_id": string;
        };
        Update: {
          "created_at"?: string | null;
          "id"?: string;
          "role"?: Database["public"]["Enums"]["app_role"];
          "user_id"?: string;
        };
        Relationships: [];
      };
      "user_tracks": {
        Row: {
          "created_at": string;
          "id": string;
          "is_active": boolean;
          "track_id": string;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "id"?: string;
          "is_active"?: boolean;
          "track_id": string;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "created_at"?: string;
          "id"?: string;
          "is_active"?: boolean;
          "track_id"?: string;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "user_tracks_track_id_fkey";
            columns: ["track_id"];
            isOneToOne: false;
            referencedRelation: "tracks";
            referencedColumns: ["id"];
          },
        ];
      };
      "wheel_categories": {
        Row: {
          "color": string | null;
          "created_at": string;
          "description": string | null;
          "icon": string | null;
          "id": string;
          "is_active": boolean;
          "is_legacy": boolean;
          "key": string;
          "name": string;
          "order_index": number;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "color"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "icon"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "is_legacy"?: boolean;
          "key": string;
          "name": string;
          "order_index"?: number;
          "updated_at"?: string;
        };
        Update: {
          "color"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "icon"?: string | null;
          "id"?: string;
          "is_active"?: boolean;
          "is_legacy"?: boolean;
          "key"?: string;
          "name"?: string;
          "order_index"?: number;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "wheel_of_life_snapshots": {
        Row: {
          "career_business": number | null;
          "contribution": number | null;
          "created_at": string;
          "family_friends": number | null;
          "finances": number | null;
          "fun_recreation": number | null;
          "health_fitness": number | null;
          "id": string;
          "notes": string | null;
          "personal_growth": number | null;
          "physical_environment": number | null;
          "relationships": number | null;
          "romance": number | null;
          "shared_with_coach": boolean;
          "snapshot_date": string;
          "updated_at": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "career_business"?: number | null;
          "contribution"?: number | null;
          "created_at"?: string;
          "family_friends"?: number | null;
          "finances"?: number | null;
          "fun_recreation"?: number | null;
          "health_fitness"?: number | null;
          "id"?: string;
          "notes"?: string | null;
          "personal_growth"?: number | null;
          "physical_environment"?: number | null;
          "relationships"?: number | null;
          "romance"?: number | null;
          "shared_with_coach"?: boolean;
          "snapshot_date"?: string;
          "updated_at"?: string;
          "user_id": string;
        };
        Update: {
          "career_business"?: number | null;
          "contribution"?: number | null;
          "created_at"?: string;
          "family_friends"?: number | null;
          "finances"?: number | null;
          "fun_recreation"?: number | null;
          "health_fitness"?: number | null;
          "id"?: string;
          "notes"?: string | null;
          "personal_growth"?: number | null;
          "physical_environment"?: number | null;
          "relationships"?: number | null;
          "romance"?: number | null;
          "shared_with_coach"?: boolean;
          "snapshot_date"?: string;
          "updated_at"?: string;
          "user_id"?: string;
        };
        Relationships: [];
      };
    };
    Views: {
      "cohort_waitlist_overview": {
        Row: {
          "cohort_id": string;
          "cohort_name": string | null;
          "created_at": string | null;
          "id": string;
          "notified": boolean | null;
          "position": number;
          "program_id": string | null;
          "user_email": string | null;
          "user_id": string;
          "user_name": string | null;
        };
        ComputedFields: never;
        Relationships: [
          {
            foreignKeyName: "cohort_waitlist_cohort_id_fkey";
            columns: ["cohort_id"];
            isOneToOne: false;
            referencedRelation: "program_cohorts";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "program_cohorts_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "content_packages_overview": {
        Row: {
          "completions": number | null;
          "created_at": string;
          "description": string | null;
          "file_count": number | null;
          "id": string;
          "is_active": boolean | null;
          "original_filename": string | null;
          "package_type": string;
          "storage_path": string;
          "title": string;
          "updated_at": string;
          "uploaded_by": string | null;
          "uploaded_by_name": string | null;
        };
        ComputedFields: never;
        Insert: {
          "completions"?: never;
          "created_at"?: string | null;
          "description"?: string | null;
          "file_count"?: number | null;
          "id"?: string | null;
          "is_active"?: boolean | null;
          "original_filename"?: string | null;
          "package_type"?: string | null;
          "storage_path"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
          "uploaded_by"?: string | null;
          "uploaded_by_name"?: never;
        };
        Update: {
          "completions"?: never;
          "created_at"?: string | null;
          "description"?: string | null;
          "file_count"?: number | null;
          "id"?: string | null;
          "is_active"?: boolean | null;
          "original_filename"?: string | null;
          "package_type"?: string | null;
          "storage_path"?: string | null;
          "title"?: string | null;
          "updated_at"?: string | null;
          "uploaded_by"?: string | null;
          "uploaded_by_name"?: never;
        };
        Relationships: [];
      };
      "email_change_requests_safe": {
        Row: {
          "created_at": string | null;
          "expires_at": string;
          "id": string;
          "new_email": string;
          "old_email": string;
          "user_id": string;
          "verified_at": string | null;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string | null;
          "expires_at"?: string | null;
          "id"?: string | null;
          "new_email"?: string | null;
          "old_email"?: string | null;
          "user_id"?: string | null;
          "verified_at"?: string | null;
        };
        Update: {
          "created_at"?: string | null;
          "expires_at"?: string | null;
          "id"?: string | null;
          "new_email"?: string | null;
          "old_email"?: string | null;
          "user_id"?: string | null;
          "verified_at"?: string | null;
        };
        Relationships: [];
      };
      "email_health": {
        Row: {
          "dead": number | null;
          "last_sent_at": string | null;
          "oldest_due": string | null;
          "sent_with_missing_values": number | null;
          "waiting": number | null;
        };
        ComputedFields: never;
        Relationships: [];
      };
      "maintenance_health": {
        Row: {
          "action": string | null;
          "is_late": boolean | null;
          "last_error": string | null;
          "last_failure_at": string | null;
          "last_success_at": string | null;
        };
        ComputedFields: never;
        Relationships: [];
      };
      "operations_health": {
        Row: {
          "check_name": string | null;
          "detail": string | null;
          "number": number | null;
          "since": string | null;
          "status": string | null;
          "subject": string | null;
        };
        ComputedFields: never;
        Relationships: [];
      };
      "partner_codes_overview": {
        Row: {
          "code": string;
          "cohort_id": string | null;
          "cohort_name": string | null;
          "created_at": string | null;
          "current_uses": number;
          "discount_percent": number | null;
          "expires_at": string | null;
          "grants_tier": string | null;
          "id": string;
          "is_active": boolean;
          "is_free": boolean;
          "label": string | null;
          "max_uses": number | null;
          "partner_id": string;
          "partner_name": string | null;
          "program_id": string;
          "program_name": string;
          "referrals": number | null;
          "updated_at": string | null;
        };
        ComputedFields: never;
        Relationships: [
          {
            foreignKeyName: "partner_codes_cohort_id_fkey";
            columns: ["cohort_id"];
            isOneToOne: false;
            referencedRelation: "program_cohorts";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "partner_codes_program_id_fkey";
            columns: ["program_id"];
            isOneToOne: false;
            referencedRelation: "programs";
            referencedColumns: ["id"];
          },
        ];
      };
      "stripe_attention": {
        Row: {
          "action": string | null;
          "detail": string | null;
          "hint_user_id": string | null;
          "kind": string | null;
          "owner_id": string | null;
          "owner_type": string | null;
          "since": string | null;
          "stripe_id": string | null;
          "subject": string | null;
        };
        ComputedFields: never;
        Relationships: [];
      };
    };
    Functions: {
      "accept_org_invite": {
        Args: { "p_token": string };
        Returns: Database["public"]["CompositeTypes"]["org_invite_acceptance"];
        SetofOptions: {
          from: "*";
          to: "org_invite_acceptance";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "apply_calcom_event": {
        Args: { "p_event": Json; "p_now"?: string };
        Returns: Database["public"]["CompositeTypes"]["calcom_event_result"];
        SetofOptions: {
          from: "*";
          to: "calcom_event_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "apply_stripe_event": {
        Args: {
          "p_event": Json;
          "p_fetched"?: Json;
          "p_livemode"?: boolean;
          "p_now"?: string;
        };
        Returns: Database["public"]["CompositeTypes"]["stripe_event_result"];
        SetofOptions: {
          from: "*";
          to: "stripe_event_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "are_group_peers": {
        Args: { "user_a": string; "user_b": string };
        Returns: boolean;
      };
      "assign_stripe_owner": {
        Args: {
          "p_id": string;
          "p_note": string;
          "p_owner_id": string;
          "p_owner_type": string;
        };
        Returns: Database["public"]["CompositeTypes"]["stripe_event_result"];
        SetofOptions: {
          from: "*";
          to: "stripe_event_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "begin_reflection_prompt": {
        Args: { "p_force"?: boolean; "p_period_type": string };
        Returns:
          Database["public"]["CompositeTypes"]["reflection_prompt_start"];
        SetofOptions: {
          from: "*";
          to: "reflection_prompt_start";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "begin_user_action": {
        Args: {
          "p_action": string;
          "p_actor_id": string;
          "p_now"?: string;
          "p_session_id": string;
          "p_user_id": string;
        };
        Returns: Database["public"]["CompositeTypes"]["user_action_result"];
        SetofOptions: {
          from: "*";
          to: "user_action_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "begin_user_update": {
        Args: {
          "p_actor_id": string;
          "p_new_email"?: string;
          "p_new_password"?: boolean;
          "p_now"?: string;
          "p_session_id": string;
          "p_user_id": string;
        };
        Returns: Database["public"]["CompositeTypes"]["user_update_start"];
        SetofOptions: {
          from: "*";
          to: "user_update_start";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "calendar_feed": {
        Args: {
          "p_known"?: (string)[];
          "p_now"?: string;
          "p_only"?: (string)[];
          "p_signed_at"?: string;
          "p_token"?: string;
          "p_user_id"?: string;
          "p_variant"?: string;
          "p_version"?: number;
        };
        Returns: Database["public"]["CompositeTypes"]["calendar_feed_result"];
        SetofOptions: {
          from: "*";
          to: "calendar_feed_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "calendar_link": {
        Args: { "p_rotate"?: boolean };
        Returns: Database["public"]["CompositeTypes"]["calendar_link_result"];
        SetofOptions: {
          from: "*";
          to: "calendar_link_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "can_assign_sponsored_seat": {
        Args: { "p_organization_id": string };
        Returns: boolean;
      };
      "can_manage_module_session": {
        Args: { "_session_id": string; "_user_id": string };
        Returns: boolean;
      };
      "check_cohort_capacity": {
        Args: { "p_cohort_id": string };
        Returns: Database["public"]["CompositeTypes"]["capacity_result"];
        SetofOptions: {
          from: "*";
          to: "capacity_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "check_credit_ledger": {
        Args: Record<PropertyKey, never>;
        Returns: {
          "subject_id": string;
          "violation": string;
        }[];
      };
      "check_org_seat_limits": {
        Args: { "p_now"?: string };
        Returns: Database["public"]["CompositeTypes"]["org_seat_check"];
        SetofOptions: {
          from: "*";
          to: "org_seat_check";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "check_program_capacity": {
        Args: { "p_program_id": string };
        Returns: Database["public"]["CompositeTypes"]["capacity_result"];
        SetofOptions: {
          from: "*";
          to: "capacity_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "claim_email_change": {
        Args: { "p_now"?: string; "p_token": string };
        Returns: Database["public"]["CompositeTypes"]["email_change_claim"];
        SetofOptions: {
          from: "*";
          to: "email_change_claim";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "claim_emails": {
        Args: { "p_claim"?: string; "p_limit"?: number; "p_now"?: string };
        Returns: {
          "data": Json;
          "html_content": string;
          "id": string;
          "recipient_email": string;
          "recipient_name": string;
          "subject": string;
        }[];
      };
      "cleanup_old_webhook_logs": {
        Args: { "p_days"?: number; "p_now"?: string };
        Returns: number;
      };
      "client_can_view_staff_profile": {
        Args: { "_client_id": string; "_staff_id": string };
        Returns: boolean;
      };
      "cohort_waitlist_status": {
        Args: { "p_cohort_id": string };
        Returns: {
          "available_spots": number;
          "has_capacity": boolean;
          "offer_expires_at": string;
          "own_position": number;
          "waitlist_count": number;
        }[];
      };
      "consume_credits_fifo": {
        Args: {
          "p_action_reference_id"?: string;
          "p_action_type"?: string;
          "p_amount"?: number;
          "p_description"?: string;
          "p_feature_key"?: string;
          "p_idempotency_key"?: string;
          "p_owner_id"?: string;
          "p_owner_type"?: string;
        };
        Returns: Database["public"]["CompositeTypes"]["credit_spend_result"];
        SetofOptions: {
          from: "*";
          to: "credit_spend_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "correct_credits": {
        Args: {
          "p_amount": number;
          "p_batch_id": string;
          "p_idempotency_key"?: string;
          "p_reason": string;
        };
        Returns:
          Database["public"]["CompositeTypes"]["credit_correction_result"];
        SetofOptions: {
          from: "*";
          to: "credit_correction_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "create_notification": {
        Args: {
          "p_link"?: string;
          "p_message"?: string;
          "p_metadata"?: Json;
          "p_title": string;
          "p_type_key": string;
          "p_user_id": string;
        };
        Returns: string;
      };
      "credit_balance_at": {
        Args: { "p_at"?: string; "p_owner_id": string; "p_owner_type": string };
        Returns: number;
      };
      "credit_statement": {
        Args: {
          "p_from"?: string;
          "p_owner_id": string;
          "p_owner_type": string;
          "p_to"?: string;
        };
        Returns:
          Database["public"]["CompositeTypes"]["credit_statement_entry"][];
        SetofOptions: {
          from: "*";
          to: "credit_statement_entry";
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      "decline_org_invite": {
        Args: { "p_token": string };
        Returns: Database["public"]["CompositeTypes"]["org_invite_change"];
        SetofOptions: {
          from: "*";
          to: "org_invite_change";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "delete_user": {
        Args: {
          "p_actor_id": string;
          "p_now"?: string;
          "p_session_id": string;
          "p_user_id": string;
        };
        Returns: Database["public"]["CompositeTypes"]["user_action_result"];
        SetofOptions: {
          from: "*";
          to: "user_action_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "dismiss_stripe_event": {
        Args: { "p_id": string; "p_note": string };
        Returns: Database["public"]["CompositeTypes"]["stripe_event_result"];
        SetofOptions: {
          from: "*";
          to: "stripe_event_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "enroll_with_credits": {
        Args: {
          "p_client_user_id": string;
          "p_cohort_id"?: string;
          "p_description"?: string;
          "p_discount_code"?: string;
          "p_discount_percent"?: number;
          "p_enrollment_code"?: string;
          "p_enrollment_source"?: string;
          "p_final_credit_cost"?: number;
          "p_force"?: boolean;
          "p_original_credit_cost"?: number;
          "p_partner_code"?: string;
          "p_program_id": string;
          "p_program_plan_id"?: string;
          "p_referral_note"?: string;
          "p_referred_by"?: string;
          "p_tier"?: string;
        };
        Returns: Database["public"]["CompositeTypes"]["enrollment_result"];
        SetofOptions: {
          from: "*";
          to: "enrollment_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "expire_credit_batches": { Args: { "p_now"?: string }; Returns: number };
      "export_feature_config": { Args: { "p_type": string }; Returns: Json };
      "feedback_inbox": {
        Args: Record<PropertyKey, never>;
        Returns: {
          "author_id": string;
          "author_name": string;
          "feedback": string;
          "given_at": string;
          "id": string;
          "kind": string;
          "module_title": string;
          "program_name": string;
          "title": string;
        }[];
      };
      "get_org_credit_summary_v2": {
        Args: { "p_org_id": string };
        Returns: Database["public"]["CompositeTypes"]["credit_summary"];
        SetofOptions: {
          from: "*";
          to: "credit_summary";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "get_org_max_sponsored_seats": {
        Args: { "p_organization_id": string };
        Returns: number;
      };
      "get_org_sponsored_seat_count": {
        Args: { "p_organization_id": string };
        Returns: number;
      };
      "get_user_credit_summary_v2": {
        Args: { "p_user_id": string };
        Returns: Database["public"]["CompositeTypes"]["credit_summary"];
        SetofOptions: {
          from: "*";
          to: "credit_summary";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "get_user_notification_preference": {
        Args: { "p_type_key": string; "p_user_id": string };
        Returns: {
          "email_enabled": boolean;
          "in_app_enabled": boolean;
          "is_critical": boolean;
        }[];
      };
      "get_user_organization_id": {
        Args: { "_user_id": string };
        Returns: string;
      };
      "grant_credit_batch": {
        Args: {
          "p_amount": number;
          "p_description"?: string;
          "p_expires_at": string;
          "p_feature_key"?: string;
          "p_idempotency_key"?: string;
          "p_owner_id": string;
          "p_owner_type": string;
          "p_source_reference_id"?: string;
          "p_source_type": string;
        };
        Returns: string;
      };
      "has_org_role": {
        Args: {
          "_org_id": string;
          "_role": Database["public"]["Enums"]["org_role"];
          "_user_id": string;
        };
        Returns: boolean;
      };
      "has_role": {
        Args: {
          "_role": Database["public"]["Enums"]["app_role"];
          "_user_id": string;
        };
        Returns: boolean;
      };
      "is_email_in_use": {
        Args: { "p_email": string; "p_except": string };
        Returns: boolean;
      };
      "is_group_member": {
        Args: { "_group_id": string; "_user_id": string };
        Returns: boolean;
      };
      "is_org_admin_or_manager": {
        Args: { "_org_id": string; "_user_id": string };
        Returns: boolean;
      };
      "is_program_instructor_or_coach": {
        Args: { "_program_id": string; "_user_id": string };
        Returns: boolean;
      };
      "is_same_organization": {
        Args: { "_user_id_1": string; "_user_id_2": string };
        Returns: boolean;
      };
      "is_session_instructor_or_coach": {
        Args: { "p_session_id": string; "p_user_id": string };
        Returns: boolean;
      };
      "is_session_participant": {
        Args: { "p_session_id": string; "p_user_id": string };
        Returns: boolean;
      };
      "join_cohort_waitlist": {
        Args: { "p_cohort_id": string };
        Returns: Database["public"]["CompositeTypes"]["waitlist_result"];
        SetofOptions: {
          from: "*";
          to: "waitlist_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "keep_calendar_body": {
        Args: {
          "p_body": string;
          "p_fingerprint": string;
          "p_user_id": string;
          "p_variant": string;
        };
        Returns: boolean;
      };
      "log_calcom_refusal": {
        Args: {
          "p_event_type": string;
          "p_keys": (string)[];
          "p_reason": string;
        };
        Returns: undefined;
      };
      "offer_waitlist_places": { Args: { "p_now"?: string }; Returns: number };
      "password_attempt": {
        Args: { "p_now"?: string; "p_session_id": string; "p_user_id": string };
        Returns:
          Database["public"]["CompositeTypes"]["password_attempt_result"];
        SetofOptions: {
          from: "*";
          to: "password_attempt_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "people": {
        Args: { "p_ids": (string)[] };
        Returns: {
          "avatar_url": string;
          "email": string;
          "id": string;
          "name": string;
          "scheduling_url": string;
          "username": string;
        }[];
      };
      "process_credit_rollover": {
        Args: {
          "p_max_rollover_months"?: number;
          "p_owner_id": string;
          "p_owner_type": string;
        };
        Returns: Database["public"]["CompositeTypes"]["credit_rollover_result"];
        SetofOptions: {
          from: "*";
          to: "credit_rollover_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "readiness_dashboard": {
        Args: Record<PropertyKey, never>;
        Returns: {
          "client_name": string;
          "client_user_id": string;
          "estimated_completion_date": string;
          "goals_completed": number;
          "goals_total": number;
          "instantiation_id": string;
          "milestones_completed": number;
          "milestones_overdue": number;
          "milestones_total": number;
          "next_milestone": string;
          "next_milestone_due": string;
          "progress_percentage": number;
          "started_at": string;
          "status": string;
          "template_id": string;
        }[];
      };
      "reconcile_auth_profiles": {
        Args: { "p_now"?: string };
        Returns: {
          "healed": string;
          "user_id": string;
        }[];
      };
      "record_auth_ban": {
        Args: {
          "p_actor_id": string;
          "p_changed": boolean;
          "p_now"?: string;
          "p_user_id": string;
        };
        Returns: boolean;
      };
      "record_auth_email": {
        Args: {
          "p_actor_id": string;
          "p_claim_id"?: string;
          "p_now"?: string;
          "p_old_email": string;
          "p_request_id"?: string;
          "p_user_id": string;
        };
        Returns: string;
      };
      "record_auth_password": {
        Args: { "p_actor_id": string; "p_user_id": string };
        Returns: undefined;
      };
      "record_operations_audits": {
        Args: { "p_now"?: string };
        Returns: number;
      };
      "refund_credits": {
        Args: {
          "p_amount"?: number;
          "p_idempotency_key"?: string;
          "p_now"?: string;
          "p_reason"?: string;
          "p_spend_id": string;
        };
        Returns: Database["public"]["CompositeTypes"]["credit_refund_result"];
        SetofOptions: {
          from: "*";
          to: "credit_refund_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "release_email_change": {
        Args: { "p_claim_id": string; "p_request_id": string };
        Returns: undefined;
      };
      "replay_stripe_event": {
        Args: { "p_id": string; "p_now"?: string };
        Returns: Database["public"]["CompositeTypes"]["stripe_event_result"];
        SetofOptions: {
          from: "*";
          to: "stripe_event_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "request_email_change": {
        Args: {
          "p_link": string;
          "p_new_email": string;
          "p_now"?: string;
          "p_password_given": boolean;
          "p_session_id": string;
          "p_user_id": string;
        };
        Returns:
          Database["public"]["CompositeTypes"]["email_change_request_result"];
        SetofOptions: {
          from: "*";
          to: "email_change_request_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "resolve_calcom_booking": {
        Args: {
          "p_dismiss"?: boolean;
          "p_enrollment_id"?: string;
          "p_group_id"?: string;
          "p_host_id"?: string;
          "p_id": string;
          "p_mapping_id"?: string;
          "p_module_id"?: string;
          "p_user_id"?: string;
        };
        Returns: Database["public"]["CompositeTypes"]["calcom_event_result"];
        SetofOptions: {
          from: "*";
          to: "calcom_event_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "run_credit_maintenance": {
        Args: {
          "p_actions"?: (string)[];
          "p_now"?: string;
          "p_trigger"?: string;
        };
        Returns:
          Database["public"]["CompositeTypes"]["credit_maintenance_result"];
        SetofOptions: {
          from: "*";
          to: "credit_maintenance_result";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "save_reflection_prompt": {
        Args: {
          "p_period_start": string;
          "p_period_type": string;
          "p_replace"?: boolean;
          "p_source": string;
          "p_text": string;
        };
        Returns: Json;
      };
      "send_cohort_session_reminders": {
        Args: { "p_now"?: string };
        Returns: number;
      };
      "send_credit_expiry_notices": {
        Args: { "p_now"?: string };
        Returns: number;
      };
      "send_low_credit_notices": {
        Args: { "p_now"?: string };
        Returns: number;
      };
      "send_org_invite": {
        Args: {
          "p_email": string;
          "p_inviter_id": string;
          "p_now"?: string;
          "p_organization_id": string;
          "p_role": Database["public"]["Enums"]["org_role"];
          "p_site_url": string;
        };
        Returns: Database["public"]["CompositeTypes"]["org_invite_sending"];
        SetofOptions: {
          from: "*";
          to: "org_invite_sending";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      "set_low_credit_threshold": {
        Args: {
          "p_owner_id": string;
          "p_owner_type": string;
          "p_threshold": number;
        };
        Returns: undefined;
      };
      "settle_emails": {
        Args: { "p_now"?: string; "p_results": Json };
        Returns: number;
      };
      "staff_has_client_relationship": {
        Args: { "_client_user_id": string; "_staff_id": string };
        Returns: boolean;
      };
      "staffed_program_ids": {
        Args: Record<PropertyKey, never>;
        Returns: string[];
      };
      "student_development_profile": {
        Args: { "p_client_user_id": string };
        Returns: {
          "client_name": string;
          "client_user_id": string;
          "completed_at": string;
          "end_date": string;
          "enrollment_id": string;
          "last_completed_module": string;
          "modules_completed": number;
          "modules_total": number;
          "program_id": string;
          "program_name": string;
          "start_date": string;
          "status": Database["public"]["Enums"]["enrollment_status"];
          "tier": string;
        }[];
      };
      "user_is_enrolled_in_program": {
        Args: { "_program_id": string; "_user_id": string };
        Returns: boolean;
      };
      "validate_discount_code": {
        Args: {
          "p_code": string;
          "p_program_id"?: string;
          "p_tier_name"?: string;
          "p_user_id"?: string;
        };
        Returns: Database["public"]["CompositeTypes"]["discount_validation"];
        SetofOptions: {
          from: "*";
          to: "discount_validation";
          isOneToOne: true;
          isSetofReturn: true;
        };
      };
      "validate_enrollment_code": { Args: { "p_code": string }; Returns: Json };
      "validate_partner_code": { Args: { "p_code": string }; Returns: Json };
      "withdraw_org_invite": {
        Args: { "p_id": string };
        Returns: Database["public"]["CompositeTypes"]["org_invite_change"];
        SetofOptions: {
          from: "*";
          to: "org_invite_change";
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
    };
    Enums: {
      "app_role": "admin" | "coach" | "client" | "instructor";
      "decision_status": "upcoming" | "in_progress" | "made" | "cancelled";
      "enrollment_status": "active" | "completed" | "paused";
      "goal_category":
        | "family_home"
        | "financial_career"
        | "mental_educational"
        | "spiritual_ethical"
        | "social_cultural"
        | "physical_health"
        | "health_fitness"
        | "career_business"
        | "finances"
        | "relationships"
        | "personal_growth"
        | "fun_recreation"
        | "physical_environment"
        | "family_friends"
        | "romance"
        | "contribution";
      "goal_priority": "low" | "medium" | "high";
      "goal_status": "not_started" | "in_progress" | "completed" | "paused";
      "goal_timeframe": "short" | "medium" | "long";
      "group_join_type": "invitation_only" | "open";
      "group_member_role": "member" | "leader";
      "group_membership_status": "active" | "pending" | "left";
      "group_status": "draft" | "active" | "completed" | "archived";
      "importance_level": "low" | "medium" | "high" | "critical";
      "learning_mode":
        | "group_independent"
        | "group_supervised"
        | "individual"
        | "asynchronous";
      "milestone_status": "not_started" | "in_progress" | "completed";
      "module_type":
        | "session"
        | "assignment"
        | "reflection"
        | "resource"
        | "content"
        | "coaching";
      "org_role": "org_admin" | "org_manager" | "org_member";
      "program_category":
        | "cta"
        | "leadership"
        | "executive"
        | "ai"
        | "deep-dive";
      "progress_status": "not_started" | "in_progress" | "completed";
      "task_quadrant":
        | "important_urgent"
        | "important_not_urgent"
        | "not_important_urgent"
        | "not_important_not_urgent";
      "task_source_type": "decision" | "goal" | "program" | "manual";
      "task_status": "todo" | "in_progress" | "done" | "blocked";
      "urgency_level": "low" | "medium" | "high";
      "user_status": "active" | "inactive";
    };
    CompositeTypes: {
      "calcom_event_result": {
        "status": string | null;
        "code": string | null;
        "booking_uid": string | null;
        "session_id": string | null;
        "review_id": string | null;
        "missing": (string)[] | null;
      };
      "calendar_feed_result": {
        "outcome": string | null;
        "fingerprint": string | null;
        "name": string | null;
        "modified_at": string | null;
        "events": Json | null;
        "user_id": string | null;
        "body": string | null;
      };
      "calendar_link_result": {
        "outcome": string | null;
        "version": number | null;
      };
      "capacity_result": {
        "has_capacity": boolean | null;
        "capacity": number | null;
        "enrolled_count": number | null;
        "available_spots": number | null;
        "waitlist_count": number | null;
        "error": string | null;
      };
      "credit_correction_result": {
        "success": boolean | null;
        "code": string | null;
        "error": string | null;
        "batch_id": string | null;
        "corrected": number | null;
        "remaining": number | null;
      };
      "credit_maintenance_result": {
        "outcome": string | null;
        "run_id": number | null;
        "results": Json | null;
        "error": string | null;
        "set_aside": number | null;
      };
      "credit_refund_result": {
        "success": boolean | null;
        "code": string | null;
        "error": string | null;
        "refunded": number | null;
        "refundable": number | null;
      };
      "credit_rollover_result": {
        "success": boolean | null;
        "batches_rolled": number | null;
        "credits_rolled": number | null;
      };
      "credit_spend_result": {
        "success": boolean | null;
        "code": string | null;
        "error": string | null;
        "spend_id": string | null;
        "requested": number | null;
        "consumed": number | null;
        "from_plan": number | null;
        "from_program": number | null;
        "from_bonus": number | null;
        "remaining_needed": number | null;
        "details": Json | null;
      };
      "credit_statement_entry": {
        "at": string | null;
        "entry_type": string | null;
        "description": string | null;
        "amount": number | null;
        "balance": number | null;
        "allowance": number | null;
        "batch_id": string | null;
        "feature_key": string | null;
        "expires_at": string | null;
        "spend_id": string | null;
      };
      "credit_summary": {
        "plan_allowance": number | null;
        "plan_used": number | null;
        "plan_remaining": number | null;
        "program_total": number | null;
        "program_remaining": number | null;
        "bonus_total": number | null;
        "bonus_remaining": number | null;
        "total_available": number | null;
        "expiring_within_7_days": number | null;
        "earliest_expiry": string | null;
        "batches": Json | null;
      };
      "discount_validation": {
        "is_valid": boolean | null;
        "discount_code_id": string | null;
        "discount_type": string | null;
        "discount_value": number | null;
        "error_message": string | null;
      };
      "email_change_claim": {
        "code": string | null;
        "retry_after": number | null;
        "request_id": string | null;
        "claim_id": string | null;
        "user_id": string | null;
        "old_email": string | null;
        "new_email": string | null;
      };
      "email_change_request_result": {
        "code": string | null;
        "retry_after": number | null;
        "expires_at": string | null;
      };
      "enrollment_price": {
        "code": string | null;
        "original_credit_cost": number | null;
        "discount_percent": number | null;
        "final_credit_cost": number | null;
        "discount_code_id": string | null;
        "enrollment_code_id": string | null;
        "partner_code_id": string | null;
      };
      "enrollment_result": {
        "success": boolean | null;
        "code": string | null;
        "error": string | null;
        "enrollment_id": string | null;
        "original_credit_cost": number | null;
        "final_credit_cost": number | null;
        "spend_id": string | null;
        "credit_details": Json | null;
      };
      "org_invite_acceptance": {
        "code": string | null;
        "organization_id": string | null;
        "organization_name": string | null;
      };
      "org_invite_change": {
        "success": boolean | null;
        "code": string | null;
        "error": string | null;
      };
      "org_invite_sending": {
        "code": string | null;
        "invite_id": string | null;
        "is_mail_queued": boolean | null;
      };
      "org_seat_check": {
        "alerts": Json | null;
        "errors": Json | null;
      };
      "password_attempt_result": {
        "code": string | null;
        "retry_after": number | null;
        "email": string | null;
        "phone": string | null;
      };
      "reflection_prompt_start": {
        "code": string | null;
        "prompt": Json | null;
        "period_start": string | null;
        "context": Json | null;
        "weakest_domain": string | null;
      };
      "stripe_event_result": {
        "status": string | null;
        "outcome": string | null;
        "fetch_type": string | null;
        "fetch_id": string | null;
      };
      "user_action_result": {
        "code": string | null;
        "retry_after": number | null;
        "done": Json | null;
        "left_behind": Json | null;
      };
      "user_update_start": {
        "code": string | null;
        "old_email": string | null;
      };
      "waitlist_result": {
        "success": boolean | null;
        "code": string | null;
        "error": string | null;
        "position": number | null;
      };
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
      "app_role": ["admin", "coach", "client", "instructor"],
      "decision_status": ["upcoming", "in_progress", "made", "cancelled"],
      "enrollment_status": ["active", "completed", "paused"],
      "goal_category": [
        "family_home",
        "financial_career",
        "mental_educational",
        "spiritual_ethical",
        "social_cultural",
        "physical_health",
        "health_fitness",
        "career_business",
        "finances",
        "relationships",
        "personal_growth",
        "fun_recreation",
        "physical_environment",
        "family_friends",
        "romance",
        "contribution",
      ],
      "goal_priority": ["low", "medium", "high"],
      "goal_status": ["not_started", "in_progress", "completed", "paused"],
      "goal_timeframe": ["short", "medium", "long"],
      "group_join_type": ["invitation_only", "open"],
      "group_member_role": ["member", "leader"],
      "group_membership_status": ["active", "pending", "left"],
      "group_status": ["draft", "active", "completed", "archived"],
      "importance_level": ["low", "medium", "high", "critical"],
      "learning_mode": [
        "group_independent",
        "group_supervised",
        "individual",
        "asynchronous",
      ],
      "milestone_status": ["not_started", "in_progress", "completed"],
      "module_type": [
        "session",
        "assignment",
        "reflection",
        "resource",
        "content",
        "coaching",
      ],
      "org_role": ["org_admin", "org_manager", "org_member"],
      "program_category": ["cta", "leadership", "executive", "ai", "deep-dive"],
      "progress_status": ["not_started", "in_progress", "completed"],
      "task_quadrant": [
        "important_urgent",
        "important_not_urgent",
        "not_important_urgent",
        "not_important_not_urgent",
      ],
      "task_source_type": ["decision", "goal", "program", "manual"],
      "task_status": ["todo", "in_progress", "done", "blocked"],
      "urgency_level": ["low", "medium", "high"],
      "user_status": ["active", "inactive"],
    },
  },
} as const;
