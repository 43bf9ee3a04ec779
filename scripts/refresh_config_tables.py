#!/usr/bin/env python3
"""Renews src/config_yaml/tables/*.tsv: what is known of the keys, providers and words of LiteLLM's config.yaml.

    scripts/refresh_config_tables.py FOLDER [PYTHON … PYTHON]

FOLDER holds litellm-settings.json, litellm-providers.json and litellm-retired-models.json, which describe one release of
LiteLLM (MIT). What a table says more than they do, such as which wrong values stop the proxy, is written down here.
Which fields of a deployment refuse wrong values, which its own models of maps have, and which callbacks are called where
(ask_callbacks.py), is asked of LiteLLM itself: the first PYTHON has that release, the last the oldest one that is told
apart, and those between tell when a callback came. Without them the present tables' answers are kept.
"""

import json
import pathlib
import subprocess
import sys

TARGET = pathlib.Path(__file__).parent.parent / "src/config_yaml/tables"

# Of those below what only releases do that are later than the oldest one that is told apart.
LATE = {
    "general_settings": {
        "user_api_key_cache_max_size", "spend_logs_metadata_fields", "vector_store_deny_by_default",
        "search_tool_deny_by_default", "mcp_advertised_versions",
    },
    "mcp_servers.*": {
        "oauth_identity_binding", "per_server_oauth_discovery", "pinned_tools", "protocol_version", "rpm",
        "token_validation",
    },
}
# Where a value of another type or another word stops the proxy or drops the deployment; elsewhere it is only ignored.
FATAL = {
    "router_settings": {
        "routing_strategy", "model_group_alias", "provider_budget_config", "model_group_affinity_config",
        "default_litellm_params", "routing_strategy_args",
    },
    "litellm_settings": {
        "success_callback", "failure_callback", "callbacks", "max_budget", "budget_reset_time",
        "prometheus_deployment_and_latency_caller_identity", "max_internal_user_budget", "max_ui_session_budget",
        "default_max_internal_user_budget", "upperbound_key_generate_params", "default_team_settings",
        "priority_reservation_settings", "model_group_settings", "guardrails", "custom_provider_map", "responses",
        "cache_params",
    },
    "general_settings": {
        "master_key", "database_url", "key_management_system", "key_management_settings", "coordination_redis",
        "background_health_check_model_groups", "health_check_staleness_threshold", "role_permissions",
        "user_api_key_cache_ttl", "team_metadata_schema", "alerting_args", "alert_to_webhook_url",
        "pass_through_endpoints", "search_tools", "custom_auth_settings", "litellm_jwtauth", *LATE["general_settings"],
    },
    "general_settings.key_management_settings": {"access_mode"},
    "litellm_settings.cache_params": {"type", "semantic_cache_scope"},
    "router_settings.routing_groups[]": {"group_name", "models", "routing_strategy", "routing_strategy_args"},
    "router_settings.provider_budget_config.*": {"budget_limit"},
    "general_settings.pass_through_endpoints[]": {"path", "headers"},
    "litellm_settings.default_internal_user_params": {"max_budget"},
    "credential_list[]": {"credential_name", "credential_values", "credential_info"},
    "search_tools[]": {"litellm_params"},
}
# The same for all keys of a map, where a row of it does not say otherwise.
FATAL_WHOLLY = {
    "router_settings.retry_policy", "router_settings.allowed_fails_policy", "mcp_servers.*", "prompts[]",
    "prompts[].litellm_params", "general_settings.coordination_redis",
    "general_settings.coordination_redis.startup_nodes[]", "general_settings.role_permissions[]", "policies.*",
    "policies.*.guardrails", "policies.*.condition", "policies.*.pipeline", "policies.*.pipeline.steps[]",
    "policy_attachments[]", "agents[]", "mcp_tools[]", "vector_store_registry[]", "vector_store_registry[].litellm_params",
    "assistant_settings", "general_settings.alerting_args", "router_settings.routing_strategy_args",
    "litellm_settings.upperbound_key_generate_params", "litellm_settings.priority_reservation_settings",
    "litellm_settings.model_group_settings", "general_settings.plugins[]", "general_settings.litellm_jwtauth",
    "general_settings.litellm_jwtauth.role_mappings[]", "general_settings.litellm_jwtauth.scope_mappings[]",
    "general_settings.litellm_jwtauth.jwt_litellm_role_map[]", "general_settings.litellm_jwtauth.routing_overrides[]",
    "general_settings.litellm_jwtauth.issuers[]", "model_list[].litellm_params.complexity_router_config",
}
# Maps of which LiteLLM has a model, whose fields it is asked for.
MODELS = {
    "general_settings.litellm_jwtauth": "litellm.proxy._types:LiteLLM_JWTAuth",
    "general_settings.litellm_jwtauth.role_mappings[]": "litellm.proxy._types:RoleMapping",
    "general_settings.litellm_jwtauth.scope_mappings[]": "litellm.proxy._types:ScopeMapping",
    "general_settings.litellm_jwtauth.jwt_litellm_role_map[]": "litellm.proxy._types:JWTLiteLLMRoleMap",
    "general_settings.litellm_jwtauth.routing_overrides[]": "litellm.proxy._types:JWTRoutingOverride",
    "general_settings.litellm_jwtauth.issuers[]": "litellm.proxy._types:JWTIssuerConfig",
    "general_settings.user_header_mappings[]": "litellm.proxy._types:UserHeaderMapping",
    "general_settings.plugins[]": "litellm.proxy._types:PluginConfig",
    "general_settings.scheduled_job_stagger": "litellm.proxy._types:ScheduledJobStaggerSettings",
    "general_settings.alerting_args": "litellm.types.integrations.slack_alerting:SlackAlertingArgs",
    "litellm_settings.priority_reservation_settings": "litellm.types.utils:PriorityReservationSettings",
    "litellm_settings.model_group_settings": "litellm.types.router:ModelGroupSettings",
    "litellm_settings.prometheus_metrics_config[]": "litellm.types.integrations.prometheus:PrometheusMetricsConfig",
    "litellm_settings.key_generation_settings": "litellm.types.utils:StandardKeyGenerationConfig",
    "model_list[].litellm_params.complexity_router_config": "litellm.router_strategy.complexity_router.config:ComplexityRouterConfig",
}
# Maps of which every key is known, and what becomes of another: it does nothing, or LiteLLM does not start.
WHOLE = {
    place: "nothing"
    for place in [
        *(place for place in MODELS if not place.startswith("model_list")), "router_settings.provider_budget_config.*",
        "router_settings.retry_policy", "router_settings.allowed_fails_policy",
        "router_settings.model_group_retry_policy.*", "router_settings.routing_groups[]", "mcp_servers.*",
        "general_settings.pass_through_endpoints[]", "general_settings.key_management_settings",
        "litellm_settings.upperbound_key_generate_params", "litellm_settings.default_internal_user_params",
        "litellm_settings.default_team_params", "litellm_settings.s3_callback_params",
        "litellm_settings.s3_audit_callback_params", "litellm_settings.aws_sqs_callback_params",
    ]
} | {
    place: "start"
    for place in [
        "general_settings.role_permissions[]", "policies.*.pipeline.steps[]", "general_settings.litellm_jwtauth",
        "general_settings.litellm_jwtauth.scope_mappings[]", "general_settings.litellm_jwtauth.routing_overrides[]",
        "general_settings.litellm_jwtauth.issuers[]",
    ]
}
# Without them the proxy does not start, where the data does not say so.
REQUIRED = {"general_settings.pass_through_endpoints[]": {"path"}}
# Those that may be missing all the same.
OMITTED = {("search_tools[]", "litellm_params")}
# Words of keys whose data has none, not all, or one that is refused.
ENUMS = {
    ("general_settings", "key_management_system"): [
        "google_kms", "azure_key_vault", "aws_secret_manager", "google_secret_manager", "hashicorp_vault", "cyberark",
        "aws_kms", "custom",
    ],
    ("litellm_settings.cache_params", "semantic_cache_scope"): ["key", "end_user"],
    ("litellm_settings.cache_params", "supported_call_types"): [
        "completion", "acompletion", "embedding", "aembedding", "atranscription", "transcription", "atext_completion",
        "text_completion", "arerank", "rerank", "responses", "aresponses", "anthropic_messages", "aanthropic_messages",
    ],
}
# Values of another kind than the data says are taken as well.
KINDS = {
    ("general_settings", "health_check_staleness_threshold"): "number",
    ("general_settings.coordination_redis", "aws_iam_auth"): "boolean|string",
    ("general_settings.coordination_redis", "aws_iam_serverless"): "boolean|string",
    ("general_settings.pass_through_endpoints[]", "path"): "string|integer",
    ("general_settings", "team_metadata_schema"): "list",
    ("litellm_params", "fallbacks"): "list",
    ("litellm_params", "guardrails"): "list",
    ("litellm_params", "reasoning_effort"): "string|map",
    ("litellm_params", "request_timeout"): "number|string",
    ("model_info", "id"): "string|integer",
    ("model_info", "metadata"): "any",
    ("model_info", "ptu_effective_from"): "any",
    ("model_info", "ptu_effective_to"): "any",
    ("model_info", "search_context_cost_per_query"): "map",
    ("router_settings", "redis_port"): "integer",
    # What it is not may be null in the model, and is told where it is used.
    ("general_settings.litellm_jwtauth", "custom_validate"): "string",
}
# Keys that the documentation or the code of that release has and the data has not.
MORE = {
    "litellm_settings": {
        "REPEATED_STREAMING_CHUNK_LIMIT": ("integer", "Equal chunks in a row after which a stream is given up."),
        "AZURE_DEFAULT_API_VERSION": ("string", "`api_version` of Azure deployments that have none."),
        "WATSONX_DEFAULT_API_VERSION": ("string", "`api_version` of watsonx deployments that have none."),
        "DEFAULT_MAX_RETRIES": ("integer", "Retries of the providers' own clients."),
        "ROUTER_MAX_FALLBACKS": ("integer", "Most fallback hops."),
    }
    | {
        f"{word}_confidence_threshold": ("number", "Confidence from which Google's text moderation refuses (enterprise).")
        for word in [
            "toxic", "insult", "profanity", "derogatory", "sexual", "death_harm_and_tragedy", "violent",
            "firearms_and_weapons", "public_safety", "health", "religion_and_belief", "illicit_drugs",
            "war_and_conflict", "politics", "finance", "legal",
        ]
    },
    "general_settings": {
        "block_robots": ("boolean", "Tell search engines to stay away (enterprise)."),
        "custom_auth_settings": ("map", "How `custom_auth` goes together with keys, such as `mode: auto`."),
        "email_settings": ("map", "Which events are told by mail (enterprise)."),
        "enforce_project_model_quota": ("boolean", "Hold projects to their quota of a model."),
        "store_prompts_in_cold_storage": ("boolean", "Keep prompts in the bucket of `cold_storage_custom_logger`."),
    },
    # Those of PagerDuty.
    "general_settings.alerting_args": {
        "failure_threshold": ("any", "Failures within the window that are told."),
        "failure_threshold_window_seconds": ("any", "How long that window is."),
        "hanging_threshold_seconds": ("any", "Seconds after which a request hangs."),
        "hanging_threshold_window_seconds": ("any", "How long the window for hanging requests is."),
    },
    "general_settings.litellm_jwtauth": {
        "jwt_client_id_field": ("string", "The former name of `virtual_key_claim_field`."),
    },
    "litellm_settings.default_internal_user_params": {
        "available_teams": ("list", "Teams that the user may join."),
    },
    "router_settings.provider_budget_config.*": {
        "max_budget": ("number", "The same as `budget_limit`."),
        "budget_duration": ("string", "The same as `time_period`."),
    },
    "general_settings.pass_through_endpoints[]": {
        "forward_headers": ("boolean", "Hand the headers of the request on."),
        "merge_query_params": ("boolean", "Put the query of the request behind that of `target`."),
    },
    "litellm_params": {
        "instruction": ("string", "Put before a text that is turned into a vector (Databricks)."),
    },
}
# What the client of a Redis takes beside that (redis 7.4, and `_get_redis_kwargs` of litellm 1.101.3); it refuses all else.
REDIS = [
    "azure_client_id", "azure_client_secret", "azure_redis_ad_token", "azure_tenant_id", "client_name",
    "credential_provider", "decode_responses", "driver_info", "encoding", "encoding_errors", "event_dispatcher",
    "gcp_service_account", "gcp_ssl_ca_certs", "health_check_interval", "legacy_responses", "lib_name", "lib_version",
    "maint_notifications_config", "max_connections", "namespace", "protocol", "redis_connect_func", "redis_flush_size",
    "retry_on_error", "retry_on_timeout", "single_connection_client", "socket_connect_timeout", "socket_keepalive",
    "socket_keepalive_options", "socket_read_size", "socket_timeout", "ssl_ca_certs", "ssl_ca_data", "ssl_ca_path",
    "ssl_cert_reqs", "ssl_certfile", "ssl_check_hostname", "ssl_ciphers", "ssl_exclude_verify_flags",
    "ssl_include_verify_flags", "ssl_keyfile", "ssl_min_version", "ssl_ocsp_context", "ssl_ocsp_expected_cert",
    "ssl_password", "ssl_validate_ocsp", "ssl_validate_ocsp_stapled", "startup_nodes", "unix_socket_path", "db",
]
PASSED = {place: REDIS for place in ["litellm_settings.cache_params", "general_settings.coordination_redis"]}
# What a key, a user or a team may spend.
LIMITS = {
    "max_budget": {"type": "number", "description": "USD that may be spent."},
    "budget_duration": {"type": "string", "description": "Time between two resets of the budget, such as `30d`."},
    "max_parallel_requests": {"type": "integer", "description": "Requests at a time."},
    "tpm_limit": {"type": "integer", "description": "Tokens a minute."},
    "rpm_limit": {"type": "integer", "description": "Requests a minute."},
}
# What the logger to S3 reads of its settings.
S3_LOG = {
    f"s3_{name}": {}
    for name in [
        "bucket_name", "region_name", "api_version", "use_ssl", "verify", "endpoint_url", "aws_access_key_id",
        "aws_secret_access_key", "aws_session_token", "aws_session_name", "aws_profile_name", "aws_role_name",
        "aws_web_identity_token", "aws_sts_endpoint", "config", "path", "use_team_prefix", "use_key_prefix",
        "strip_base64_files", "use_virtual_hosted_style", "server_side_encryption", "sse_kms_key_id",
    ]
}
# Maps of which the data has no keys, or not all (litellm/types and mcp_server_manager.py, of 1.91.5, 1.101.3 and 1.106.6).
NESTED = {
    "callback_settings.otel": {
        "message_logging": {"type": "boolean", "description": "Whether messages and answers are in the spans."},
        "attributes": {"description": "Which attributes measurements have."},
        "baggage_promoted_keys": {"description": "Baggage that becomes attributes of spans."},
        "baggage_metadata_keys": {"description": "Metadata of keys that becomes baggage."},
        "baggage_team_metadata_keys": {"description": "Metadata of teams that becomes baggage."},
    },
    "litellm_settings.s3_callback_params": S3_LOG,
    "litellm_settings.s3_audit_callback_params": S3_LOG,
    "litellm_settings.aws_sqs_callback_params": {
        f"sqs_{name}": {}
        for name in [
            "queue_url", "region_name", "api_version", "use_ssl", "verify", "endpoint_url", "aws_access_key_id",
            "aws_secret_access_key", "aws_session_token", "aws_session_name", "aws_profile_name", "aws_role_name",
            "aws_web_identity_token", "aws_sts_endpoint", "strip_base64_files", "aws_use_application_level_encryption",
            "app_encryption_key_b64", "app_encryption_aad", "config",
        ]
    },
    "mcp_servers.*": {
        "transport": {"type": "string", "enum": ["sse", "http", "stdio"], "description": "How the server is spoken to."},
        "auth_type": {
            "type": "string",
            "enum": [
                "none", "api_key", "bearer_token", "basic", "authorization", "oauth2", "aws_sigv4", "token",
                "oauth2_token_exchange", "oauth2_id_jag", "true_passthrough", "oauth_delegate",
            ],
            "description": "How the gateway signs in to the server.",
        },
        "url": {"type": "string", "description": "Address of the server, for `http` and `sse`."},
        "command": {"type": "string", "description": "Program of the server, for `stdio`."},
        "oauth2_flow": {
            "type": "string",
            "enum": ["client_credentials", "authorization_code"],
            "fatal": False,
            "description": "How tokens are got where `auth_type` is `oauth2`: by the gateway itself, or by each user in a browser.",
        },
        "token_endpoint_auth_method": {"type": "string", "enum": ["client_secret_basic", "client_secret_post"]},
        "protocol_version": {
            "type": "string",
            "enum": ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "auto", "2026-07-28"],
        },
        "rpm": {"type": "integer"},
        "pinned_tools": {"type": "map"},
        "token_validation": {"type": "map"},
        "oauth_identity_binding": {"type": "map"},
        "per_server_oauth_discovery": {"type": "boolean"},
        "dcr_bridge": {"type": "boolean"},
        "max_concurrent_requests": {"type": "integer"},
        "timeout": {"type": "number"},
    }
    | {
        name: {"type": "list"}
        for name in ["access_groups", "allowed_tools", "args", "disallowed_tools", "env_vars", "extra_headers"]
    }
    | {name: {"type": "map"} for name in ["allowed_params", "env", "mcp_info", "static_headers"]}
    | {
        name: {"type": "string"}
        for name in [
            "audience", "auth_value", "authentication_token", "aws_access_key_id", "aws_region_name", "aws_role_name",
            "aws_secret_access_key", "aws_service_name", "aws_session_name", "aws_session_token",
            "client_assertion_signing_alg", "client_id", "client_private_key", "client_private_key_id",
            "client_secret", "id_jag_resource", "id_jag_resource_token_endpoint", "instructions",
            "subject_token_type", "token_exchange_endpoint", "token_exchange_profile", "upstream_resource",
            "upstream_token_header",
        ]
    }
    | {
        name: {"fatal": False}
        for name in [
            "alias", "allow_all_keys", "allow_elicitation", "allow_sampling", "authorization_url",
            "available_on_public_internet", "delegate_auth_to_upstream", "description", "id_jag_resource_client_id",
            "id_jag_resource_client_secret", "id_jag_subject_source", "issuer", "oauth_passthrough", "registration_url",
            "scopes", "server_id", "spec_path", "token_url",
        ]
    },
    "search_tools[]": {
        "search_tool_name": {"required": True, "type": "string", "description": "Name under which it is asked."},
        "litellm_params": {"required": True, "type": "map", "description": "search_provider, api_key, api_base, timeout, max_retries."},
        "search_tool_info": {"type": "map", "description": "Free-form notes, such as description."},
        "search_tool_id": {},
    },
    "search_tools[].litellm_params": {
        "search_provider": {
            "required": True,
            "type": "string",
            "enum": [
                "perplexity", "tavily", "parallel_ai", "exa_ai", "brave", "google_pse", "dataforseo", "firecrawl",
                "fastcrw", "searxng", "linkup", "duckduckgo", "searchapi", "serper", "you_com", "apiserpent",
                "tinyfish", "agentcore", "nimble", "bing_grounding",
            ],
            "description": "Who searches, such as `perplexity` or `tavily`.",
        },
        "api_key": {"secret": True, "description": "Key of the provider."},
        "api_base": {"description": "Address of the provider."},
        "timeout": {"description": "Seconds a search may take."},
        "max_retries": {"description": "How often a search is tried again."},
    },
    "prompts[]": {
        "prompt_id": {"required": True, "type": "string", "description": "Name under which requests ask for it."},
        "litellm_params": {"required": True, "type": "map", "description": "prompt_integration and what that wants."},
        "prompt_info": {"type": "map", "fatal": False, "description": "Shown by /prompts/list."},
        "version": {"type": "integer"},
        "environment": {"type": "string"},
        "created_at": {"fatal": False},
        "updated_at": {"fatal": False},
        "created_by": {"type": "string"},
    },
    # Langfuse keeps prompts too, and is named in LiteLLM's list; it is asked by a model's name, `langfuse/…`.
    "prompts[].litellm_params": {
        "prompt_integration": {
            "required": True,
            "type": "string",
            "enum": ["dotprompt", "gitlab", "bitbucket", "generic_prompt_management", "arize_phoenix"],
            "description": "Who keeps it, such as `dotprompt` or `gitlab`.",
        },
        "provider_specific_query_params": {"type": "map"},
    }
    | {
        name: {"type": "boolean"}
        for name in ["ignore_prompt_manager_model", "ignore_prompt_manager_optional_params"]
    }
    | {name: {"type": "string"} for name in ["api_base", "api_key", "dotprompt_content", "prompt_id"]},
    "guardrails[].litellm_params": {
        "guardrail": {"required": True, "description": "Provider, or `file.Class` of code of your own beside the file."},
        "mode": {"required": True, "description": "When it looks: before, during or after the call, or several of these."},
        "default_on": {"description": "For every request, not only for those that ask for it."},
    }
    | {
        name: {}
        for name in [
            "action", "additional_provider_specific_params", "advisory_system_message", "agent_ref", "akto_account_id",
            "akto_api_key", "akto_base_url", "akto_metadata", "akto_vxlan_id", "allow_bypass_header", "anonymize_input",
            "api_base", "api_endpoint", "api_id", "api_key", "api_version", "app_name", "application", "application_id",
            "assertions", "asset_id", "async_mode", "auth_token", "auth_url", "aws_access_key_id",
            "aws_bedrock_runtime_endpoint", "aws_external_id", "aws_profile_name", "aws_region_name", "aws_role_name",
            "aws_secret_access_key", "aws_session_name", "aws_session_token", "aws_sts_endpoint",
            "aws_web_identity_token", "base_url", "block_failures", "block_on_detection", "block_on_error",
            "block_on_file_modify", "block_on_violation", "blocked_languages", "blocked_words", "blocked_words_file",
            "blocklistNames", "breakdown", "categories", "category_thresholds", "ccr_retrieval", "checks",
            "chunk_budget_chars", "client", "client_id", "client_secret", "coarse", "competitor_intent_config",
            "compress_history", "compress_last_user", "compress_system", "compress_tool_outputs", "compression_params",
            "confidence_threshold", "config", "content_filter_threshold", "content_moderation_check", "context_source",
            "contextual_grounding_from_messages", "conversation_id", "cost_tier", "credentials", "custom_code",
            "custom_headers", "custom_routes", "custom_routes_file", "decision_model", "deepkeep_firewall_id",
            "default_action", "default_app", "deployment_name", "detect_execution_intent", "detect_secrets_config",
            "detector_id", "detector_params", "detectors", "dev_info", "disable_exception_on_block", "dynamic",
            "dynamic_max_ratio", "dynamic_min_ratio", "embedding_model", "enable_retrieval", "enabled_rules",
            "end_session_after_n_fails", "evaluation_id", "experimental_use_latest_role_message_only", "extra_headers",
            "fail_on_error", "fail_open", "fallback_on_error", "file_checkpoint_id", "file_guardrail_timeout",
            "file_sanitization_fail_open", "format_hint", "forward_messages_as_sent", "gateway_name", "grounding_check",
            "grounding_strictness", "guard_name", "guardrail_timeout", "guardrailIdentifier",
            "guardrails_ai_api_input_format", "guardrailVersion", "hallucinations_check", "haltOnBlocklistHit",
            "headers", "image_model", "include_evidence", "include_masked_response_on_block", "include_scanners",
            "initial_backoff", "inspect_embeddings", "inspect_path", "inspection_type", "integration_profile_id",
            "integration_profile_version", "integration_tenant_id", "integration_type", "is_detector_server",
            "keyword_redaction_tag", "lasso_conversation_id", "lasso_user_id", "location",
            "logging_only_continue_on_input_failure", "logging_only_scope", "mask", "mask_on_block",
            "mask_request_content", "mask_response_content", "max_backoff", "max_bytes_per_call",
            "max_concurrent_decision_calls", "max_input_chars", "max_payload_bytes", "max_result_chars_in_state",
            "max_retries", "metadata", "min_chars_to_compress", "min_chars_to_evaluate", "mock_redacted_text", "model",
            "model_id", "monitor_mode", "num_retries", "on_disallowed_action", "on_flagged", "on_flagged_action",
            "on_sensitive_data", "on_violation", "only_scan_new_messages", "optional_params", "output_parse_pii",
            "outputScope", "outputType", "pangea_input_recipe", "pangea_output_recipe", "pattern_redaction_format",
            "patterns", "payload", "persist_session", "pii_check", "pii_confidence_threshold", "pii_entities_config",
            "policy_id", "policy_ids", "policy_name", "policy_names", "post_checkpoint_id", "pre_checkpoint_id",
            "presidio_ad_hoc_recognizers", "presidio_analyze_chunk_size_bytes", "presidio_analyzer_api_base",
            "presidio_anonymizer_api_base", "presidio_entities_deny_list", "presidio_filter_scope", "presidio_language",
            "presidio_run_on", "presidio_score_thresholds", "price_per_1000_text_records", "profile_name", "project_id",
            "prompt_attack_threshold", "prompt_injections", "purview_app_name", "realtime_violation_message",
            "reasoning_mode", "reco_tenant_id", "relevance_threshold", "route_templates", "rules", "run_in_parallel",
            "sanitize_error_detail", "scan_only_tool_results", "scan_raw_request", "score_threshold",
            "send_user_api_key_alias", "send_user_api_key_team_id", "send_user_api_key_user_id",
            "sensitive_data_route_to_model", "severity_threshold", "severity_threshold_by_category",
            "similarity_threshold", "singulr_api_base", "singulr_api_key", "singulr_application_id",
            "singulr_guardrail_id", "skip_system_message_in_guardrail", "skip_tool_message_in_guardrail",
            "skip_unscannable_attachments", "source", "ssl_verify", "sticky_session_routing", "stream_scope",
            "streaming_buffer_release_on_scan", "streaming_buffer_until_moderated", "streaming_end_of_stream_only",
            "streaming_sampling_rate", "streaming_scan_in_background", "streaming_transform_mode",
            "target_compression_ratio", "template_id", "tenant_id", "timeout", "tool_name",
            "tool_selection_quality_check", "tracker_api_base", "tracker_api_key", "unreachable_fallback", "use_v2",
            "user_id", "user_id_field", "verbose", "verify_ssl", "version", "violation_message_template",
            "violation_threshold", "wingback_app_id", "workspace_id", "xecguard_model",
        ]
    },
    "general_settings.coordination_redis.startup_nodes[]": {
        "host": {"required": True, "type": "string", "description": "Name of the node."},
        "port": {"required": True, "type": "integer", "description": "Port of the node."},
    },
    "router_settings.routing_strategy_args": {
        "ttl": {"type": "number", "description": "Seconds that what was measured counts."},
        "lowest_latency_buffer": {"type": "number", "fatal": False, "description": "How much slower than the fastest one may be."},
        "max_latency_list_size": {"type": "integer", "fatal": False, "description": "How many answers are measured."},
    },
    "general_settings.role_permissions[]": {
        "role": {
            "required": True,
            "type": "string",
            "enum": ["proxy_admin", "team", "internal_user"],
            "description": "Whose permissions these are.",
        },
        "models": {"type": "list", "description": "Models that the role may call."},
        "routes": {"type": "list", "description": "Routes that the role may call."},
    },
    "policies.*": {
        "inherit": {"type": "string", "description": "Policy whose guardrails are taken over."},
        "description": {"type": "string", "description": "What the policy is for."},
        "guardrails": {"type": "map|list", "description": "Guardrails that it adds, and those of its parent that it removes."},
        "condition": {"type": "map|list", "description": "Models that the policy is for."},
        "pipeline": {"type": "map", "description": "Guardrails in an order, and what follows from each."},
    },
    "policies.*.guardrails": {
        "add": {"type": "list", "description": "Names of guardrails."},
        "remove": {"type": "list", "description": "Names of guardrails that the parent has."},
    },
    "policies.*.condition": {"model": {"type": "string|list", "description": "A name, a regular expression, or a list of names."}},
    "policies.*.pipeline": {
        "mode": {"type": "string", "enum": ["pre_call", "post_call"], "description": "When the steps are taken."},
        "steps": {"required": True, "type": "list", "description": "Guardrails, in their order."},
    },
    "policies.*.pipeline.steps[]": {
        "guardrail": {"required": True, "type": "string", "description": "One of those that the policy adds."},
        "pass_data": {"type": "boolean", "description": "Hand on what the step changed."},
        "modify_response_message": {"type": "string", "description": "What is answered after `modify_response`."},
    }
    | {
        f"on_{outcome}": {
            "type": "string",
            "enum": ["next", "block", "allow", "modify_response"],
            "description": f"What follows {what}.",
        }
        for outcome, what in {"pass": "when it passes", "fail": "when it refuses", "error": "when it fails"}.items()
    },
    "policy_attachments[]": {
        "policy": {"type": "string", "description": "Name of the policy."},
        "scope": {"type": "string", "description": "`*`: it is for all."},
    }
    | {name: {"type": "list", "description": "Names, or patterns with `*`."} for name in ["teams", "keys", "models", "tags"]},
    "agents[]": {
        "agent_name": {"fatal": False, "description": "Name under which it is called."},
        "agent_card_params": {"type": "map", "description": "Its card, as A2A has it."},
        "litellm_params": {"fatal": False, "description": "How it is called."},
    },
    "mcp_tools[]": {
        "name": {"type": "string", "description": "Name of the tool."},
        "description": {"type": "string", "description": "What a model reads of it."},
        "input_schema": {"type": "map", "description": "JSON Schema of what it takes."},
        "handler": {"type": "string", "description": "`file.function` of code of your own beside the file."},
    },
    "vector_store_registry[]": {
        "vector_store_name": {"fatal": False, "description": "Name under which it is shown."},
        "litellm_params": {"required": True, "type": "map", "description": "vector_store_id, custom_llm_provider and what that wants."},
    },
    "vector_store_registry[].litellm_params": {
        "vector_store_id": {"required": True, "type": "any", "description": "Id that requests name."},
        "custom_llm_provider": {"required": True, "type": "any", "description": "Who keeps it, such as `bedrock` or `openai`."},
    },
    "litellm_settings.upperbound_key_generate_params": {
        "duration": {"type": "string", "description": "Longest lifetime of a key, such as `30d`."},
        **LIMITS,
    },
    "litellm_settings.default_internal_user_params": {
        "user_role": {
            "type": "string",
            "enum": ["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"],
            "description": "What the user may do.",
        },
        "models": {"type": "list", "description": "Models that the user may call."},
        "teams": {"type": "list", "description": "Teams that the user is put into."},
        **LIMITS,
    },
    "litellm_settings.default_team_params": {
        "models": {"type": "list", "description": "Models that the team may call."},
        "team_member_permissions": {"type": "list", "description": "Routes for keys that members may call."},
        "organization_id": {"type": "string", "description": "Organization that the team belongs to."},
        **LIMITS,
    },
    "assistant_settings": {
        "custom_llm_provider": {"fatal": False, "description": "Whose assistants these are: `openai` or `azure`."},
        "litellm_params": {"required": True, "type": "map", "description": "How the provider is called."},
    },
}
# Keys of a deployment that LiteLLM reads in one of its two maps and never in the other, and that nobody keeps there for
# purposes of their own (litellm 1.106.6).
HALVES = {
    "litellm_params": [
        "api_key", "api_base", "base_url", "api_version", "custom_llm_provider", "litellm_credential_name",
        "mock_response", "timeout", "stream_timeout", "max_retries", "num_retries", "max_parallel_requests",
        "drop_params", "additional_drop_params", "allowed_openai_params", "extra_headers", "extra_body",
        "default_headers", "use_chat_completions_api", "use_in_pass_through", "merge_reasoning_content_in_choices",
        "configurable_clientside_auth_params", "azure_ad_token", "vertex_project", "vertex_location",
        "vertex_credentials", "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_region_name",
        "aws_profile_name", "aws_role_name", "aws_session_name", "watsonx_region_name",
    ],
    "model_info": [
        "mode", "max_input_tokens", "max_output_tokens", "access_groups", "supported_environments",
        "health_check_model", "health_check_timeout", "health_check_voice", "disable_background_health_check",
    ],
}
# Documented as asking for a database, where the data does not say so.
DATABASE = {"litellm_settings": {"max_budget"}}


# Prints those of the fields on standard input that refuse some value, as LiteLLM reads it.
ASK = """
import json, os, sys
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import datetime
from litellm.types.router import LiteLLM_Params, ModelInfo
values = ["lots", datetime.date(2024, 10, 21), "1e3", 10.5, 7, True, ["a"], {"a": "b"}, "12", -1]
def refuses(section, key):
    for value in values:
        try:
            LiteLLM_Params(**{"model": "openai/x"} | {key: value}) if section == "litellm_params" else ModelInfo(**{key: value})
        except Exception:
            return True
    return False
json.dump([field for field in json.load(sys.stdin) if refuses(*field)], sys.stdout)
"""
TYPED = ("litellm_params", "model_info")


def refusing(settings, pythons):
    """The fields that refuse wrong values: of the release, and of the oldest one."""
    if not pythons:
        rows = [line.split("\t") for line in (TARGET / "keys.tsv").read_text().splitlines()]
        flags = {(row[0], row[1]): row[3].split(",") for row in rows if row[0] in TYPED}
        fatal = {field for field, flags in flags.items() if "fatal" in flags}
        return fatal, {field for field in fatal if "late" not in flags[field]}
    fields = [(section, key) for section in TYPED for key in settings["sections"][section]["keys"] if key != "model"]
    ask = lambda python: subprocess.run([python, "-c", ASK], input=json.dumps(fields), capture_output=True, text=True, check=True)
    return tuple({tuple(field) for field in json.loads(ask(python).stdout)} for python in (pythons[0], pythons[-1]))


# Prints the fields of LiteLLM's models, as the rows above have them.
ASK_MODELS = """
import enum, importlib, inspect, json, os, sys, types, typing
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
NAMES = {bool: "boolean", int: "integer", float: "number", str: "string"}
def read(annotation):
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is type(None):
        return set(), []
    if origin in (typing.Annotated, typing.Required, typing.NotRequired):
        return read(arguments[0])
    if origin in (typing.Union, types.UnionType):
        parts = [read(argument) for argument in arguments]
        return set().union(*(kinds for kinds, _ in parts)), [word for _, words in parts for word in words]
    if origin is typing.Literal:
        words = [word.value if isinstance(word, enum.Enum) else word for word in arguments]
        return {NAMES.get(type(word), "any") for word in words}, words
    base = origin or annotation
    if not inspect.isclass(base):
        return {"any"}, []
    if issubclass(base, enum.Enum):
        return {"string"}, [member.value for member in base]
    if issubclass(base, (list, tuple, set, frozenset)):
        return {"list"}, []
    if issubclass(base, dict) or hasattr(base, "model_fields") or typing.is_typeddict(base) or base.__name__ == "Mapping":
        return {"map"}, []
    return {NAMES.get(base, "any")}, []
def row(annotation, required):
    kinds, words = read(annotation)
    kind = "any" if "any" in kinds or not kinds else "|".join(sorted(kinds))
    return {"type": kind, "required": required, "enum": words if kind == "string" else []}
told = {}
for place, where in json.load(sys.stdin).items():
    module, name = where.split(":")
    model = getattr(importlib.import_module(module), name)
    if hasattr(model, "model_fields"):
        fields = {key: (field.annotation, field.is_required()) for key, field in model.model_fields.items()}
    else:
        fields = {key: (annotation, False) for key, annotation in typing.get_type_hints(model).items()}
    told[place] = {key: row(*field) for key, field in fields.items()}
json.dump(told, sys.stdout)
"""


def modelled(pythons):
    """The keys of the maps that LiteLLM has models of: those of any of the releases, as the first that has one says."""
    found = {place: {} for place in MODELS}
    if not pythons:
        for line in (TARGET / "keys.tsv").read_text().splitlines():
            section, key, kind, flags, _, allowed, *_ = line.split("\t")
            if section in MODELS and key not in MORE.get(section, ()):
                required, words = "required" in flags.split(","), list(filter(None, allowed.split(",")))
                found[section][key] = {"type": kind, "required": required, "enum": words}
    for python in pythons:
        command = [python, "-B", "-c", ASK_MODELS]
        told = subprocess.run(command, input=json.dumps(MODELS), stdout=subprocess.PIPE, text=True, check=True).stdout
        for place, rows in json.loads(told).items():
            found[place] |= {key: row for key, row in rows.items() if key not in found[place]}
    return found


def is_fatal(section, key, row):
    # Of what may be anything no value is known to be wrong.
    if KINDS.get((section, key)) == "any":
        return False
    return (section, key) in REFUSING[0] or key in FATAL.get(section, ()) or section in FATAL_WHOLLY and row.get("fatal", True)


def text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).replace("\t", " ").replace("\n", " ")


def key_row(section, key, row):
    flags = ["required"] if row.get("required") or key in REQUIRED.get(section, ()) else []
    flags += [name for name in ("secret", "deprecated") if row.get(name)]
    flags += ["licence"] if row.get("needs_licence") else []
    flags += ["boot"] if row.get("licence_failure") else []
    flags += ["database"] if row.get("needs_database") or key in DATABASE.get(section, ()) else []
    flags += ["internal"] if row.get("status") else []
    flags += ["fatal"] if is_fatal(section, key, row) else []
    flags += ["needed"] if {"required", "fatal"} <= {*flags} and (section, key) not in OMITTED else []
    flags += ["late"] if key in LATE.get(section, ()) or (section, key) in REFUSING[0] - REFUSING[1] else []
    flags += ["price"] if row.get("group") == "pricing" else []
    allowed = ENUMS.get((section, key)) or row.get("enum") or (row.get("items") or {}).get("enum") or []
    default = text(row["default"]) if "default" in row and not isinstance(row["default"], (dict, list)) else ""
    kind = KINDS.get((section, key), row.get("type", "any"))
    fields = [section, key, kind, ",".join(flags), default, ",".join(allowed), row.get("replaced_by", "")]
    return [*fields, text(row.get("description", ""))]


def keys(settings, models):
    for section, table in settings["sections"].items():
        for key, row in table["keys"].items():
            yield key_row(section, key, row)
        for key, (kind, description) in MORE.get(section, {}).items():
            yield key_row(section, key, {"type": kind, "description": description})
        for key in table.get("other_known", []):
            yield [section, key, KINDS.get((section, key), "any"), "passed", "", "", "", ""]
        for key in table.get("managed_elsewhere", {}):
            yield [section, key, "any", "internal", "", "", "", ""]
    nested = {place: table["keys"] for place, table in settings["nested"].items()} | NESTED | models
    # The same keys, whose values nobody looks at before they are used.
    nested["router_settings.model_group_retry_policy.*"] = nested["router_settings.retry_policy"]
    for place, rows in nested.items():
        for key, row in rows.items():
            yield key_row(place, key, row)
        for key in PASSED.get(place, ()):
            if key not in rows:
                yield [place, key, "any", "passed", "", "", "", ""]
        for key, (kind, description) in MORE.get(place, {}).items():
            yield key_row(place, key, {"type": kind, "description": description})


# What people call those whose names LiteLLM makes of their ids.
NAMES = {
    "ai21": "AI21",
    "ai21_chat": "AI21 Chat",
    "cometapi": "CometAPI",
    "compactifai": "CompactifAI",
    "dashscope": "DashScope",
    "deepseek": "DeepSeek",
    "featherless_ai": "Featherless AI",
    "friendliai": "FriendliAI",
    "github": "GitHub",
    "github_copilot": "GitHub Copilot",
    "gradient_ai": "Gradient AI",
    "hosted_vllm": "vLLM",
    "huggingface": "Hugging Face",
    "lambda_ai": "Lambda AI",
    "litellm_proxy": "LiteLLM Proxy",
    "lm_studio": "LM Studio",
    "maritalk": "MariTalk",
    "nlp_cloud": "NLP Cloud",
    "nvidia_nim": "NVIDIA NIM",
    "nvidia_riva": "NVIDIA Riva",
    "ollama_chat": "Ollama",
    "openrouter": "OpenRouter",
    "runwayml": "RunwayML",
    "sagemaker": "Amazon SageMaker",
    "sagemaker_chat": "Amazon SageMaker Chat",
    "sagemaker_nova": "Amazon SageMaker Nova",
    "sambanova": "SambaNova",
    "together_ai": "Together AI",
    "vertex_ai_beta": "Vertex AI Beta",
    "volcengine": "Volcengine",
    "watsonx": "watsonx",
    "watsonx_text": "watsonx Text",
}


def providers(data):
    for name, row in data["providers"].items():
        env = row.get("env", {})
        fields = [
            field["name"] + ("*" if field.get("required") else "") + ("!" if field.get("secret") else "")
            for field in row.get("credential_fields", [])
        ]
        lists = [env.get("key", []), env.get("base", []), env.get("other", []), fields]
        base = row.get("default_api_base") or ""
        compatible = "compatible" if row.get("openai_compatible") else ""
        yield [name, NAMES.get(name, row.get("display_name", name)), row.get("auth", ""), *map(",".join, lists), base, compatible, row.get("doc", "")]


# What people write who know other programs, and what LiteLLM calls it.
TYPOS = {
    "api_endpoint": "api_base",
    "api_token": "api_key",
    "anthropic_api_key": "api_key",
    "aws_access_key": "aws_access_key_id",
    "aws_default_region": "aws_region_name",
    "aws_region": "aws_region_name",
    "aws_role": "aws_role_name",
    "aws_role_arn": "aws_role_name",
    "aws_secret_key": "aws_secret_access_key",
    "azure_api_base": "api_base",
    "azure_api_key": "api_key",
    "azure_api_version": "api_version",
    "azure_endpoint": "api_base",
    "base_uri": "api_base",
    "credential_name": "litellm_credential_name",
    "endpoint_url": "api_base",
    "gcp_project": "vertex_project",
    "handler": "custom_handler",
    "hostname": "host",
    "litellm_credential": "litellm_credential_name",
    "max_retry": "max_retries",
    "openai_api_base": "api_base",
    "openai_api_key": "api_key",
    "redis_host": "host",
    "redis_hostname": "redis_host",
    "redis_password": "password",
    "redis_port": "port",
    "redis_username": "username",
    "retries": "num_retries",
    "url": "target",
    "vertex_credentials_path": "vertex_credentials",
    "vertex_project_id": "vertex_project",
    "vertex_region": "vertex_location",
}


def words(settings, data):
    enums = settings["enums"]
    yield from (["typo", *pair] for pair in (settings["common_typos"] | TYPOS).items())
    yield from (["home", *pair] for pair in settings["home_section"].items())
    yield from (["half", key, home] for home, names in HALVES.items() for key in names)
    yield from (["whole", place, outcome] for place, outcome in WHOLE.items())
    yield from (["near", *pair] for pair in data["near_miss"].items())
    yield from (["prompt", word, ""] for word in data["prompt_management_prefixes"])
    yield from (["host", row["base"], row["provider"]] for row in data["api_base_hosts"])
    yield from (["unrouted", word, ""] for word in data["api_base_unrouted"])
    yield from (["unresolved", word, ""] for word in data["bare_not_resolvable"])
    yield from (["bare", *pair] for pair in data["bare_provider_overrides"].items())
    for kind, name in [
        ("licensed", "callbacks_need_licence"),
        ("guardrail", "guardrail_providers"),
        ("mode", "guardrail_mode"),
        ("blocked", "environment_variables_blocked"),
    ]:
        yield from ([kind, word, ""] for word in enums[name])


# The keys of lists of callbacks, in the order in which a table names them.
LISTS = [
    "callbacks", "success_callback", "failure_callback", "service_callback", "audit_log_callbacks", "alerting", "input_callback",
]
# Whom alerts go to, beside loggers; people write them among callbacks.
ALERTED = {"slack", "ms_teams", "webhook", "email"}
# What is meant by names that people write.
INSTEAD = {"opentelemetry": "otel"}


def asked_callbacks(python, names):
    """The version of a LiteLLM, and the lists below which it does something with each name."""
    version = "import importlib.metadata; print(importlib.metadata.version('litellm'))"
    version = subprocess.run([python, "-c", version], capture_output=True, text=True, check=True).stdout.strip()
    script = pathlib.Path(__file__).parent / "ask_callbacks.py"
    lines = "".join(f"{name}\n" for name in sorted(names))
    told = subprocess.run([python, "-B", script], input=lines, stdout=subprocess.PIPE, text=True, check=True).stdout
    lists = {}
    for answer in map(json.loads, told.splitlines()):
        if "called" not in answer:
            raise SystemExit(f"{python} can't tell of {answer['name']}: {answer['broken']}")
        called = set(answer["called"]) | ({"callbacks"} if answer["starts"] else set())
        lists[answer["name"]] = called | ({"alerting"} if "audit_log_callbacks" in called else set())
    return version, lists


def callbacks(settings, pythons):
    kinds = ["callbacks_known", "callbacks_other_accepted", "service_callbacks"]
    names = {name for kind in kinds for name in settings["enums"][kind]} | ALERTED
    (version, now), *older = [asked_callbacks(python, names) for python in pythons]
    for name in sorted(names):
        lists = now[name] | ({"alerting"} if name in ALERTED else set())
        having = [version for version, lists in older if lists[name]]
        since = "" if len(having) == len(older) or not now[name] else having[-1] if having else version
        yield [name, ",".join(filter(lists.__contains__, LISTS)), since, INSTEAD.get(name, "")]


def retired(data):
    """What has gone stays gone: the data tells only of those that the last few releases had."""
    known = [line.split("\t") for line in (TARGET / "retired.tsv").read_text().splitlines()]
    rows = {row[0]: row for row in known}
    for name, row in data["models"].items():
        rows[name] = [name, row.get("provider", ""), row["last_seen"], row.get("deprecation_date", "")]
    yield from (rows[name] for name in sorted(rows))


def write(name, rows):
    lines = ["\t".join(row) + "\n" for row in rows]
    (TARGET / name).write_text("".join(lines))
    print(f"{name}: {len(lines)} rows")


def main(folder, *pythons):
    global REFUSING
    read = lambda name: json.loads((pathlib.Path(folder) / name).read_text())
    settings, data = read("litellm-settings.json"), read("litellm-providers.json")
    REFUSING = refusing(settings, pythons)
    TARGET.mkdir(parents=True, exist_ok=True)
    write("keys.tsv", list(keys(settings, modelled(pythons))))
    write("providers.tsv", providers(data))
    write("words.tsv", words(settings, data))
    if pythons:
        write("callbacks.tsv", callbacks(settings, pythons))
    write("retired.tsv", retired(read("litellm-retired-models.json")))


if __name__ == "__main__":
    if len(sys.argv) in (1, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
