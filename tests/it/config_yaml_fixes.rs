//! What mends a `config.yaml`: each fix does what it is for, and leaves the rest of the file as it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use litellm_ls::config_yaml::{
    Action, Code, Disk, DotEnv, Edit, Edits, Files, Finding, Fix, Mends, Project, Surroundings, actions,
    check, check_with,
};

use super::config_yaml::cases;

/// Files on the disk, some of them changed.
struct Changed(BTreeMap<PathBuf, String>);

impl Files for Changed {
    fn read(&self, path: &Path) -> Option<String> {
        self.0.get(path).cloned().or_else(|| Disk.read(path))
    }

    fn is_file(&self, path: &Path) -> bool {
        Disk.is_file(path)
    }

    fn yaml_names(&self, folder: &Path) -> Vec<PathBuf> {
        Disk.yaml_names(folder)
    }
}

/// Does something with a file, with these variables and no others.
fn with<T>(
    path: &Path,
    files: &Changed,
    env: &BTreeMap<String, String>,
    work: impl FnOnce(&Project, &Surroundings<'_>) -> T,
) -> T {
    let names: BTreeSet<String> = env.keys().cloned().collect();
    let variable = |name: &str| env.get(name).cloned();
    let around = Surroundings {
        variable: &variable,
        names: &names,
        files,
        today: "2026-11-22".to_owned(),
        release: None,
    };
    work(&Project::read(path, &files.read(path).expect("a file"), files), &around)
}

/// The texts of a project once edits are made.
fn edited(project: &Project, edits: &[Edit]) -> Changed {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.file, edit.range.start, edit.range.end));
    for pair in edits.windows(2) {
        let apart = pair[0].file != pair[1].file || pair[0].range.end <= pair[1].range.start;
        assert!(apart, "edits overlap: {edits:?}");
    }
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    for edit in edits.into_iter().rev() {
        let source = &project.sources()[edit.file];
        let text = texts.entry(source.path.clone()).or_insert_with(|| source.text().to_owned());
        text.replace_range(edit.range.clone(), &edit.text);
    }
    Changed(texts)
}

/// Edits as editors get them.
fn safe<'e>(project: &Project, edits: &'e Edits) -> &'e [Edit] {
    edits.safe_in(project).unwrap_or_else(|| panic!("they spoil the file: {edits:?}"))
}

fn count(findings: &[Finding], like: impl Fn(&Finding) -> bool) -> usize {
    findings.iter().filter(|finding| like(finding)).count()
}

/// How keys are moved is worked out where that is wanted, and what is found is the same.
#[test]
fn fixes_that_move_keys_are_made_where_they_are_wanted() {
    let mut moves = 0;
    for folder in cases() {
        let env = BTreeMap::new();
        with(&folder.join("config.yaml"), &Changed(BTreeMap::new()), &env, |project, around| {
            let is_move = |fix: &Fix| fix.title.starts_with("Move ");
            let without = |findings: &[Finding]| {
                let mut findings = findings.to_vec();
                findings.iter_mut().for_each(|finding| finding.fixes.retain(|fix| !is_move(fix)));
                findings
            };
            let all = check(project, around);
            assert_eq!(check_with(project, around, Mends::None), without(&all));
            for finding in all.iter().filter(|finding| finding.fixes.iter().any(is_move)) {
                let found = check_with(project, around, Mends::In(finding.file, finding.range.clone()));
                assert_eq!(without(&found), without(&all));
                let moved: Vec<&Finding> = found.iter().filter(|one| one.fixes.iter().any(is_move)).collect();
                assert_eq!(moved, [finding], "{}", folder.display());
                moves += 1;
            }
        });
    }
    assert!(moves > 20, "{moves}");
}

#[test]
fn every_fix_of_every_case_mends_what_it_is_for() {
    let (mut wrong, mut fixes) = (Vec::new(), 0);
    for folder in cases() {
        let case = fs::read_to_string(folder.join("expected.json")).expect("what is expected");
        let case: serde_json::Value = serde_json::from_str(&case).expect("JSON");
        let env: BTreeMap<String, String> = serde_json::from_value(case["env"].clone()).expect("variables");
        let path = folder.join(case["main"].as_str().expect("a name"));
        let before = with(&path, &Changed(BTreeMap::new()), &env, |project, around| {
            check(project, around)
                .into_iter()
                .map(|finding| {
                    let files = finding
                        .fixes
                        .iter()
                        .map(|fix| edited(project, safe(project, &fix.edits)))
                        .collect::<Vec<_>>();
                    (finding, files)
                })
                .collect::<Vec<_>>()
        });
        let all: Vec<Finding> = before.iter().map(|(finding, _)| finding.clone()).collect();
        for (finding, changed) in before {
            for (fix, files) in finding.fixes.iter().zip(changed) {
                fixes += 1;
                let after = with(&path, &files, &env, check);
                let same = |one: &Finding| one.code == finding.code && one.message == finding.message;
                let broken = |one: &Finding| matches!(one.code, Code::YamlSyntax | Code::YamlShape);
                if count(&after, same) >= count(&all, same) || count(&after, broken) > count(&all, broken) {
                    wrong.push(format!(
                        "{}: `{}` leaves {:?}\n{:?}",
                        folder.display(),
                        fix.title,
                        after.iter().map(|one| &one.message).collect::<Vec<_>>(),
                        files.0.values().collect::<Vec<_>>()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {fixes}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(fixes > 50, "{fixes} fixes");
}

const KEYS: &[(&str, &str)] = &[("LITELLM_MASTER_KEY", "sk-own"), ("OPENAI_API_KEY", "k")];

/// A text in a file of its own.
fn of_text<T>(text: &str, work: impl FnOnce(&Path, &Changed, &BTreeMap<String, String>) -> T) -> T {
    let path = PathBuf::from("config.yaml");
    let files = Changed(BTreeMap::from([(path.clone(), text.to_owned())]));
    let env = KEYS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    work(&path, &files, &env)
}

/// A text once the only fix of a kind is made.
fn mended(code: Code, text: &str) -> String {
    of_text(text, |path, files, env| {
        with(path, files, env, |project, around| {
            let findings = check(project, around);
            let finding = findings.iter().find(|one| one.code == code);
            let finding = finding.unwrap_or_else(|| panic!("no {code:?} in\n{text}\n{findings:?}"));
            let fix = finding.fixes.first().unwrap_or_else(|| panic!("no fix: {finding:?}"));
            edited(project, safe(project, &fix.edits)).0.remove(path).expect("a change")
        })
    })
}

#[test]
fn keys_are_moved_with_their_comments() {
    let head = "model_list:\n  - model_name: a\n";
    let tail = "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n";
    let params = "    litellm_params:\n      model: openai/gpt-4o\n";
    let whole = format!("{head}{params}{tail}");
    for (code, before, after) in [
        // To a section that is there, with the comment behind it; out of one that is then empty.
        (
            Code::WrongSection,
            format!("litellm_settings:\n  alerting: [slack] # why\n  drop_params: true\n{whole}"),
            format!("litellm_settings:\n  drop_params: true\n{whole}  alerting: [slack] # why\n"),
        ),
        (
            Code::WrongSection,
            format!("{whole}router_settings:\n  drop_params: true\n"),
            format!("{whole}litellm_settings:\n  drop_params: true\n"),
        ),
        // Several lines, and Windows' line ends.
        (
            Code::WrongSection,
            format!("{whole}  model_group_alias:\n    x: a\n    y: a\n").replace('\n', "\r\n"),
            format!("{whole}router_settings:\n  model_group_alias:\n    x: a\n    y: a\n").replace('\n', "\r\n"),
        ),
        (
            Code::CapabilityInParams,
            format!("{head}{params}      supports_vision: true\n{tail}"),
            format!("{head}    model_info:\n      supports_vision: true\n{params}{tail}"),
        ),
        (
            Code::CapabilityInParams,
            format!("{head}{params}      supports_vision: true\n    model_info: {{id: x}}\n{tail}"),
            format!("{head}{params}    model_info: {{id: x, supports_vision: true}}\n{tail}"),
        ),
        (
            Code::ModelInfoMisplaced,
            format!("{head}{params}      model_info:\n        # own\n        id: x\n{tail}"),
            format!("{head}    model_info:\n      # own\n      id: x\n{params}{tail}"),
        ),
        // The first of an item: another takes its place behind the dash.
        (
            Code::WrongSection,
            format!("model_list:\n  - rpm_: 1\n    model_name: a\n{params}{tail}").replace("rpm_", "api_key"),
            format!("model_list:\n  - model_name: a\n{params}      api_key: 1\n{tail}"),
        ),
        (
            Code::PricingMissing,
            format!("{head}    litellm_params: {{model: azure/gpt-4o-own, api_base: https://x.y, api_key: os.environ/OPENAI_API_KEY}}\n{tail}")
                .replace("model_name: a", "model_name: gpt-4o"),
            format!("{head}    litellm_params: {{model: azure/gpt-4o-own, api_base: https://x.y, api_key: os.environ/OPENAI_API_KEY}}\n    model_info:\n      base_model: azure/gpt-4o\n{tail}")
                .replace("model_name: a", "model_name: gpt-4o"),
        ),
    ] {
        assert_eq!(mended(code, &before), after, "{code:?} of\n{before}");
    }
}

/// What can be done at a piece of a text: each action's title, the text after it, and `.env` after it.
fn offered(text: &str, at: &str, dotenv: &str) -> Vec<(String, String, String)> {
    of_text(text, |path, files, env| {
        let dotenv_read = DotEnv::read(dotenv);
        let mut env = env.clone();
        env.extend(dotenv_read.clone().into_values());
        with(path, files, &env, |project, around| {
            let start = text.find(at).expect("the piece");
            let range = start..start + at.len();
            let mut findings = check(project, around);
            findings.retain(|one| one.range.start <= range.end && range.start <= one.range.end);
            let found =
                actions(project, around, &dotenv_read, (0, range), &findings, &|| Some("sk-new".to_owned()));
            let one = |action: Action| {
                let changed = edited(project, safe(project, &action.edits))
                    .0
                    .remove(path)
                    .unwrap_or_else(|| text.to_owned());
                let mut dotenv = dotenv.to_owned();
                if let Some(variable) = &action.variable {
                    assert!(!format!("{variable:?}").contains("sk-"), "a value is shown");
                    let (range, line) = variable.edit(&dotenv).unwrap();
                    dotenv.replace_range(range, &line);
                }
                (action.title, changed, dotenv)
            };
            found.into_iter().map(one).collect()
        })
    })
}

#[test]
fn a_secret_goes_to_the_environment_beside_the_file() {
    let text = |key: &str| {
        format!(
            "model_list:\n  - model_name: a\n    litellm_params: {{model: anthropic/claude-sonnet-4-5, api_key: {key}}} # ours\ngeneral_settings: {{master_key: os.environ/LITELLM_MASTER_KEY}}\n"
        )
    };
    let secret = "sk-ant-0123456789abcdef";
    for (dotenv, name, after) in [
        ("", "ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY=sk-ant-0123456789abcdef\n"),
        ("A=1", "ANTHROPIC_API_KEY", "A=1\nANTHROPIC_API_KEY=sk-ant-0123456789abcdef\n"),
        // Taken by another key, and by the same.
        (
            "ANTHROPIC_API_KEY=x\n",
            "ANTHROPIC_API_KEY_2",
            "ANTHROPIC_API_KEY=x\nANTHROPIC_API_KEY_2=sk-ant-0123456789abcdef\n",
        ),
        (
            "ANTHROPIC_API_KEY='sk-ant-0123456789abcdef'\n",
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_API_KEY='sk-ant-0123456789abcdef'\n",
        ),
    ] {
        let all = offered(&text(secret), secret, dotenv);
        let (title, changed, beside) = &all[0];
        assert!(title.contains(name) && !title.contains("sk-"), "{title}");
        assert_eq!(changed, &text(&format!("os.environ/{name}")));
        assert_eq!(beside, after);
    }
}

#[test]
fn a_master_key_is_made() {
    let list = "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o}\n";
    let own = "LITELLM_PROXY_MASTER_KEY";
    let public = "general_settings:\n  master_key: sk-1234\n";
    let reference = "general_settings:\n  master_key: os.environ/LITELLM_PROXY_MASTER_KEY\n";
    let strong = "LITELLM_PROXY_MASTER_KEY=sk-strong # of compose\n";
    // What is exported wins over `.env`, so that the name is another; so it is where `.env` has a key that may be others'.
    for (settings, at, dotenv, name, after) in [
        (public, "sk-1234", "", own, "LITELLM_PROXY_MASTER_KEY=sk-new\n"),
        ("general_settings:\n  master_key:\n", "master_key", "", own, "LITELLM_PROXY_MASTER_KEY=sk-new\n"),
        (public, "sk-1234", "LITELLM_PROXY_MASTER_KEY=\n", own, "LITELLM_PROXY_MASTER_KEY=sk-new\n"),
        (
            public,
            "sk-1234",
            strong,
            "LITELLM_MASTER_KEY_2",
            "LITELLM_PROXY_MASTER_KEY=sk-strong # of compose\nLITELLM_MASTER_KEY_2=sk-new\n",
        ),
        // The public key of `.env` that this file names is what is to be replaced.
        (
            reference,
            "os.environ",
            "LITELLM_PROXY_MASTER_KEY=sk-1234\n",
            own,
            "LITELLM_PROXY_MASTER_KEY=sk-new\n",
        ),
    ] {
        let all = offered(&format!("{list}{settings}"), at, dotenv);
        let (title, changed, beside) =
            all.iter().find(|(title, ..)| title.contains("Generate")).unwrap_or_else(|| panic!("{all:?}"));
        let right = format!("{list}general_settings:\n  master_key: os.environ/{name}\n");
        assert_eq!(changed, &right, "{title}");
        assert_eq!(beside, after);
    }
}

#[test]
fn fallbacks_and_figures_are_added_where_they_belong() {
    let two = |more: &str| {
        format!(
            "model_list:\n  - model_name: a\n    litellm_params: {{model: openai/gpt-4o}}\n  - model_name: 'on'\n    litellm_params: {{model: openai/gpt-4.1}}\n{more}"
        )
    };
    for (before, after) in [
        ("", "router_settings:\n  fallbacks:\n    - a: [\"on\"]\n"),
        ("router_settings:\n  fallbacks: []\n", "router_settings:\n  fallbacks: [{a: [\"on\"]}]\n"),
        (
            "litellm_settings:\n  fallbacks:\n  - b: [c]\n",
            "litellm_settings:\n  fallbacks:\n  - b: [c]\n  - a: [\"on\"]\n",
        ),
        (
            "router_settings:\n  fallbacks: [{a: [c]}]\n",
            "router_settings:\n  fallbacks: [{a: [c, \"on\"]}]\n",
        ),
    ] {
        let all = offered(&two(before), "model_name: a", "");
        let changed = all.iter().find(|(title, ..)| title == "Fall back from `a` to `on`");
        assert_eq!(changed.unwrap_or_else(|| panic!("{all:?}")).1, two(after));
    }
    let all = offered(&two(""), "model_name: a", "");
    let (_, changed, _) = all.iter().find(|(title, ..)| title.starts_with("Write limits")).expect("figures");
    assert!(
        changed.contains(
            "{model: openai/gpt-4o}\n    model_info:\n      mode: chat\n      max_input_tokens: 128000\n"
        ),
        "{changed}"
    );
    assert!(changed.contains("input_cost_per_token: 2.5e-6\n"), "{changed}");
}
