//! What is said of a `config.yaml` is what the real LiteLLM does with it: every error of every case is shown to be one, and
//! every faultless file starts and serves all its models.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use litellm_ls::config_yaml::{
    self, Code, Disk, Finding, NewModel, Project, Release, Severity, Surroundings, check,
};
use serde_json::{Value, json};

use super::{
    config_yaml::{Case, cases},
    support::{cached, real_proxy},
};

/// A release of LiteLLM that findings are compared with.
struct Line {
    release: Release,
    environment: PathBuf,
}

impl Line {
    /// The one that is installed for users.
    fn pinned() -> Self {
        Self { release: Release(1, 101, 3), environment: real_proxy::environment() }
    }

    /// One that behaves otherwise.
    fn other() -> Self {
        let [lock] = &real_proxy::other_lines()[..] else { panic!("one lock in tests/cases/lines") };
        let (version, environment) = real_proxy::other_line(lock);
        Self { release: Release::read(&version).expect("a version"), environment }
    }
}

/// All tests of both lines.
macro_rules! on_lines {
    ($($line:ident),*: $tests:tt) => { $(on_lines!(@ $line $tests);)* };
    (@ $line:ident [$($test:ident),* $(,)?]) => {
        mod $line {
            $(#[test] fn $test() { super::$test(&super::Line::$line()); })*
        }
    };
}

on_lines!(
    pinned, other: [
        every_error_of_every_case_is_one_for_the_real_litellm,
        a_new_file_of_all_vendors_starts_and_serves_all_its_models,
        a_deployment_is_dropped_for_a_wrong_value_where_that_is_said,
        each_outermost_key_is_looked_up,
        a_model_without_a_prefix_is_dropped_where_that_is_said,
        litellm_starts_where_no_error_is_told_and_nowhere_else,
        each_callback_is_called_where_nothing_else_is_said,
    ]
);

/// LiteLLM, imported once; it loads a file in a fork of its own.
struct LiteLlm {
    stdin: ChildStdin,
    answers: BufReader<ChildStdout>,
    _process: Child,
}

impl LiteLlm {
    fn start(line: &Line) -> Self {
        let mut process = Command::new(cached::interpreter(&line.environment))
            .args(["-B", "load.py"])
            // LiteLLM looks for modules two folders above where it is started, whatever lies there.
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/proxy"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Python");
        let (stdin, stdout) = (process.stdin.take().expect("a pipe"), process.stdout.take().expect("a pipe"));
        Self { stdin, answers: BufReader::new(stdout), _process: process }
    }

    fn load(&mut self, request: &Value) -> Value {
        writeln!(self.stdin, "{request}").expect("LiteLLM to read");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("LiteLLM to answer");
        serde_json::from_str(&line).expect("an answer")
    }
}

/// The text between the nth pair of backticks of a message.
fn quoted(message: &str, number: usize) -> &str {
    message.split('`').nth(2 * number + 1).unwrap_or_default()
}

/// The name of the deployment or guardrail that a place belongs to.
fn owner<'t>(text: &'t str, at: usize, key: &str) -> &'t str {
    let line_end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let Some((_, rest)) = text[..line_end].rsplit_once(&format!("{key}:")) else { return "" };
    rest.split([',', '\n', '}']).next().unwrap_or_default().trim().trim_matches(['"', '\''])
}

fn has(list: &Value, name: &str) -> bool {
    list.as_array().is_some_and(|names| names.iter().any(|one| one == name || one[0] == name))
}

/// Why an error is not one, where the real thing behaves.
fn refuted(finding: &Finding, text: &str, real: &Value) -> Option<String> {
    let (message, at) = (finding.message.as_str(), finding.range.start);
    let starts = real["starts"] == true;
    if ["does not start", "refuses to start", "stops LiteLLM"].iter().any(|words| message.contains(words)) {
        return starts.then(|| "it starts".to_owned());
    }
    if !starts {
        // Nothing that happens later can be seen.
        return None;
    }
    let whole = real.to_string();
    let fails = if message.contains("drops this deployment") || message.contains("and drops") {
        !has(&real["served"], owner(text, at, "model_name"))
    } else {
        match finding.code {
            Code::GuardrailInvalid => !has(&real["guardrails"], owner(text, at, "guardrail_name")),
            Code::FallbackUnknownModel => !has(&real["found"], quoted(message, 0)),
            Code::AliasUnknownTarget => !has(&real["found"], quoted(message, 1)),
            Code::CredentialUnknown => !has(&real["credentials"], quoted(message, 1)),
            // The text stands somewhere in what was loaded, as it stands in the file.
            Code::EnvSyntax => {
                let written = Value::from(quoted(message, 0)).to_string();
                without(real, "file").to_string().contains(written.trim_matches('"'))
            }
            Code::BeyondLatin1 => {
                let name = match message.contains("the alias") {
                    true => text[finding.range.clone()].to_owned(),
                    false => owner(text, at, "model_name").replace('*', "any"),
                };
                real["statuses"][name] == 500
            }
            Code::WrongSection => !arrives(real, quoted(message, 0), quoted(message, 1)),
            // What remains is compared as a whole.
            Code::DuplicateYamlKey => true,
            // No list has become of it.
            code if code == Code::FallbackShape
                || code == Code::EnumType && message.contains("letter by letter") =>
            {
                let written = &text[finding.range.clone()];
                !whole.contains(&format!("[\"{}\"]", written.trim_matches('"')))
            }
            Code::YamlShape => message.contains("leaves it out"),
            _ => return Some("nothing here shows it".to_owned()),
        }
    };
    (!fails).then(|| "it does what is meant".to_owned())
}

fn without(real: &Value, key: &str) -> Value {
    let mut real = real.clone();
    real[key] = Value::Null;
    real
}

/// Whether the value of a key, wherever it stands in the file, has come to where it belongs.
fn arrives(real: &Value, key: &str, home: &str) -> bool {
    let values = real["file"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| if name == key { Some(value) } else { value.get(key) });
    let values: Vec<&Value> = values.collect();
    match home {
        "litellm_settings" => values.contains(&&real["attributes"][key]),
        "router_settings" => values.contains(&&real["router"][key]),
        "general_settings" => {
            let there = &real["general"][key];
            // A reference has become what it names.
            let is_it = values.contains(&there) || values.iter().any(|value| value.is_string());
            !there.is_null() && is_it || key == "master_key" && !real["master_key"].is_null()
        }
        "litellm_params" => real["served"].as_array().into_iter().flatten().any(|one| !one[1][key].is_null()),
        _ => key == "credential_list" && has(&real["credentials"], ""),
    }
}

fn every_error_of_every_case_is_one_for_the_real_litellm(line: &Line) {
    let mut litellm = LiteLlm::start(line);
    let mut wrong = Vec::new();
    let mut proved = BTreeSet::new();
    for folder in cases() {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let case = fs::read_to_string(folder.join("expected.json")).expect("what is expected");
        let case: Case = serde_json::from_str(&case).expect("what is expected, as JSON");
        let path = folder.join(&case.main);
        let (project, findings) = found(&path, &case, line);
        let errors: Vec<&Finding> = findings.iter().filter(|one| one.severity == Severity::Error).collect();
        let words = |code: &[Code], number| {
            let of_code =
                errors.iter().filter(|one| code.contains(&one.code)).map(|one| quoted(&one.message, number));
            of_code.map(str::to_owned).collect::<Vec<_>>()
        };
        let names = [words(&[Code::FallbackUnknownModel], 0), words(&[Code::AliasUnknownTarget], 1)].concat();
        let settings = words(&[Code::WrongSection, Code::EnumType, Code::FallbackShape], 0);
        let settings: Vec<&str> = settings
            .iter()
            .map(String::as_str)
            .chain(["fallbacks", "context_window_fallbacks", "callbacks"])
            .collect();
        // Each model of such a file is asked, and answers.
        let asks = name.contains("latin-1");
        let real = litellm.load(
            &json!({"config": path, "env": case.env, "names": names, "settings": settings, "asks": asks}),
        );
        if let Some(broken) = real["broken"].as_str() {
            wrong.push(format!("{name}: {broken}"));
            continue;
        }
        let text = project.sources()[0].text();
        if !real["file"].is_null() && real["file"] != project.sources()[0].value() {
            wrong.push(format!("{name}: LiteLLM's parser reads {}", real["file"]));
        }
        for error in &errors {
            proved.insert(error.code);
            let text = project.sources()[error.file].text();
            if let Some(why) = refuted(error, text, &real) {
                wrong.push(format!("{name}: {why}: {} ({})", error.message, real["error"]));
            }
        }
        let failed = real["statuses"].as_object().into_iter().flatten().filter(|(_, status)| **status != 200);
        let failed = failed.count();
        let told = errors.iter().filter(|error| error.code == Code::BeyondLatin1).count();
        if failed != told {
            wrong.push(format!("{name}: {failed} models fail, not {told}: {}", real["statuses"]));
        }
        if name.starts_with("ok-") {
            let wanted = text
                .lines()
                .filter(|line| line.trim_start_matches(['-', ' ', '{']).starts_with("model_name:"))
                .count();
            let served = real["served"].as_array().map_or(0, Vec::len);
            if real["starts"] != true || served < wanted {
                wrong.push(format!("{name}: {served} of {wanted} models, {} {}", real["error"], real["log"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert!(proved.len() >= 14, "{proved:?}");
}

fn found(path: &Path, case: &Case, line: &Line) -> (Project, Vec<Finding>) {
    let text = fs::read_to_string(path).expect("a file in UTF-8");
    let names: BTreeSet<String> = case.env.keys().cloned().collect();
    let variable = |name: &str| case.env.get(name).cloned();
    let around = Surroundings {
        variable: &variable,
        names: &names,
        files: &Disk,
        today: case.now.clone(),
        release: Some(line.release),
    };
    let project = Project::read(path, &text, &Disk);
    let findings = check(&project, &around);
    (project, findings)
}

/// Models of every vendor that people look for, as `litellm-ls init` writes them: each is served.
fn a_new_file_of_all_vendors_starts_and_serves_all_its_models(line: &Line) {
    let mut models = Vec::new();
    for vendor in config_yaml::vendors() {
        let key_variable = vendor.key_variables.first().map(|name| (*name).to_owned());
        let offers = config_yaml::offers(vendor.id, "2027-01-31").into_iter().take(3);
        let mut names: Vec<String> = offers.map(|offer| offer.model).collect();
        if names.is_empty() {
            names.push(config_yaml::routed(&format!("{}/any-model", vendor.id)).expect("a model").0);
        }
        models.extend(names.into_iter().map(|model| NewModel {
            model,
            key_variable: key_variable.clone(),
            api_base: vendor.api_base.map(str::to_owned),
        }));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.yaml");
    let text = config_yaml::begin(&path, &models);
    fs::write(&path, &text).expect("written");
    let names = text.split("os.environ/").skip(1).filter_map(|rest| rest.split_whitespace().next());
    let env: serde_json::Map<String, Value> =
        names.map(|name| (name.to_owned(), json!("sk-of-the-tests-1234567890"))).collect();
    let real = LiteLlm::start(line).load(&json!({"config": path, "env": env, "settings": ["drop_params"]}));
    assert_eq!(real["starts"], true, "{}", real["error"]);
    let served: BTreeSet<&str> = real["served"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one[1]["model"].as_str())
        .collect();
    let left: Vec<&str> =
        models.iter().map(|one| one.model.as_str()).filter(|model| !served.contains(model)).collect();
    assert!(left.is_empty() && models.len() > 30, "{left:?} of {}: {}", models.len(), real["log"]);
    assert_eq!((&real["attributes"]["drop_params"], real["master_key"].is_string()), (&json!(true), true));
}

/// Values of every kind for every field of a deployment: it is dropped where that is said, and nowhere else.
fn a_deployment_is_dropped_for_a_wrong_value_where_that_is_said(line: &Line) {
    let keys = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/config_yaml/tables/keys.tsv"))
        .expect("keys");
    let rows: Vec<Vec<&str>> = keys.lines().map(|line| line.split('\t').collect()).collect();
    let fatal = rows.iter().filter(|row| {
        let flags: Vec<&str> = row[3].split(',').collect();
        matches!(row[0], "litellm_params" | "model_info")
            && flags.contains(&"fatal")
            && !flags.contains(&"late")
            && !flags.contains(&"internal")
    });
    // Where they lead is looked at elsewhere; what these hold has a shape of its own.
    let skipped = [
        "api_base",
        "base_url",
        "custom_llm_provider",
        "litellm_credential_name",
        "model_info",
        "tiered_pricing",
        "id",
        "team_public_model_name",
    ];
    let values = ["lots", "2024-10-21", "18:30", "1e3", "10.5", "7", "yes", "[a]", "{a: b}", "\"12\"", "1.0"];
    let mut text = "general_settings:\n  master_key: sk-of-the-tests\nmodel_list:\n".to_owned();
    for row in fatal.filter(|row| !skipped.contains(&row[1])) {
        for value in values {
            let name =
                format!("{}.{} {}", row[0], row[1], value.replace(['"', '{', '}', '[', ']', ':'], "_"));
            let key = if row[1] == "api_key" { "" } else { ", api_key: none" };
            let (params, info) = match row[0] {
                "litellm_params" => (format!(", {}: {value}", row[1]), String::new()),
                _ => (String::new(), format!(", model_info: {{{}: {value}}}", row[1])),
            };
            text += &format!(
                "  - {{model_name: {name}, litellm_params: {{model: openai/gpt-4o{key}{params}}}{info}}}\n"
            );
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.yaml");
    fs::write(&path, &text).expect("written");
    let case = Case {
        main: "config.yaml".into(),
        now: "2026-11-22".into(),
        env: Default::default(),
        expected: Vec::new(),
    };
    let (project, findings) = found(&path, &case, line);
    let text = project.sources()[0].text();
    let errors = findings.iter().filter(|one| one.severity == Severity::Error);
    let said: BTreeSet<&str> = errors.map(|one| owner(text, one.range.start, "model_name")).collect();
    let real = LiteLlm::start(line).load(&json!({"config": path, "env": {}}));
    let served: BTreeSet<&str> =
        real["served"].as_array().expect("a start").iter().filter_map(|one| one[0].as_str()).collect();
    let names = text.lines().filter_map(|line| line.strip_prefix("  - {model_name: ")?.split(',').next());
    let wrong: Vec<&str> = names.filter(|name| said.contains(name) == served.contains(name)).collect();
    assert!(said.len() > 500, "{}", said.len());
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), said.len());
}

/// What is known as an outermost key is one: LiteLLM looks it up as it starts.
fn each_outermost_key_is_looked_up(line: &Line) {
    let keys = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/config_yaml/tables/keys.tsv"))
        .expect("keys");
    let known: Vec<&str> =
        keys.lines().filter_map(|row| row.strip_prefix("top_level\t")?.split('\t').next()).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.yaml");
    fs::write(folder.path().join("more.yaml"), "policies: {strict: {guardrails: {add: []}}}\n")
        .expect("written");
    fs::write(&path, "include: [more.yaml]\ngeneral_settings: {master_key: sk-of-the-tests}\n")
        .expect("written");
    let real = LiteLlm::start(line).load(&json!({"config": path, "env": {}}));
    assert_eq!(real["starts"], true, "{}", real["error"]);
    let read = real["read"].as_array().expect("keys");
    let missed: Vec<&&str> = known.iter().filter(|name| !read.iter().any(|key| key == **name)).collect();
    // It is taken out before the rest is looked up.
    assert_eq!(missed, [&"include"], "{read:?}");
    assert!(known.len() > 20, "{known:?}");
    assert!(!real["log"].to_string().contains("Ignoring top-level"), "{}", real["log"]);
}

/// A file of one deployment and a piece beside it. `load.py` sets variables when LiteLLM is imported already, which reads
/// that of the master key by then, or beside some setting.
fn beside_a_deployment(piece: &str) -> String {
    let settings = match piece.contains("general_settings:") {
        true => "",
        false => "general_settings: {master_key: os.environ/LITELLM_MASTER_KEY}\n",
    };
    let deployment =
        "model_list:\n  - {model_name: m, litellm_params: {model: openai/gpt-4o, api_key: none}}\n";
    format!("# litellm-config\n{deployment}{settings}{piece}")
}

/// Words out of closed sets, and what lists and maps hold: an error is told where LiteLLM does not start.
fn litellm_starts_where_no_error_is_told_and_nowhere_else(line: &Line) {
    let pieces = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/config-stops.yaml"))
        .expect("pieces");
    let env = BTreeMap::from([("LITELLM_MASTER_KEY".to_owned(), "sk-of-the-tests".to_owned())]);
    let case = Case { main: "config.yaml".into(), now: "2026-11-22".into(), env, expected: Vec::new() };
    let folder = tempfile::tempdir().expect("a folder");
    let mut litellm = LiteLlm::start(line);
    let (mut wrong, mut stopped, mut started) = (Vec::new(), 0, 0);
    for (number, piece) in pieces.split("\n---\n").enumerate() {
        let path = folder.path().join(format!("config-{number}.yaml"));
        fs::write(&path, beside_a_deployment(piece)).expect("written");
        let (_, findings) = found(&path, &case, line);
        let errors: Vec<&str> = findings
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .map(|one| one.message.as_str())
            .collect();
        let real = litellm.load(&json!({"config": path, "env": case.env}));
        *(if real["starts"] == true { &mut started } else { &mut stopped }) += 1;
        if (real["starts"] == true) != errors.is_empty()
            || errors.iter().any(|one| !one.contains("not start"))
        {
            wrong.push(format!("{piece}: {errors:?}, but {} {}", real["error"], real["broken"]));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert!(stopped > 50 && started > 20, "{stopped} stop it, {started} do not");
}

/// Every model of every price list that has no prefix: LiteLLM knows whose it is, or drops it where that is said.
fn a_model_without_a_prefix_is_dropped_where_that_is_said(line: &Line) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gone = fs::read_to_string(root.join("src/config_yaml/tables/retired.tsv")).expect("retired models");
    let gone = gone.lines().filter_map(|row| row.split('\t').next());
    let offered = config_yaml::vendors().into_iter().flat_map(|vendor| config_yaml::offers(vendor.id, ""));
    let offered: Vec<String> = offered.map(|offer| without_vendor(&offer.model)).collect();
    let more = [
        "command-a-03-2025",
        "chatdolphin",
        "embed-english-v2.0",
        "mistral-large-latest",
        "grok-4",
        "llama3",
    ];
    let models: BTreeSet<&str> = gone.chain(offered.iter().map(String::as_str)).chain(more).collect();
    let models: Vec<&str> = models.into_iter().filter(|model| !model.contains(['/', ' '])).collect();
    let real = LiteLlm::start(line).load(&json!({ "bare": models }));

    let item = |model: &&str| {
        format!("  - {{model_name: m, litellm_params: {{model: \"{model}\", api_key: none}}}}\n")
    };
    let text = format!("model_list:\n{}", models.iter().map(item).collect::<String>());
    let (project, names) = (Project::read(Path::new("config.yaml"), &text, &Disk), BTreeSet::new());
    let around = Surroundings {
        variable: &|_| None,
        names: &names,
        files: &Disk,
        today: "2026-11-22".to_owned(),
        release: Some(line.release),
    };
    let dropped: BTreeSet<&str> = check(&project, &around)
        .into_iter()
        .filter(|finding| finding.code == Code::UnknownProvider)
        .map(|finding| text[finding.range].trim_matches('"'))
        .collect();
    let wrong: Vec<&&str> =
        models.iter().filter(|model| dropped.contains(**model) && !real[**model].is_null()).collect();
    assert!(wrong.is_empty(), "it takes {wrong:?}");
    let known = models.iter().filter(|model| !real[**model].is_null()).count();
    assert!(known > 50 && dropped.len() > 50, "{known} known, {} dropped of {}", dropped.len(), models.len());
}

/// `gemini-3-pro` of `gemini/gemini-3-pro`.
fn without_vendor(model: &str) -> String {
    model.split_once('/').map_or(model, |(_, rest)| rest).to_owned()
}

/// Names of callbacks that differ from list to list, and some that do not: something is said of those below a list with
/// which LiteLLM does nothing there, or does not start.
fn each_callback_is_called_where_nothing_else_is_said(line: &Line) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("src/config_yaml/tables/callbacks.tsv")).expect("callbacks");
    let usual = "\tcallbacks,success_callback,failure_callback,audit_log_callbacks,alerting\t\t";
    let plain = ["langfuse", "prometheus", "s3_v2"];
    let name = |row: &str| row.split('\t').next().unwrap_or_default().to_owned();
    let rows = table.lines().filter(|row| !row.contains(usual) || plain.contains(&&*name(row)));
    let names: Vec<String> = rows.map(name).collect();
    let mut asked = Command::new(cached::interpreter(&line.environment))
        .arg("-B")
        .arg(root.join("scripts/ask_callbacks.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Python");
    let mut stdin = asked.stdin.take().expect("a pipe");
    writeln!(stdin, "{}", names.join("\n")).expect("LiteLLM to read");
    drop(stdin);
    let answers = asked.wait_with_output().expect("answers").stdout;
    let answers: Vec<Value> =
        answers.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!(answers.len(), names.len() + 1, "{answers:?}");
    let set = |name: &str| Some(name.to_owned()).filter(|name| !name.starts_with("OPENAI"));
    let no_names = BTreeSet::new();
    let around = Surroundings {
        variable: &set,
        names: &no_names,
        files: &Disk,
        today: "2026-11-22".to_owned(),
        release: Some(line.release),
    };
    let (mut wrong, mut called) = (Vec::new(), 0);
    for answer in &answers[1..] {
        let name = answer["name"].as_str().expect("a name");
        for list in
            ["callbacks", "success_callback", "failure_callback", "service_callback", "audit_log_callbacks"]
        {
            let text = beside_a_deployment(&format!("litellm_settings: {{{list}: [{name}]}}\n"));
            let found = check(&Project::read(Path::new("config.yaml"), &text, &Disk), &around);
            let is_said = found.iter().any(|one| one.code == Code::CallbackUnknown);
            let is_called = match list {
                "callbacks" => answer["starts"] == true,
                _ => has(&answer["called"], list),
            };
            called += usize::from(is_called);
            if is_said == is_called {
                wrong.push(format!("{list}: [{name}]: {found:?}, but {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(called > 60, "{called}");
}
