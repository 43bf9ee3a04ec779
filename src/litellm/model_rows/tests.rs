//! Every field of a row × every type that it is not, and lists of any bytes.

use proptest::prelude::*;

use super::{Body, EFFORTS, Loose, ModelsRoute};
use crate::litellm::noise::noise;

const VALUES: [&str; 19] = [
    "null",
    "true",
    "false",
    "0",
    "-7",
    "1.5",
    "1e999",
    "NaN",
    "-Infinity",
    "01",
    r#""""#,
    r#""x""#,
    r#""\ud83d""#,
    "[]",
    "[7,\"x\"]",
    "[NaN]",
    "{}",
    r#"{"x":1}"#,
    r#"{"x":NaN}"#,
];
const FIELDS: [&str; 28] = [
    "key",
    "base_model",
    "litellm_provider",
    "mode",
    "blocked",
    "description",
    "deprecation_date",
    "max_tokens",
    "max_input_tokens",
    "max_output_tokens",
    "supports_vision",
    "supports_prompt_caching",
    "supports_computer_use",
    "supports_function_calling",
    "supports_reasoning",
    "supports_audio_input",
    "supports_pdf_input",
    "supports_response_schema",
    "supported_openai_params",
    "reasoning_effort_levels",
    "supports_low_reasoning_effort",
    "input_cost_per_token",
    "output_cost_per_token",
    "cache_creation_input_token_cost",
    "cache_read_input_token_cost",
    "input_cost_per_token_above_200k_tokens",
    "unknown",
    "id",
];

/// What is read of both rows.
fn read(listing: ModelsRoute, body: &str) -> [String; 2] {
    let body = Body::new(body.as_bytes());
    let rows = body.read(listing, 200).unwrap_or_else(|refusal| panic!("{refusal}: {body:?}")).rows;
    let rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.try_into().unwrap_or_else(|rows| panic!("{rows:?}"))
}

/// A value as `Debug` shows it where it is kept, after what JSON does not know is null.
fn kept(value: &str) -> String {
    let mended = super::mend::text(value.as_bytes());
    let is_json = serde_json::from_str::<Loose<'_>>(value).is_ok();
    format!("{:?}", if is_json { value } else { &mended })
}

#[test]
fn a_field_of_another_type_costs_itself() {
    for listing in [ModelsRoute::ModelInfo, ModelsRoute::ModelGroupInfo, ModelsRoute::Models] {
        for field in FIELDS {
            let row = |name: &str, value: &str| match listing {
                ModelsRoute::ModelInfo => format!(
                    r#"{{"model_name":"{name}","litellm_params":{{"model":"openai/x"}},"model_info":{{"mode":"chat","{field}":{value}}}}}"#
                ),
                ModelsRoute::ModelGroupInfo => {
                    format!(r#"{{"mode":"chat","{field}":{value},"model_group":"{name}"}}"#)
                }
                ModelsRoute::Models => format!(r#"{{"mode":"chat","{field}":{value},"id":"{name}"}}"#),
            };
            let list = |value: &str| format!(r#"{{"data":[{},{}]}}"#, row("a", value), row("b", "null"));
            let [usual, other] = read(listing, &list("\"@\""));
            for value in VALUES {
                let [odd, beside] = read(listing, &list(value));
                assert_eq!(beside, other, "{field} {value}");
                // A price of null is none, and false says nothing in a list of groups.
                let is_null = field.contains("cost") && kept(value).contains("null");
                let is_left_out = is_null || listing == ModelsRoute::ModelGroupInfo;
                assert!(
                    is_left_out || odd == usual.replace(r#""\"@\"""#, &kept(value)),
                    "{field} {value}: {odd}"
                );
            }
        }
    }
}

#[test]
fn what_is_no_object_costs_itself() {
    for field in ["litellm_params", "model_info"] {
        for value in VALUES {
            let row = format!(r#"{{"model_name":"a","{field}":{value}}}"#);
            let [odd, beside] =
                read(ModelsRoute::ModelInfo, &format!(r#"{{"data":[{row},{{"model_name":"b"}}]}}"#));
            assert!(
                odd.contains("\"\\\"a\\\"\"") && beside.contains("\"\\\"b\\\"\""),
                "{field} {value}: {odd} {beside}"
            );
        }
    }
    for value in VALUES.into_iter().filter(|value| !value.starts_with('{')) {
        let list = format!(r#"{{"data":[{{"model_name":"a"}},{value},{{"model_name":"b"}}]}}"#);
        read(ModelsRoute::ModelInfo, &list);
    }
}

/// A list of a few bytes an entry would else take gigabytes.
#[test]
fn so_many_rows_are_read_and_the_others_counted() {
    let most = 50_000;
    for (entries, rows, others) in [
        ("{},".repeat(most + 7), most, 8),
        ("0,".repeat(3_000_000), 1, 3_000_000),
        (format!("[{}{{}}],", "{},".repeat(most)).repeat(9), 1, 9),
    ] {
        for listing in [ModelsRoute::ModelInfo, ModelsRoute::ModelGroupInfo, ModelsRoute::Models] {
            let body = format!(r#"{{"data":[{entries}{{}}]}}"#);
            let read = Body::new(body.as_bytes());
            let read = read.read(listing, 200).expect("a list");
            assert_eq!((read.rows.len(), read.strays), (rows, others));
        }
    }
    let bare = format!("[{}{{}}]", "{},".repeat(most));
    let read = Body::new(bare.as_bytes());
    assert_eq!(read.read(ModelsRoute::Models, 200).expect("a list").strays, 1);
}

const PIECES: &[&[u8]] = &[
    b"{\"data\":[",
    b"{\"model_name\":\"a\",\"model_info\":",
    b"{\"id\":\"a\",\"pricing\":{\"prompt\":",
    b"\"litellm_params\":",
    b"\"max_input_tokens\":",
    b"\"supports_vision\":",
    b"\"x\"",
    b"1e5",
    b"NaN",
    b"null",
    b"\\ud83d",
    b"{",
    b"}",
    b"[",
    b"]",
    b"]}",
    b",",
    b"\"",
    b"\xff",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100_000))]

    #[test]
    fn lists_of_any_bytes_are_read_or_refused(seed: u64) {
        let bytes = noise(seed, PIECES);
        let body = Body::new(&bytes);
        for listing in [ModelsRoute::ModelInfo, ModelsRoute::ModelGroupInfo, ModelsRoute::Models] {
            for row in body.read(listing, 200).into_iter().flat_map(|rows| rows.rows) {
                let efforts: [Loose<'_>; EFFORTS.len()] = row.info.supports_reasoning_effort;
                for field in [row.name, row.backend, row.info.max_input_tokens, row.info.flags[0]].into_iter().chain(efforts) {
                    let _ = (field.text(), field.words(), field.limit(), field.flag(), field.truthy());
                }
            }
        }
    }
}
