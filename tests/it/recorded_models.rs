//! Lists models from what real proxies answered.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, io::Read};

use flate2::read::GzDecoder;
use litellm_ls::{
    litellm::{
        cost_map::CostMap,
        model_rows::{self, ModelsRoute},
    },
    provider::catalog::{Catalog, Overrides, Policy, default_model, nearest},
};
use litellm_ls_protocol::{Compatibility, Filler, HiddenReason, ListedModel, Model, Source};

/// The body of a recorded answer.
pub(crate) fn body(file: &str) -> Vec<u8> {
    let bytes = fs::read(format!("{}/tests/cases/litellm/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    if file.ends_with(".gz") {
        let mut body = Vec::new();
        GzDecoder::new(bytes.as_slice()).read_to_end(&mut body).unwrap();
        return body;
    }
    let end = bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    bytes[end + 4..].to_owned()
}

fn catalog(described: (ModelsRoute, &str), offered: Option<&str>) -> Catalog {
    catalog_of(&body(described.1), described.0, offered)
}

fn catalog_of(described: &[u8], listing: ModelsRoute, offered: Option<&str>) -> Catalog {
    catalog_with(described, listing, offered, &[])
}

fn catalog_with(
    described: &[u8],
    listing: ModelsRoute,
    offered: Option<&str>,
    cost_maps: &[&CostMap],
) -> Catalog {
    let policy = Policy { compatibility: Compatibility::Default, overrides: &Overrides::NONE, cost_maps };
    let described = model_rows::text(described);
    let offered = offered.map(body);
    let offered = offered.as_deref().map(model_rows::text);
    let offered = offered.as_deref().map(|text| model_rows::read(ModelsRoute::Models, 200, text).unwrap());
    Catalog::new(&model_rows::read(listing, 200, &described).unwrap(), offered.as_ref(), &policy)
}

fn model<'a>(catalog: &'a Catalog, id: &str) -> &'a Model {
    catalog.models.iter().chain(&catalog.hidden).find(|model| model.id == id).unwrap()
}

fn ids(models: &[std::sync::Arc<ListedModel>]) -> Vec<&str> {
    models.iter().map(|model| model.id.as_str()).collect()
}

#[test]
fn a_whole_proxy() {
    let catalog = catalog((ModelsRoute::ModelInfo, "model-info.http"), Some("models.http"));
    assert_eq!((catalog.models.len(), catalog.hidden.len(), catalog.skipped), (20, 1, 0));
    assert_eq!(catalog.source, Source::ModelInfo);
    assert_eq!(catalog.models[0].id, "mock-plain");
    assert_eq!(model(&catalog, "mock-embed").hidden, Some(HiddenReason::Mode));

    let plain = model(&catalog, "mock-plain");
    assert_eq!((plain.max_tokens, plain.context_window), (Some(16384), Some(128_000)));
    assert_eq!((plain.input_price, plain.output_price), (Some(0.15), Some(0.6)));
    assert_eq!((plain.cache_reads_price, plain.cache_writes_price), (Some(0.075), None));
    assert_eq!((plain.supports_images, plain.supports_prompt_cache), (Some(false), Some(true)));
    assert_eq!((plain.supports_pdf, plain.supports_audio), (Some(true), None));
    assert_eq!(plain.backends, ["openai/gpt-4o-mini"]);
    assert_eq!(plain.provider.as_deref(), Some("openai"));
    assert_eq!(plain.mode.as_deref(), Some("chat"));
    assert!(plain.supported_params.as_ref().unwrap().iter().any(|param| param == "max_completion_tokens"));
    assert!(plain.assumed.is_empty());

    // Unknown to the proxy's price table: its zeros are no prices.
    let unknown = model(&catalog, "mock-unknown-cost");
    assert_eq!(unknown.assumed.get("inputPrice"), Some(&Filler::Default));

    let merged = model(&catalog, "mock-dup");
    assert_eq!(merged.deployments, Some(2));
    assert_eq!(merged.backends, ["openai/gpt-4o-mini", "openai/gpt-4o"]);
    assert_eq!(merged.mixed, ["inputPrice", "outputPrice", "cacheReadsPrice"]);
    assert_eq!((merged.input_price, merged.supports_images), (None, Some(false)));

    let full = model(&catalog, "mock-full-info");
    assert_eq!(full.supports_computer_use, Some(true));
    assert!(full.description.is_some());

    assert_eq!(default_model(None, &catalog, Compatibility::Default).as_deref(), Some("mock-plain"));
    assert_eq!(nearest(&catalog, "mock-plane")[0], "mock-plain");
}

#[test]
fn a_key_sees_what_it_may_call() {
    let limited =
        catalog((ModelsRoute::ModelInfo, "key-limited-model-info.http"), Some("key-limited-models.http"));
    assert_eq!(ids(&limited.models), ["mock-plain", "mock-long"]);

    // An older proxy may describe more than the key can call.
    let described = catalog((ModelsRoute::ModelInfo, "model-info.http"), Some("key-limited-models.http"));
    assert_eq!(ids(&described.models), ids(&limited.models));
    assert_eq!(model(&described, "mock-dup").hidden, Some(HiddenReason::NotOffered));
    assert_eq!(model(&described, "mock-embed").hidden, Some(HiddenReason::Mode));
}

#[test]
fn names_add_what_is_not_described() {
    let catalog = catalog((ModelsRoute::ModelInfo, "model-info.http"), Some("models-wildcards.http"));
    assert_eq!(catalog.models[..20], self::catalog((ModelsRoute::ModelInfo, "model-info.http"), None).models);
    // The answer has 272 rows, three of them twice.
    assert_eq!(catalog.models.len() + catalog.hidden.len(), 269);

    let moderation = model(&catalog, "openai/text-moderation-stable");
    assert_eq!(moderation.hidden, Some(HiddenReason::Mode));
    let named = model(&catalog, "openai/gpt-4o");
    assert_eq!((named.max_tokens, named.context_window), (Some(16384), Some(128_000)));
    assert_eq!(named.deployments, None);
    assert!(named.backends.is_empty());
    assert_eq!(named.assumed.get("inputPrice"), Some(&Filler::Default));
}

#[test]
fn names_alone() {
    let catalog = catalog((ModelsRoute::Models, "models-wildcards-1.82.6.http"), None);
    assert_eq!(catalog.source, Source::Models);
    assert_eq!(ids(&catalog.hidden), ["openai/*", "anthropic/*"]);
    assert!(catalog.hidden.iter().all(|model| model.hidden == Some(HiddenReason::Wildcard)));

    let plain = model(&catalog, "mock-plain");
    assert_eq!((plain.max_tokens, plain.context_window), (Some(8192), Some(200_000)));
    assert_eq!(plain.mode, None);
}

#[test]
fn groups_tell_less() {
    let catalog = catalog((ModelsRoute::ModelGroupInfo, "model-group-info.http"), Some("models.http"));
    assert_eq!(catalog.source, Source::ModelGroupInfo);
    assert_eq!((catalog.models.len(), catalog.hidden.len()), (20, 1));

    let full = model(&catalog, "mock-full-info");
    assert_eq!((full.max_tokens, full.context_window), (Some(64000), Some(200_000)));
    assert_eq!((full.input_price, full.output_price), (Some(3.0), Some(15.0)));
    assert_eq!((full.supports_images, full.supports_tools), (Some(true), Some(true)));
    assert_eq!(full.provider.as_deref(), Some("anthropic"));
    assert!(!full.assumed.contains_key("supportsImages"));

    // What this answer calls false and free it does not know.
    let unknown = model(&catalog, "mock-unknown-cost");
    assert_eq!(unknown.supports_tools, Some(true));
    assert_eq!(unknown.assumed.get("supportsImages"), Some(&Filler::Default));
    assert_eq!(unknown.assumed.get("inputPrice"), Some(&Filler::Default));
}

#[test]
fn one_deployment_in_two_versions() {
    for file in ["model-info-by-id.http", "model-info-by-id-1.82.6.http"] {
        let catalog = catalog((ModelsRoute::ModelInfo, file), None);
        assert_eq!((ids(&catalog.models), catalog.skipped), (vec!["mock-full-info"], 0));
        let full = &catalog.models[0];
        assert_eq!((full.max_tokens, full.context_window), (Some(64000), Some(200_000)));
        assert_eq!((full.input_price, full.output_price), (Some(3.0), Some(15.0)));
        assert!(full.assumed.is_empty(), "{file}: {:?}", full.assumed);
    }
}

#[test]
fn names_are_known_to_the_price_list() {
    let body = body("models-wildcards-1.82.6.http");
    let catalog = catalog_with(&body, ModelsRoute::Models, None, &[CostMap::embedded()]);
    let named = model(&catalog, "openai/gpt-4o");
    assert_eq!((named.context_window, named.input_price), (Some(128_000), Some(2.5)));
    assert_eq!((named.provider.as_deref(), named.mode.as_deref()), (Some("openai"), Some("chat")));
    assert_eq!(named.assumed["contextWindow"], Filler::CostMap);
    // No picker offers what the price list knows to draw, to speak or to embed.
    for id in ["openai/dall-e-3", "openai/text-embedding-3-small", "openai/whisper-1", "openai/tts-1"] {
        assert_eq!(model(&catalog, id).hidden, Some(HiddenReason::Mode), "{id}");
    }
    // Names of an administrator's own making are no names of the list.
    assert_eq!(model(&catalog, "mock-plain").assumed["contextWindow"], Filler::Default);
}

#[test]
fn a_large_proxy() {
    let catalog = catalog((ModelsRoute::ModelInfo, "model-info-big.json.gz"), None);
    assert_eq!((catalog.models.len(), catalog.hidden.len(), catalog.skipped), (2808, 580, 0));
    let tiered = catalog.models.iter().filter(|model| !model.price_tiers.is_empty()).count();
    let efforts = catalog.models.iter().filter(|model| !model.reasoning_efforts.is_empty()).count();
    assert_eq!((tiered, efforts), (135, 166));
    let default = default_model(None, &catalog, Compatibility::Default);
    assert_eq!(default.as_deref(), Some("claude-3-7-sonnet-20250219"));
    let opus = model(&catalog, "anthropic.claude-opus-4-6-v1");
    assert_eq!(opus.reasoning_efforts, ["minimal", "low", "medium", "high", "max"]);
}

#[test]
fn broken_bytes_spoil_one_field() {
    let mut body = body("models.http");
    let place = body.windows(10).position(|bytes| bytes == b"mock-plain").unwrap();
    body[place] = 0xff;
    let catalog = catalog_of(&body, ModelsRoute::Models, None);
    assert_eq!(catalog.models.len(), 20);
    assert_eq!(catalog.models[1].id, "\u{fffd}ock-plain");
}
