//! The codes of findings: stable words, each with the page of LiteLLM's documentation that explains it.

macro_rules! codes {
    ($($name:ident $slug:literal $page:literal $scope:ident;)*) => {
        /// What kind a finding is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = concat!("`litellm/", $slug, "`")] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable word of it.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// The page of LiteLLM's documentation about it.
            pub fn documentation(self) -> &'static str {
                match self { $(Self::$name => concat!("https://docs.litellm.ai/docs/", $page),)* }
            }

            /// Whether it is only certain where the whole file could be read.
            pub(crate) fn needs_whole_file(self) -> bool {
                match self { $(Self::$name => codes!(@$scope),)* }
            }
        }
    };
    (@whole) => { true };
    (@local) => { false };
}

codes! {
    YamlSyntax "yaml-syntax" "proxy/configs" local;
    EmptyConfig "empty-config" "proxy/configs" whole;
    YamlShape "yaml-shape" "proxy/configs" whole;
    DuplicateYamlKey "duplicate-yaml-key" "proxy/configs" whole;
    UnknownKey "unknown-key" "proxy/config_settings" whole;
    WrongSection "wrong-section" "proxy/config_settings" whole;
    DeprecatedKey "deprecated-key" "proxy/config_settings" local;
    EnumType "enum-type" "proxy/config_settings" local;
    EnvUnset "env-unset" "proxy/configs" local;
    EnvSyntax "env-syntax" "proxy/configs" local;
    EnvOnlyInConfig "env-only-in-config" "proxy/configs" whole;
    EnvBlocked "env-blocked" "proxy/configs" local;
    MasterKeyMissing "master-key-missing" "proxy/virtual_keys" whole;
    MasterKeyPublic "master-key-public" "proxy/virtual_keys" local;
    WeakKeyPermitted "weak-key-permitted" "proxy/virtual_keys" local;
    PlaintextSecret "plaintext-secret" "secret" local;
    UnknownProvider "unknown-provider" "providers" local;
    ApiBasePath "api-base-path" "providers/openai_compatible" local;
    AzureIncomplete "azure-incomplete" "providers/azure" whole;
    ProviderKeyMissing "provider-key-missing" "providers" whole;
    CredProviderMismatch "cred-provider-mismatch" "providers" local;
    WildcardMismatch "wildcard-mismatch" "wildcard_routing" local;
    ModelRetired "model-retired" "providers" local;
    ModelTypo "model-typo" "providers" local;
    PricingMissing "pricing-missing" "proxy/custom_pricing" whole;
    PriceUnit "price-unit" "proxy/custom_pricing" local;
    CapabilityInParams "capability-in-params" "proxy/configs" local;
    ModelInfoMisplaced "model-info-misplaced" "proxy/configs" local;
    DuplicateModelId "duplicate-model-id" "proxy/load_balancing" local;
    DupModelDifferent "dup-model-different" "proxy/load_balancing" local;
    BeyondLatin1 "beyond-latin-1" "proxy/response_headers" local;
    FallbackShape "fallback-shape" "proxy/reliability" whole;
    FallbackUnknownModel "fallback-unknown-model" "proxy/reliability" whole;
    FallbackSelf "fallback-self" "proxy/reliability" local;
    AliasUnknownTarget "alias-unknown-target" "proxy/configs" whole;
    CredentialUnknown "credential-unknown" "proxy/configs" whole;
    IncludeProblem "include-problem" "proxy/config_management" whole;
    DbNeeded "db-needed" "proxy/virtual_keys" whole;
    LicenceNeeded "licence-needed" "proxy/enterprise" local;
    GuardrailInvalid "guardrail-invalid" "proxy/guardrails/quick_start" whole;
    CallbackUnknown "callback-unknown" "proxy/logging" local;
    CallbackModuleMissing "callback-module-missing" "proxy/logging" local;
    NotStarted "not-started" "proxy/configs" local;
    NotServed "not-served" "proxy/configs" local;
    NotLoaded "not-loaded" "proxy/configs" local;
}
