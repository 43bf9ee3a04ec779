//! What is found in LiteLLM's `config.yaml`: the cases, each with exactly what is expected, and broken texts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use litellm_ls::config_yaml::{Code, Disk, Finding, Fix, Project, Release, Severity, Surroundings, check};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) main: String,
    pub(crate) now: String,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) expected: Vec<Expected>,
}

#[derive(Deserialize)]
pub(crate) struct Expected {
    file: String,
    slug: String,
    severity: String,
    start_line: usize,
    end_line: usize,
    message_contains: Vec<String>,
    suggests: Option<String>,
}

pub(crate) fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/config-yaml");
    let entries = fs::read_dir(folder).expect("the cases").map(|entry| entry.expect("a case").path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.join("expected.json").exists()).collect();
    cases.sort();
    cases
}

/// What is found in a file with these variables and no others.
fn found(path: &Path, now: &str, env: &BTreeMap<String, String>) -> (Project, Vec<Finding>) {
    let text = fs::read_to_string(path).expect("a file in UTF-8");
    let names: BTreeSet<String> = env.keys().cloned().collect();
    let variable = |name: &str| env.get(name).cloned();
    let around = Surroundings {
        variable: &variable,
        names: &names,
        files: &Disk,
        today: now.to_owned(),
        release: None,
    };
    let project = Project::read(path, &text, &Disk);
    let findings = check(&project, &around);
    (project, findings)
}

fn lines(text: &str, range: std::ops::Range<usize>) -> (usize, usize) {
    let line = |at: usize| text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
    (
        line(range.start),
        line(range.end.max(range.start + 1).min(text.len()) - usize::from(range.end > range.start)),
    )
}

fn file_of(project: &Project, folder: &Path, finding: &Finding) -> String {
    let path = &project.sources()[finding.file].path;
    path.strip_prefix(folder).expect("a file of the case").to_string_lossy().replace('\\', "/")
}

fn matches(project: &Project, folder: &Path, finding: &Finding, expected: &Expected) -> bool {
    let (start, end) = lines(project.sources()[finding.file].text(), finding.range.clone());
    let slack = usize::from(expected.slug == "yaml-syntax");
    let edits = |fix: &'_ Fix| fix.edits.safe_in(project).unwrap_or_default().to_vec();
    let fixes = || {
        let texts = |fix: &Fix| {
            edits(fix).into_iter().map(|edit| edit.text).chain([fix.title.clone()]).collect::<Vec<_>>()
        };
        finding.fixes.iter().flat_map(texts)
    };
    let suggested = |text: &String| finding.message.contains(text) || fixes().any(|fix| fix.contains(text));
    file_of(project, folder, finding) == expected.file
        && finding.code.slug() == expected.slug
        && finding.severity.word() == expected.severity
        && start + slack >= expected.start_line
        && end <= expected.end_line + slack
        && expected.message_contains.iter().all(|piece| finding.message.contains(piece))
        && expected.suggests.as_ref().is_none_or(suggested)
}

#[test]
fn every_case_gives_what_is_expected_and_nothing_else() {
    let mut wrong = Vec::new();
    for folder in cases() {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let case = fs::read_to_string(folder.join("expected.json")).expect("what is expected");
        let case: Case = serde_json::from_str(&case).expect("what is expected, as JSON");
        let (project, findings) = found(&folder.join(&case.main), &case.now, &case.env);
        let syntax = case.expected.iter().any(|expected| expected.slug == "yaml-syntax");
        let mut rest: Vec<&Finding> = findings.iter().filter(|f| f.severity != Severity::Hint).collect();
        for expected in &case.expected {
            match rest.iter().position(|finding| matches(&project, &folder, finding, expected)) {
                Some(place) => drop(rest.remove(place)),
                None => wrong.push(format!("{name}: no {} at line {}", expected.slug, expected.start_line)),
            }
        }
        for finding in rest.iter().filter(|_| !syntax) {
            let (start, end) = lines(project.sources()[finding.file].text(), finding.range.clone());
            let (slug, severity) = (finding.code.slug(), finding.severity.word());
            wrong.push(format!("{name}: {severity} {slug} at lines {start} to {end}: {}", finding.message));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whatever a file holds, it is looked at in the end, and every range lies within it.
fn survives(text: &str) {
    let path = Path::new("config.yaml");
    let names = BTreeSet::new();
    let around = Surroundings {
        variable: &|_| None,
        names: &names,
        files: &Disk,
        today: "2026-11-22".to_owned(),
        release: None,
    };
    let project = Project::read(path, text, &Disk);
    for (number, finding) in check(&project, &around).into_iter().enumerate() {
        let text = project.sources()[finding.file].text();
        // So many as a menu has.
        let fixes = finding.fixes.iter().filter(|_| number < 100);
        let edits = fixes.filter_map(|fix| fix.edits.safe_in(&project));
        let edits = edits.flatten().map(|edit| edit.range.clone());
        for range in edits.chain([finding.range.clone()]) {
            assert!(text.get(range.clone()).is_some(), "{range:?} of {:?}", finding.message);
        }
        assert!(!finding.message.is_empty());
    }
}

#[test]
fn anchor_bombs_are_not_unfolded() {
    let mut bomb = "a0: &a0 {model: openai/gpt-4o, api_key: x}\n".to_owned();
    for level in 1..60 {
        let before = level - 1;
        bomb += &format!(
            "a{level}: &a{level} {{<<: [*a{before}, *a{before}, *a{before}], k{level}: [*a{before}, *a{before}]}}\n"
        );
    }
    bomb += "model_list:\n";
    bomb += &"  - {model_name: m, litellm_params: *a59, model_info: *a58}\n".repeat(200);
    survives(&bomb);
    survives("model_list: &l\n  - &i\n    model_name: x\n    litellm_params: *i\n    model_info: *l\n");
    survives("a: &a\n  <<: *a\n  b: c\nmodel_list: [{model_name: q, litellm_params: *a}]\n");
}

#[test]
fn long_lines_are_no_matter() {
    survives(&format!("model_list:\n  - model_name: {}\n", "x".repeat(10_000_000)));
    survives(&format!("model_list: [{}", "{model_name: a, litellm_params: {model: b}}, ".repeat(10_000)));
    survives(&format!("litellm_settings: {{{}}}\n", "drop_parms: true, ".repeat(2_000)));
}

mod any_text {
    use proptest::{prelude::*, test_runner::TestRng};

    use super::*;

    /// What texts are made of, beside the lines of the cases.
    const PIECES: &[&str] = &[
        "model_list:\n",
        "  - model_name: a\n",
        "    litellm_params: {model: openai/gpt-4o}\n",
        "    model_info:\n",
        "litellm_settings:\n",
        "router_settings: {fallbacks: [{a: [b]}]}\n",
        "- ",
        ": ",
        "? ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "  ",
        "        ",
        "&a ",
        "*a",
        "<<: *a\n",
        "<<: [*a, *a]\n",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\"",
        "'",
        "\\",
        "#",
        "|\n",
        ">-2\n",
        "!!str ",
        "%YAML 1.1\n",
        "---\n",
        "...\n",
        "2026-13-01",
        "18:30",
        "1e999",
        "\u{0}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "é🚀",
        "os.environ/X",
        "include: [config.yaml]\n",
    ];

    #[test]
    fn of_many_pieces() {
        let lines: Vec<String> = pieces()
            .iter()
            .flat_map(|text| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let mut random = TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
        for _ in 0..100_000 {
            let mut text = String::new();
            for _ in 0..1 + random.next_u32() % 10 {
                let number = random.next_u32() as usize;
                let piece = if number.is_multiple_of(3) {
                    &lines[number % lines.len()]
                } else {
                    PIECES[number % PIECES.len()]
                };
                text.push_str(piece);
            }
            survives(&text);
        }
    }

    /// The cases, cut to pieces and put together again.
    fn pieces() -> Vec<String> {
        let read = |folder: PathBuf| fs::read_to_string(folder.join("config.yaml")).unwrap_or_default();
        cases().into_iter().map(read).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn of_any_characters(text in "\\PC{0,300}") {
            survives(&text);
        }

        #[test]
        fn of_the_characters_of_yaml(text in "[ \\n\\t:\\-\\[\\]{}\"'#&*!|>,?%@a-c~<é🚀]{0,200}") {
            survives(&format!("model_list:\n  - model_name: a\n{text}"));
        }

        #[test]
        fn of_cases_with_a_hole(case in 0_usize..97, from in 0_usize..800, length in 0_usize..40, put in "[ \\n:\\-\\[{\"'*&]{0,3}") {
            let all = pieces();
            let text = &all[case % all.len()];
            let at = |wanted: usize| (0..=wanted.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let (start, end) = (at(from), at(from + length));
            survives(&format!("{}{put}{}", &text[..start], &text[end.max(start)..]));
        }
    }
}

/// What `litellm-ls check` says of a file, with no variables but those given.
fn command(arguments: &[&str], stdin: &str, env: &[(&str, &str)]) -> (Option<i32>, String) {
    use std::{
        io::Write,
        process::{Command, Stdio},
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
    command.arg("check").args(arguments).env_clear().envs(env.iter().copied());
    // Windows starts nothing without it.
    command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    command.current_dir(env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().expect("the command");
    let written = child.stdin.take().expect("its input").write_all(stdin.as_bytes());
    drop(written);
    let output = child.wait_with_output().expect("its output");
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

const GOOD: &str = "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY}\ngeneral_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n";
const KEYS: &[(&str, &str)] =
    &[("OPENAI_API_KEY", "value-of-openai-key"), ("LITELLM_MASTER_KEY", "value-of-master-key")];

#[test]
fn exit_codes_are_for_programs() {
    assert_eq!(command(&["-"], GOOD, KEYS).0, Some(0));
    assert_eq!(command(&["-"], GOOD, &KEYS[1..]).0, Some(0));
    assert_eq!(command(&["-", "--strict"], GOOD, &KEYS[1..]).0, Some(1));
    assert_eq!(command(&["-"], GOOD, &KEYS[..1]).0, Some(1));
    // Which releases need a master key is data.
    assert_eq!(command(&["-", "--litellm", "1.101.3"], GOOD, &KEYS[..1]).0, Some(0));
    assert_eq!(command(&["no/such/file.yaml"], "", KEYS).0, Some(2));
    assert_eq!(command(&[], "", KEYS).0, Some(2));
}

#[test]
fn secrets_are_never_shown() {
    let secret = "sk-proj-0123456789abcdefSECRET";
    let text = GOOD.replace("os.environ/OPENAI_API_KEY", secret)
        + "  database_url: postgresql://u:hunter2SECRET@db:5432/x\n  drop_params: true\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis, password: pw-1234-SECRET, host: https://u:other-SECRET@h/}\n";
    for format in ["text", "json", "github", "sarif", "junit"] {
        let (code, said) = command(&["-", "--hints", "--format", format], &text, KEYS);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("litellm/plaintext-secret"), "{said}");
        for hidden in ["SECRET", "value-of"] {
            assert!(!said.contains(hidden), "{format} shows {hidden}:\n{said}");
        }
    }
}

#[test]
fn an_environment_beside_the_file_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("config.yaml");
    fs::write(&file, GOOD).expect("written");
    let path = file.to_str().expect("a path");
    assert_eq!(command(&[path, "--strict"], "", &[]).0, Some(1));
    fs::write(
        folder.path().join(".env"),
        "# keys\nexport OPENAI_API_KEY='x'\nLITELLM_MASTER_KEY=sk-of-our-own # ours\n",
    )
    .expect("written");
    let (code, said) = command(&[path, "--strict"], "", &[]);
    assert_eq!(code, Some(0), "{said}");
}

/// The schema that is checked in is what `litellm-ls schema` prints, and it knows every key that a case may have.
#[test]
fn the_schema_is_that_of_the_tables() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/config-yaml.schema.json");
    let schema = litellm_ls::config_yaml::schema();
    let written = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
    if fs::read_to_string(&file).unwrap_or_default() != written {
        fs::write(&file, &written).expect("the schema is written");
        panic!("docs/config-yaml.schema.json was stale, and is rewritten");
    }
}

/// Where the schema refuses a file something is found in it, and where a key or a word is found the schema refuses it too.
#[test]
fn the_schema_and_the_findings_agree() {
    let validator = jsonschema::validator_for(&litellm_ls::config_yaml::schema()).expect("a valid schema");
    let told = [
        "unknown-key",
        "wrong-section",
        "yaml-shape",
        "enum-type",
        "fallback-shape",
        "guardrail-invalid",
        "empty-config",
    ];
    let mut wrong = Vec::new();
    let (mut refused, mut taken) = (0, 0);
    for folder in cases() {
        let expected = fs::read_to_string(folder.join("expected.json")).expect("what is expected");
        let case: Case = serde_json::from_str(&expected).expect("what is expected, as JSON");
        if case.expected.iter().any(|one| one.slug == "yaml-syntax") {
            continue;
        }
        let (project, _) = found(&folder.join(&case.main), &case.now, &case.env);
        let source = &project.sources()[0];
        let value = source.value();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        let is_told = case.expected.iter().any(|one| told.contains(&one.slug.as_str()));
        if !errors.is_empty() && !is_told {
            wrong.push(format!("{folder:?}: only the schema refuses: {errors:?}"));
        }
        // Keys of the outermost maps and of the sections, where the schema is closed.
        let lines: Vec<&str> = source.text().lines().collect();
        let is_closed = |line: usize| {
            let indent = |line: &str| line.len() - line.trim_start().len();
            let section = lines[..line].iter().rev().find(|line| !line.is_empty() && indent(line) == 0);
            let is_section = section.is_some_and(|line| line.contains("_settings:"));
            indent(lines[line]) == 0 || indent(lines[line]) == 2 && is_section
        };
        let is_key = |one: &&Expected| {
            matches!(one.slug.as_str(), "unknown-key" | "wrong-section")
                && one.file == case.main
                && is_closed(one.start_line)
        };
        if case.expected.iter().any(|one| is_key(&one)) && errors.is_empty() {
            wrong.push(format!("{folder:?}: only the findings refuse"));
        }
        *(if errors.is_empty() { &mut taken } else { &mut refused }) += 1;
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert!(refused > 20 && taken > 60, "{refused} refused, {taken} taken");
}

/// Wherever a key stands, be it in a place where none belongs: no way of writing findings shows it.
#[cfg(unix)]
#[tokio::test]
async fn no_key_of_a_file_is_printed() {
    const KEY: &str = "sk-CANARYabcdef0123456789CANARY";
    let deployment = |params: &str| {
        format!(
            "model_list:\n  - model_name: a\n    litellm_params:\n      model: opnai/gpt-4o\n      {params}\n"
        )
    };
    let user = crate::support::user::User::of("http://127.0.0.1:9", "sk");
    for text in [
        deployment(&format!("apikey: {KEY}\n      api-key: '{KEY}'\n      API_KEY: \"{KEY}\"")),
        deployment(&format!("api_key: {KEY}: b")),
        deployment(&format!("api_key:{KEY}\n     x: [")),
        deployment(&format!("{KEY}: x\n      api_base: http://user:{KEY}@host/v1?key={KEY}")),
        deployment(&format!("extra_headers: {{Authorization: \"Bearer {KEY}\", X-Api: {KEY}}}")),
        deployment(&format!("# api_key: {KEY}\n      bogus_: &key {KEY}\n      api_key: *key")),
        deployment(&format!("api_key: os.environ/{KEY}")),
        deployment(&format!("api_key: {{a: {KEY}}}\n      rpm: {KEY}\n      mode: {KEY}")),
        format!(
            "master_key: {KEY}\nlitellm_settings:\n  master_key: {KEY}\n  success_callback: [\"{KEY}\"]\n"
        ),
        format!("general_settings:\n  masterkey: {KEY}\n  master_key: [{KEY}]\n  alerting: [{KEY}]\n"),
        format!(
            "include: [{KEY}]\nrouter_settings:\n  fallbacks: {KEY}\n  default_fallbacks: {KEY}\n  routing_strategy: {KEY}\n"
        ),
        format!(
            "model_list:\n  - model_name: {KEY}\n    litellm_params:\n      model: {KEY}\n  - model_name: {KEY}\n    litellm_params: {{model: openai/x}}\n"
        ),
    ] {
        user.file("config.yaml", &text);
        for format in ["text", "json", "github", "sarif", "junit"] {
            let path = user.home.path().join("config.yaml");
            let ran =
                user.run(&["check", "--strict", "--hints", "--format", format, path.to_str().unwrap()]).await;
            assert!(ran.code != 0 && !ran.out.is_empty(), "{format}: nothing is wrong in\n{text}");
            assert!(!format!("{ran:?}").contains("CANARY"), "{format} of\n{text}\n{}", ran.out);
        }
    }
}

/// What is named is checked, though the files include each other; what can't be read is told by its reason.
#[tokio::test]
async fn files_that_include_each_other_are_checked_once_and_unreadable_ones_are_told() {
    let user = crate::support::user::User::of("http://127.0.0.1:9", "sk");
    let wrong = "model_list:\n  - model_name: a\n    litellm_params: {modell: openai/gpt-4o}\n";
    user.file("a.yaml", &format!("include: [b.yaml]\n{wrong}"));
    user.file("b.yaml", "include: [a.yaml]\nlitellm_settings: {drop_params: true}\n");
    user.file("self.yaml", &format!("include: [self.yaml]\n{wrong}"));
    user.file("root.yaml", "include: [part.yaml]\n");
    user.file("part.yaml", wrong);
    std::fs::write(user.home.path().join("latin1.yaml"), b"model_list: [] # caf\xe9\n").unwrap();
    user.file("long.yaml", &"# comment\n".repeat(500_000));
    let path = |name: &str| user.home.path().join(name).to_str().unwrap().to_owned();
    for names in
        [&["a.yaml", "b.yaml"][..], &["b.yaml", "a.yaml"], &["self.yaml"], &["root.yaml", "part.yaml"]]
    {
        let paths: Vec<String> = names.iter().map(|name| path(name)).collect();
        let arguments: Vec<&str> = ["check"].into_iter().chain(paths.iter().map(String::as_str)).collect();
        let ran = user.run(&arguments).await;
        assert!(ran.code == 1 && ran.out.matches("modell").count() >= 1, "{names:?}: {ran:?}");
    }
    // What is no YAML by its name is not looked into: its lines may be secrets.
    user.file(".env", "ODD VALUE OF A SECRET\n\t- [\n");
    user.file("leak.yaml", &format!("include: [.env, /proc/self/environ]\n{wrong}"));
    for format in ["text", "json", "github", "sarif", "junit"] {
        let ran = user.run(&["check", "--format", format, &path("leak.yaml")]).await;
        assert!(ran.code == 1 && ran.out.contains("modell"), "{format}: {ran:?}");
        assert!(!format!("{ran:?}").contains("ODD VALUE") && !ran.out.contains("PATH="), "{format}: {ran:?}");
    }
    // Nor is what a link leads to, and of a file of secrets that is YAML no line is shown.
    #[cfg(unix)]
    std::os::unix::fs::symlink(".env", user.home.path().join("link.yaml")).unwrap();
    user.file("secrets.yaml", "litellm_settings:\n  odd_value_of_a_secret: hunter2hunter2 # ODD VALUE\n");
    user.file("leak.yaml", &format!("include: [link.yaml, secrets.yaml]\n{wrong}"));
    for format in ["text", "json", "github", "sarif", "junit"] {
        let ran = user.run(&["check", "--hints", "--format", format, &path("leak.yaml")]).await;
        assert!(ran.code == 1 && ran.out.contains("secrets.yaml"), "{format}: {ran:?}");
        assert!(
            !format!("{ran:?}").contains("ODD VALUE") && !ran.out.contains("hunter2"),
            "{format}: {ran:?}"
        );
    }
    // Nor is it where it is asked about itself.
    #[cfg(unix)]
    for format in ["text", "json", "github", "sarif", "junit"] {
        let ran = user.run(&["check", "--format", format, &path("link.yaml")]).await;
        assert!(ran.code == 2 && ran.err.contains("is a link to"), "{format}: {ran:?}");
        assert!(!format!("{ran:?}").contains("ODD VALUE"), "{format}: {ran:?}");
    }
    for (name, told) in
        [("latin1.yaml", "save it as UTF-8"), ("long.yaml", "longer than 4 MiB"), (".", "is no file")]
    {
        let ran = user.run(&["check", &path(name)]).await;
        assert!(ran.code == 2 && ran.err.contains(told), "{name}: {ran:?}");
    }
}

/// As many findings as a file can have are printed in a time that grows with the file alone.
#[cfg(unix)]
#[tokio::test]
async fn a_file_full_of_faults_is_checked() {
    let user = crate::support::user::User::of("http://127.0.0.1:9", "sk");
    let rules: String = (0..3_000).map(|number| format!("{{u{number}: [v{number}]}}, ")).collect();
    let keys: String = (0..3_000).map(|number| format!("key{number}: 1\n")).collect();
    let text = format!(
        "model_list:\n  - model_name: m\n    litellm_params: {{model: openai/gpt-4o}}\nlitellm_settings:\n  fallbacks: [{rules}]\n{keys}{}",
        "again: 1\n".repeat(3_000)
    );
    user.file("config.yaml", &text);
    let path = user.home.path().join("config.yaml");
    for format in ["text", "json", "github", "sarif", "junit"] {
        let ran = user.run(&["check", "--format", format, path.to_str().unwrap()]).await;
        assert!(ran.code == 1 && ran.out.matches("fallback-unknown-model").count() >= 6_000, "{format}");
    }
}

/// Settings, and what becomes of them where the first fix is taken.
const MOVED: [(&str, &str); 7] = [
    ("  callbacks: [\"athina\"]\n", "  success_callback: [\"athina\"]\n"),
    ("  callbacks: [lunary]\n", "  success_callback: [lunary]\n  failure_callback: [\"lunary\"]\n"),
    ("  callbacks: [otel, s3]\n", "  callbacks: [otel]\n  success_callback: [\"s3\"]\n"),
    (
        "  callbacks:\n    - s3 # all of them\n    - otel\n  success_callback:\n    - langfuse\n",
        "  callbacks:\n    - s3 # all of them\n    - otel\n  success_callback:\n    - langfuse\n",
    ),
    (
        "  callbacks:\n    - s3\n    - otel\n  success_callback:\n    - langfuse\n",
        "  callbacks:\n    - otel\n  success_callback:\n    - langfuse\n    - s3\n",
    ),
    ("  callbacks: [prometheus_system]\n", "  service_callback: [prometheus_system]\n"),
    ("  callbacks: [opentelemetry]\n", "  callbacks: [otel]\n"),
];

#[test]
fn a_callback_is_written_where_it_is_called() {
    let names = BTreeSet::new();
    let around = Surroundings {
        variable: &|_| None,
        names: &names,
        files: &Disk,
        today: "2026-11-22".to_owned(),
        release: Some(Release::KNOWN),
    };
    let whole = |settings: &str| format!("{GOOD}litellm_settings:\n  drop_params: true\n{settings}");
    for (before, after) in MOVED {
        let text = whole(before);
        let project = Project::read(Path::new("config.yaml"), &text, &Disk);
        let found = check(&project, &around);
        let [error] = &found.iter().filter(|one| one.code == Code::CallbackUnknown).collect::<Vec<_>>()[..]
        else {
            panic!("{before}: {found:?}");
        };
        let mut fixed = text.clone();
        let edits = error.fixes.first().and_then(|fix| fix.edits.safe_in(&project)).unwrap_or_default();
        let mut edits: Vec<_> = edits.iter().collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
        edits.into_iter().for_each(|edit| fixed.replace_range(edit.range.clone(), &edit.text));
        assert_eq!(fixed, whole(after), "{before}");
        let is_clean = before == after
            || !check(&Project::read(Path::new("config.yaml"), &fixed, &Disk), &around)
                .iter()
                .any(|one| one.code == Code::CallbackUnknown);
        assert!(is_clean, "{after}");
    }
}
