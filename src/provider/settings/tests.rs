//! Which layer wins where a proxy runs on this machine, and what becomes of a write while others speak.

use std::{collections::HashMap, fs};

use litellm_ls_protocol::{EffectiveSettings, ErrorKind, Layer};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::*;
use crate::{
    provider::{
        carried::{MADE_BY, Maker, is_home},
        request::ModelFacts,
    },
    proxy::Record,
};

struct User {
    folder: TempDir,
    environment: Environment,
}

impl User {
    fn with(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let own = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let environment = Environment::new(own.collect::<HashMap<_, _>>(), Some(folder.path().to_owned()));
        Self { folder, environment }
    }

    /// The socket of a proxy of this machine, and its URL.
    fn start_proxy(&self, key: Option<&str>) -> (std::net::TcpListener, String) {
        Record::pretend(self.environment.home().unwrap(), key)
    }

    fn settings(&self) -> Settings {
        Settings::new(self.environment.clone())
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("settings.toml")
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => unreachable!("tests give objects"),
    }
}

fn configure(settings: &mut Settings, value: Value) -> Configured {
    settings.configure(&object(value)).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Base URL, its layer, and the layer of the key.
fn chosen(settings: &Settings) -> (String, Layer, Option<Layer>) {
    let profile = settings.profile(None).unwrap();
    let EffectiveSettings { base_url, api_key, .. } = &profile.settings;
    (base_url.value.clone(), base_url.origin, api_key.layer)
}

#[test]
fn a_key_alone_hides_no_proxy_of_this_machine_and_says_that_it_is_not_used() {
    for (variables, filed, options) in [
        (&[("LITELLM_API_KEY", "sk-of-elsewhere")][..], "", json!({})),
        (&[], "apiKey = \"os.environ/HOME_KEY\"", json!({})),
        (&[], "", json!({"apiKey": "sk-of-elsewhere"})),
    ] {
        let user = User::with(&[variables, &[("HOME_KEY", "sk-2")]].concat());
        let (_socket, local) = user.start_proxy(Some("env:HOME_KEY"));
        fs::write(user.file(), format!("[profiles.default]\n{filed}\n")).unwrap();
        let mut settings = user.settings();
        settings.initialize(&object(options));
        assert_eq!(chosen(&settings), (local.clone(), Layer::LocalProxy, Some(Layer::LocalProxy)));
        let warnings = &settings.profile(None).unwrap().warnings;
        assert!(
            warnings
                .iter()
                .any(|warning| warning.message.contains("is not used") && warning.message.contains(&local)),
            "{warnings:?}"
        );
    }
}

#[test]
fn a_key_given_for_the_proxy_of_this_machine_goes_there() {
    let user = User::with(&[("LITELLM_API_KEY", "sk-its-own-master"), ("OWN", "sk-2")]);
    let _first = user.start_proxy(None);
    let mut settings = user.settings();
    assert_eq!(
        chosen(&settings).2,
        Some(Layer::Environment),
        "a proxy without a key of ours takes the user's"
    );
    let (_second, local) = user.start_proxy(Some("env:OWN"));
    settings.refresh();
    assert_eq!(chosen(&settings).2, Some(Layer::LocalProxy));
    configure(&mut settings, json!({"apiKey": "sk-virtual"}));
    assert_eq!(chosen(&settings), (local, Layer::LocalProxy, Some(Layer::Configure)));
    assert!(settings.profile(None).unwrap().warnings.is_empty());
    // A key for this machine's proxy goes nowhere else, and the one of the environment does.
    configure(&mut settings, json!({"baseUrl": "https://llm.example"}));
    assert!(settings.profile(None).unwrap().settings.api_key.withheld);
}

#[test]
fn a_proxy_of_this_machine_is_found_and_forgotten_while_the_server_runs() {
    let user = User::with(&[("OWN", "sk-2")]);
    let mut settings = user.settings();
    assert_eq!(chosen(&settings).1, Layer::Default);
    let _running = user.start_proxy(Some("env:OWN"));
    settings.refresh();
    assert_eq!(chosen(&settings).1, Layer::LocalProxy);
    Record::forget(user.environment.home().unwrap());
    settings.refresh();
    assert_eq!(chosen(&settings).1, Layer::Default);
}

#[test]
fn reasoning_goes_back_to_the_proxy_of_this_machine_on_whatever_port_and_to_no_other() {
    let facts = |settings: &Settings| ModelFacts {
        proxies: settings.profile(None).unwrap().addresses().map(|address| address.identity()).collect(),
        ..ModelFacts::default()
    };
    let user = User::with(&[]);
    let (_before, old) = user.start_proxy(None);
    let fields = json!({MADE_BY: Maker::of("m", &facts(&user.settings())).written()});
    // While the old socket is there no other has its port.
    let (_after, new) = user.start_proxy(None);
    assert_ne!(old, new);
    assert!(is_home(Some(&fields), "m", &facts(&user.settings())), "{fields}");
    let elsewhere = User::with(&[("LITELLM_BASE_URL", &new)]);
    assert!(!is_home(Some(&fields), "m", &facts(&elsewhere.settings())), "a tunnel is not one's own proxy");
}

#[test]
fn an_address_wins_over_the_proxy_of_this_machine_and_its_failure_says_how_to_use_that() {
    let away = || Error::new(ErrorKind::Unreachable, "nothing answers", "start the proxy");
    for (variables, filed, options, said) in [
        (&[("LITELLM_BASE_URL", "http://dead.example")][..], "", json!({}), "unset LITELLM_BASE_URL"),
        (&[], "baseUrl = \"http://dead.example\"", json!({}), "config unset baseUrl"),
        (&[], "", json!({"baseUrl": "http://dead.example"}), "set baseUrl to http://127.0.0.1:"),
    ] {
        let user = User::with(variables);
        let (_socket, local) = user.start_proxy(None);
        fs::write(user.file(), format!("[profiles.default]\n{filed}\n")).unwrap();
        let mut settings = user.settings();
        settings.initialize(&object(options));
        let profile = settings.profile(None).unwrap();
        assert_eq!(profile.settings.base_url.value, "http://dead.example");
        let told = profile.told(away());
        assert!(told.remedy().contains(said) && told.remedy().contains(&local), "{}", told.remedy());
    }
}

const AN_ADDRESS: &str = "http://named.example";

/// What a file names that can't be read is not known, and whoever listens at the built-in address is sent nothing in its place.
#[test]
fn a_file_that_cannot_be_read_leaves_no_address_but_those_that_are_named() {
    for broken in ["[profiles.default]\nmodel = 1\nmodel = 2\n", "\0", "profiles = 1\n"] {
        let user = User::with(&[]);
        fs::write(user.file(), broken).unwrap();
        let mut settings = user.settings();
        let error = settings.profile(None).unwrap().hears().unwrap_err();
        assert_eq!(error.kind(), litellm_ls_protocol::ErrorKind::NotConfigured, "{broken:?}");
        assert!(error.message.contains("settings"), "{broken:?}: {}", error.message);
        settings.initialize(&object(json!({"baseUrl": AN_ADDRESS})));
        let profile = settings.profile(None).unwrap();
        assert!(profile.hears().is_ok(), "{broken:?}");
        assert_eq!(profile.settings.base_url.value, AN_ADDRESS, "{broken:?}");
    }
}

/// The only profile of a file is meant by whoever names none; of several one has to be named.
#[test]
fn a_file_with_profiles_of_which_none_is_active_sends_nothing_elsewhere() {
    let one = format!("[profiles.work]\nbaseUrl = \"{AN_ADDRESS}\"\napiKey = \"sk-1\"\n");
    let two = format!("{one}[profiles.home]\nbaseUrl = \"http://other.example\"\n");
    let with_default = format!("{two}[profiles.default]\nbaseUrl = \"http://default.example\"\n");
    let address = |settings: &Settings| {
        settings
            .profile(None)
            .map(|profile| profile.settings.base_url.value.clone())
            .map_err(|error| error.remedy().to_owned())
    };
    for (file, holds) in [
        (&one, Ok(AN_ADDRESS)),
        (&two, Err("active = \"home\"")),
        (&with_default, Ok("http://default.example")),
    ] {
        let user = User::with(&[]);
        fs::write(user.file(), file).unwrap();
        let mut settings = user.settings();
        match (address(&settings), holds) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(remedy), Err(expected)) => assert!(remedy.contains(expected), "{remedy}"),
            (found, _) => panic!("{file}: {found:?}"),
        }
        // Who says where the proxy is means that, and none of the file's keys goes there.
        settings.initialize(&object(json!({"baseUrl": "http://named.by.editor"})));
        let profile = settings.profile(None).unwrap();
        assert_eq!(profile.settings.base_url.value, "http://named.by.editor");
        assert_eq!(profile.settings.api_key.hint, None, "{file}");
    }
}

/// Writes what was begun, as the server does beside its thread.
fn written(settings: &mut Settings, write: Option<Write>) -> Result<Option<Arc<Profile>>> {
    let write = write.unwrap();
    let outcome = write.run();
    settings.settle(&write, outcome)
}

fn model(settings: &Settings) -> (Option<String>, Option<Layer>) {
    let set = settings.profile(None).unwrap().settings.model.clone();
    (set.as_ref().map(|set| set.value.clone()), set.map(|set| set.origin))
}

#[test]
fn what_is_to_be_written_holds_at_once_and_is_the_files_word_afterwards() {
    let user = User::with(&[]);
    let mut settings = user.settings();
    let configured = configure(&mut settings, json!({"model": "m1", "persist": true}));
    assert_eq!(model(&settings), (Some("m1".into()), Some(Layer::Configure)));
    written(&mut settings, configured.write).unwrap();
    assert_eq!(model(&settings), (Some("m1".into()), Some(Layer::SettingsFile)));
}

#[test]
fn a_later_word_stays_whatever_becomes_of_an_earlier_write() {
    for fails in [false, true] {
        let user = User::with(&[]);
        let mut settings = user.settings();
        let first = configure(&mut settings, json!({"model": "m1", "auth": "x-key", "persist": true}));
        configure(&mut settings, json!({"model": "m2"}));
        if fails {
            fs::create_dir(user.file()).unwrap();
        }
        assert_eq!(written(&mut settings, first.write).is_err(), fails);
        assert_eq!(model(&settings), (Some("m2".into()), Some(Layer::Configure)));
        let auth = settings.profile(None).unwrap().settings.auth.clone();
        let expected = if fails { ("bearer", Layer::Default) } else { ("x-key", Layer::SettingsFile) };
        assert_eq!((auth.value.as_str(), auth.origin), expected);
    }
}

#[test]
fn writes_of_one_setting_may_fail_in_any_combination() {
    for fails in 0..8 {
        let user = User::with(&[]);
        let mut settings = user.settings();
        let writes = ["m1", "m2", "m3"]
            .map(|model| configure(&mut settings, json!({"model": model, "persist": true})).write);
        let mut expected = None;
        for (number, write) in writes.into_iter().enumerate() {
            let write = write.unwrap();
            let outcome = match fails & (1 << number) {
                0 => {
                    expected = Some(format!("m{}", number + 1));
                    write.run()
                }
                _ => Err(Write::given_up()),
            };
            assert_eq!(settings.settle(&write, outcome.clone()).is_err(), outcome.is_err());
        }
        let origin = expected.as_ref().map(|_| Layer::SettingsFile);
        assert_eq!(model(&settings), (expected, origin), "{fails:03b}");
    }
}

#[test]
fn a_write_that_fails_leaves_all_as_it_was() {
    let user = User::with(&[]);
    let mut settings = user.settings();
    fs::create_dir(user.file()).unwrap();
    configure(&mut settings, json!({"model": "before"}));
    let active = settings.active().to_owned();
    let new = configure(&mut settings, json!({"profile": "new", "model": "m", "persist": true}));
    assert_eq!(settings.active(), "new");
    let error = written(&mut settings, new.write).map(drop).unwrap_err();
    assert!(error.message.contains("no regular file"), "{}", error.message);
    assert_eq!((settings.active(), settings.names().contains("new")), (active.as_str(), false));
    assert_eq!(model(&settings).0.as_deref(), Some("before"));
}

#[test]
fn a_profile_that_can_not_be_removed_from_the_file_is_there_again() {
    let user = User::with(&[]);
    fs::write(user.file(), "active = \"a\"\n[profiles.a]\nmodel = \"m\"\n").unwrap();
    let mut settings = user.settings();
    let (removed, write) = settings.remove("a");
    assert!(removed && !settings.list().profiles.iter().any(|profile| profile.persisted));
    fs::remove_file(user.file()).unwrap();
    fs::create_dir(user.file()).unwrap();
    assert!(written(&mut settings, write).is_err());
    assert!(settings.list().profiles.iter().any(|profile| profile.name == "a" && profile.persisted));
    assert!(!settings.remove("none").0);
}

#[test]
fn a_chosen_model_lasts_where_the_file_decides_and_else_for_the_session() {
    for (variables, lasts) in [(&[][..], true), (&[("LITELLM_MODEL", "of-environment")], false)] {
        let user = User::with(variables);
        let mut settings = user.settings();
        let write = settings.use_model("m1").unwrap().write;
        let profile = written(&mut settings, write).unwrap().unwrap();
        assert_eq!((profile.model(), profile.is_filed_model("m1")), (Some("m1"), lasts));
    }
    let user = User::with(&[]);
    fs::create_dir(user.file()).unwrap();
    let mut settings = user.settings();
    let write = settings.use_model("m1").unwrap().write;
    assert_eq!(written(&mut settings, write).unwrap().unwrap().model(), Some("m1"));
}

#[test]
fn paths_and_values_are_meant_as_people_write_them() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("key"), "sk-of-the-file-0001\n").unwrap();
    let user = User::with(&[
        ("HOME", home.path().to_str().unwrap()),
        ("LITELLM_BASE_URL", "\"http://a.example\"\r"),
        ("LITELLM_MODEL", "'m1'\r"),
    ]);
    let mut settings = user.settings();
    let profile = settings.profile(None).unwrap();
    assert_eq!((profile.settings.base_url.value.as_str(), profile.model()), ("http://a.example", Some("m1")));
    for path in ["~/key", "$HOME/key", "${HOME}/key", "\"~/key\""] {
        let key = configure(&mut settings, json!({"apiKey": format!("file:{path}")})).profile;
        assert_eq!(key.settings.api_key.hint.as_deref(), Some("…0001"), "{path}");
    }
    configure(&mut settings, json!({"tls": {"caFile": "~/key"}}));
    for path in ["~other/key", "$HOMER/key", "~/none"] {
        settings.configure(&object(json!({"tls": {"caFile": path}}))).map(drop).unwrap_err();
    }
}

#[cfg(unix)]
#[test]
fn a_certificate_that_others_may_write_or_that_is_a_pipe_is_refused_at_once() {
    use std::os::unix::fs::PermissionsExt;
    let user = User::with(&[]);
    let (pipe, open) = (user.folder.path().join("pipe"), user.folder.path().join("open"));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fs::write(&open, "x").unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o666)).unwrap();
    for (path, said) in [(pipe, "no regular file"), (open, "changed by other users")] {
        let given = object(json!({"tls": {"caFile": path}}));
        let error = user.settings().configure(&given).map(drop).unwrap_err();
        assert!(error.message.contains(said), "{}", error.message);
    }
}

#[test]
fn one_setting_is_checked_before_it_is_written_and_null_takes_it_back() {
    let user = User::with(&[("LITELLM_BASE_URL", "ftp://broken")]);
    let mut settings = user.settings();
    let mut save = |name: &str, value: Value| settings.save(None, &shape::path(name), &value);
    for (name, value) in [
        ("model", json!("m")),
        ("fallbackUrls", json!(["http://a.example", "http://b.example"])),
        ("timeouts.idleMs", json!(5)),
        ("timeouts", json!({"connectMs": 7})),
        ("tls.insecure", json!(true)),
        ("modelOverrides.gpt-4.1.contextWindow", json!(9)),
        ("modelOverrides.gpt-4.1.maxTokens", json!(3)),
        ("auth", json!("x-key")),
        ("auth", Value::Null),
    ] {
        save(name, value).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    }
    let before = fs::read_to_string(user.file()).unwrap();
    let no_certificate = user.folder.path().join("words");
    fs::write(&no_certificate, "no certificate\n").unwrap();
    for (name, value) in [
        ("baseUrl", json!("ftp://x")),
        ("modle", json!("m")),
        ("profile", json!("x")),
        ("persist", json!(true)),
        ("features.completion", json!(true)),
        ("timeouts.idleMs", json!("5")),
        ("timeouts.idleMS", json!(5)),
        ("tls.caFile", json!("/no/such/file")),
        ("tls.caFile", json!(no_certificate)),
        ("tls", json!({"clientCertFile": no_certificate, "clientKeyFile": no_certificate})),
        ("baseUrl", json!("")),
        ("proxy.litellm", json!("/no/such/venv")),
        ("proxy.litellm", json!(user.folder.path())),
        ("proxy.litellm", json!("relative")),
        ("proxy.port", json!(99_999)),
        ("proxy.port.x", json!(1)),
        ("proxy.stay", json!("always")),
        ("modelOverrides.m.maxTokens", json!("many")),
        ("fallbackUrls", json!(["::"])),
        ("fallbackUrls", json!(["https://user:secret@a.example"])),
        ("apiKey", json!("sk-literal")),
        ("headers.x", json!("secret")),
        ("model.x", json!("m")),
        ("no.such", Value::Null),
    ] {
        let error = save(name, value).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams, "{name}");
        assert!(!error.remedy().is_empty() && !format!("{error:?}").contains("secret@"), "{name}: {error:?}");
    }
    assert_eq!(fs::read_to_string(user.file()).unwrap(), before);
    let filed = user.environment.settings_file().unwrap().read().unwrap().profiles["default"].clone();
    assert_eq!(
        Value::Object(filed),
        json!({
            "model": "m", "fallbackUrls": ["http://a.example", "http://b.example"], "timeouts": {"connectMs": 7},
            "tls": {"insecure": true}, "modelOverrides": {"gpt-4.1": {"contextWindow": 9, "maxTokens": 3}}
        })
    );
}

#[test]
fn what_is_wrong_in_the_file_can_be_taken_out_by_its_name() {
    let user = User::with(&[]);
    fs::write(user.file(), "[profiles.default]\nbaseURL = \"x\"\ntimeouts = { idleMS = 1, connectMs = 2 }\n")
        .unwrap();
    let mut settings = user.settings();
    assert_eq!(settings.problems().count(), 2);
    settings.save(None, &shape::path("baseURL"), &Value::Null).unwrap();
    settings.save(None, &shape::path("timeouts.idleMS"), &Value::Null).unwrap();
    assert_eq!(settings.problems().count(), 0);
    assert!(fs::read_to_string(user.file()).unwrap().contains("connectMs = 2"));
}

#[test]
fn the_built_in_address_gets_no_key_where_the_file_may_name_another() {
    for text in ["[profiles", "active = \"work\"\n[profiles.wrok]\nbaseUrl = \"https://llm.example.com\"\n"] {
        let user = User::with(&[("LITELLM_API_KEY", "sk-one")]);
        fs::write(user.file(), text).unwrap();
        let mut settings = user.settings();
        assert!(settings.problems().next().is_some(), "{text}");
        let Err(error) = settings.profile(None) else { panic!("{text}: {:?}", chosen(&settings)) };
        assert!(error.message.contains("can't be used"), "{error:?}");
        assert!(settings.configure(&object(json!({"model": "gpt"}))).is_err(), "{text}");
        // Whoever names an address knows where the key goes.
        configure(&mut settings, json!({"baseUrl": "https://here.example.com"}));
        assert_eq!(chosen(&settings).0, "https://here.example.com");
        // And so does a file that is mended, or read before it broke.
        let mut settings = user.settings();
        written_ago(&user.file(), "# nothing", 60);
        settings.refresh();
        assert_eq!(chosen(&settings).1, Layer::Default);
        fs::write(user.file(), "[profiles").unwrap();
        settings.refresh();
        assert_eq!(chosen(&settings).1, Layer::Default);
    }
}

/// A file that was written so many seconds ago; below 0 by a clock that is ahead.
fn written_ago(file: &std::path::Path, text: &str, seconds: i64) {
    use std::time::{Duration, SystemTime};
    fs::write(file, text).unwrap();
    let by = Duration::from_secs(seconds.unsigned_abs());
    let then = if seconds < 0 { SystemTime::now() + by } else { SystemTime::now() - by };
    fs::File::options().append(true).open(file).unwrap().set_modified(then).unwrap();
}

/// An editor that saves the file cuts it off first: what was for that address goes to no other meanwhile, at no byte of it.
#[test]
fn a_file_that_is_half_written_leads_nowhere_else() {
    const HERE: &str = "https://llm.example.com";
    let named = format!(
        "active = \"w\"\n[prompts]\n[profiles.default]\nmodel = \"m\"\n[profiles.w]\nsecretFiles = [\"*.own\"]\n\
         baseUrl = \"{HERE}\"\napiKey = \"sk-1\"\n"
    );
    let unnamed =
        format!("[profiles.default]\nbaseUrl = \"{HERE}\"\nsecretFiles = [\"*.own\"]\nmodel = \"m\"\n");
    for (whole, variables) in [
        (&named, &[][..]),
        (&unnamed, &[]),
        (&named, &[("LITELLM_API_KEY", "sk-2")]),
        (&unnamed, &[("LITELLM_API_KEY", "sk-2")]),
    ] {
        let user = User::with(variables);
        let _local = user.start_proxy(None);
        fs::write(user.file(), whole).unwrap();
        let mut settings = user.settings();
        let holds = |settings: &Settings, half: &str| {
            let profile = settings.profile(None).unwrap_or_else(|error| panic!("{half:?}: {error:?}"));
            assert_eq!(profile.settings.base_url.value, HERE, "{half:?}");
            assert!(profile.settings.secret_files.is_some(), "{half:?}");
        };
        for end in 0..whole.len() {
            written_ago(&user.file(), &whole[..end], -60);
            settings.refresh();
            holds(&settings, &whole[..end]);
        }
        fs::remove_file(user.file()).unwrap();
        settings.refresh();
        holds(&settings, "no file");
        fs::write(user.file(), whole).unwrap();
        settings.refresh();
        holds(&settings, whole);
        // What has been so for a while is meant so.
        written_ago(&user.file(), "", 60);
        settings.refresh();
        assert_eq!(chosen(&settings).1, Layer::LocalProxy);
    }
}

#[test]
fn a_file_that_keeps_still_holds_whatever_its_time() {
    let user = User::with(&[]);
    fs::write(user.file(), "[profiles.default]\nbaseUrl = \"https://llm.example.com\"\n").unwrap();
    let mut settings = user.settings();
    written_ago(&user.file(), "", -3600);
    let start = std::time::Instant::now();
    while chosen(&settings).1 == Layer::SettingsFile {
        assert!(start.elapsed().as_secs() < 60, "it never holds");
        settings.refresh();
        std::thread::yield_now();
    }
    assert_eq!(chosen(&settings).1, Layer::Default);
}

/// What is taken out by this process itself is meant so.
#[test]
fn an_address_that_is_taken_out_by_us_holds_no_longer() {
    let user = User::with(&[]);
    let mut settings = user.settings();
    let mut persisted = |value: Value| {
        let write = configure(&mut settings, value).write;
        written(&mut settings, write).unwrap();
        chosen(&settings).1
    };
    assert_eq!(persisted(json!({"baseUrl": "https://a.example", "persist": true})), Layer::SettingsFile);
    assert_eq!(persisted(json!({"baseUrl": null, "persist": true})), Layer::Default);
    assert_eq!(persisted(json!({"baseUrl": "https://a.example", "persist": true})), Layer::SettingsFile);
    settings.save(None, &shape::path("baseUrl"), &Value::Null).unwrap();
    assert_eq!(chosen(&settings).1, Layer::Default);
}

#[test]
fn a_file_without_the_profile_that_it_calls_active_sends_nothing_to_the_built_in_address() {
    let user = User::with(&[]);
    fs::write(user.file(), "active = \"w\"\n[profiles.v]\n").unwrap();
    let mut settings = user.settings();
    assert!(settings.profile(None).is_err());
    assert!(configure(&mut settings, json!({"profile": "x", "baseUrl": "http://localhost:1"})).active);
}

/// A profile is no worse for what another one says.
#[test]
fn a_good_profile_can_be_set_up_beside_a_broken_one() {
    for (filed, persist) in [
        ("[profiles.default]\nbaseUrl = \"nohost\"\n", true),
        ("[profiles.default]\nbaseUrl = \"nohost\"\n", false),
        ("active = \"work\"\n[profiles.work]\nbaseUrl = \"ftp://x\"\n", true),
        ("active = \"work\"\n[profiles.work]\nbaseUrl = \"ftp://x\"\n", false),
    ] {
        for variables in [&[][..], &[("LITELLM_API_KEY", "sk-1")]] {
            let user = User::with(variables);
            fs::write(user.file(), filed).unwrap();
            let mut settings = user.settings();
            settings.initialize(&object(json!({"timeouts": {"idleMs": 5000}})));
            assert!(settings.profile(None).is_err(), "{filed}");
            let said = json!({"profile": "new", "baseUrl": "http://localhost:1", "persist": persist});
            let write = configure(&mut settings, said).write;
            if persist {
                written(&mut settings, write).unwrap_or_else(|error| panic!("{filed}: {error:?}"));
            }
            let profile = settings.profile(None).unwrap_or_else(|error| panic!("{filed}: {error:?}"));
            assert_eq!((profile.name.as_str(), settings.active()), ("new", "new"));
            assert_eq!(profile.settings.base_url.value, "http://localhost:1");
        }
    }
}

#[test]
fn a_number_that_json_has_not_is_told() {
    for number in ["inf", "-inf", "nan"] {
        let user = User::with(&[]);
        fs::write(user.file(), format!("[profiles.default]\ntimeouts = {{ idleMs = {number} }}\n")).unwrap();
        let told: Vec<String> = user.settings().problems().map(|problem| problem.path).collect();
        assert_eq!(told, ["profiles.default.timeouts.idleMs"], "{number}");
    }
}

#[test]
fn an_active_profile_that_is_none_is_told_as_what_it_is() {
    for (text, told) in
        [("active = 5", "this value can't be used"), ("active = \"a\"", "has no profile \"a\"")]
    {
        let user = User::with(&[]);
        fs::write(user.file(), text).unwrap();
        let problems: Vec<_> = user.settings().problems().collect();
        assert!(problems.len() == 1 && problems[0].reason.contains(told), "{problems:?}");
    }
    let user = User::with(&[]);
    fs::write(user.file(), "active = \"default\"").unwrap();
    assert_eq!(user.settings().problems().count(), 0);
}

#[test]
fn an_address_or_a_key_that_is_evidently_meant_is_never_passed_over() {
    let profile = |text: &str| format!("[profiles.default]\n{text}\n");
    let cases = [
        (profile("baseURL = \"https://llm.example.com\""), "did you mean `baseUrl`?"),
        (profile("base_url = \"https://llm.example.com\""), "did you mean `baseUrl`?"),
        (profile("baesUrl = \"llm.example.com\""), "did you mean `baseUrl`?"),
        (profile("api_base = \"llm.example.com\""), "did you mean `baseUrl`?"),
        (profile("where = \"https://llm.example.com\""), "did you mean `baseUrl`?"),
        (profile("[profiles.default.proxy]\nat = \"https://llm.example.com\""), "did you mean `baseUrl`?"),
        (profile("baseUrl = 5"), "give a text"),
        (profile("baseUrl = []"), "give a text"),
        (profile("baseUrl = \"\""), "give an address"),
        (profile("baseUrl = \" \""), "give an address"),
        (profile("baseUrl = \"ftp://llm.example.com\""), ""),
        (profile("apikey = \"env:OTHER\""), "did you mean `apiKey`?"),
        (profile("token = \"env:OTHER\""), "did you mean `apiKey`?"),
        (profile("apiKey = 5"), "a key or a reference"),
        ("baseUrl = \"https://llm.example.com\"\n".to_owned(), "[profiles.NAME]"),
        ("[profile.default]\nbaseUrl = \"https://llm.example.com\"\n".to_owned(), "[profiles.NAME]"),
        ("[profiles]\nbaseUrl = \"https://llm.example.com\"\n".to_owned(), "[profiles.baseUrl]"),
        ("[profiles]\ndefault = 5\n".to_owned(), "[profiles.default]"),
        ("profiles = \"https://llm.example.com\"\n".to_owned(), "[profiles.NAME]"),
    ];
    for (text, remedy) in cases {
        // A key of the environment holds in place of one in the file.
        let is_key = remedy.contains("key") || remedy.contains("Key");
        let user = User::with(if is_key { &[] } else { &[("LITELLM_API_KEY", "sk-one")] });
        fs::write(user.file(), &text).unwrap();
        let mut settings = user.settings();
        let Err(error) = settings.profile(None) else { panic!("{text}: {:?}", chosen(&settings)) };
        assert!(error.message.contains("can't be used"), "{text}: {error:?}");
        assert!(error.remedy().contains(remedy), "{text}: {error:?}");
        // Whoever gives both afterwards is obeyed.
        configure(&mut settings, json!({"baseUrl": "https://here.example.com", "apiKey": "sk-two"}));
        assert_eq!(chosen(&settings).0, "https://here.example.com", "{text}");
    }
}

#[test]
fn a_slip_beside_a_good_address_is_a_warning() {
    let user = User::with(&[("LITELLM_API_KEY", "sk-one")]);
    let text =
        "[profiles.default]\nbaseUrl = \"https://llm.example.com\"\nurl = \"https://other.example.com\"\n";
    fs::write(user.file(), text).unwrap();
    let settings = user.settings();
    assert_eq!(chosen(&settings).0, "https://llm.example.com");
    assert_eq!(settings.problems().count(), 1);
}

#[test]
fn what_stands_in_the_place_of_a_profile_is_not_written_over() {
    for text in ["[profiles]\ndefault = 5\n", "profiles = 5\n"] {
        let user = User::with(&[]);
        fs::write(user.file(), text).unwrap();
        let mut settings = user.settings();
        let refused = settings.configure(&object(json!({"model": "m", "persist": true}))).err().unwrap();
        assert!(refused.message.contains("this is no table"), "{refused:?}");
        assert_eq!(fs::read_to_string(user.file()).unwrap(), text);
    }
}

#[test]
fn a_key_that_a_workspace_names_in_vain_takes_none_away() {
    for key in [json!("cmd:print-a-key"), json!("file:/etc/passwd"), json!(5)] {
        let mut settings = User::with(&[("LITELLM_API_KEY", "sk-one")]).settings();
        assert_eq!(settings.push(&object(json!({"apiKey": key})), &Map::new()).len(), 1);
        assert_eq!(chosen(&settings).2, Some(Layer::Environment), "{key}");
    }
}

/// A workspace may have written what an editor pushes: it lowers what its user may spend, and does no more.
#[test]
fn a_workspace_lowers_a_budget_and_neither_raises_it_nor_takes_the_stop_away() {
    for (users, pushed, holds) in [
        (json!({"day": 5}), json!({"day": 50, "week": 9}), json!({"day": 5.0, "week": 9.0})),
        (
            json!({"day": 5, "stop": true}),
            json!({"day": 1, "stop": false}),
            json!({"day": 1.0, "stop": true}),
        ),
        (json!({"day": 5}), json!({"stop": true}), json!({"day": 5.0, "stop": true})),
        (json!({"month": 0, "stop": false}), json!({"month": null}), json!({"month": 0.0, "stop": false})),
        (json!({}), json!({"month": 3}), json!({"month": 3.0})),
        (json!({"day": 5}), Value::Null, json!({"day": 5.0})),
    ] {
        let mut settings = Settings::new(Environment::new(HashMap::new(), None));
        let object = |budget: &Value| Map::from_iter([("budget".to_owned(), budget.clone())]);
        assert!(settings.initialize(&object(&users)).is_empty());
        assert!(settings.push(&object(&pushed), &Map::new()).is_empty());
        let budget = settings.profile(None).unwrap().settings.budget.clone().unwrap();
        assert_eq!(serde_json::to_value(budget.value).unwrap(), holds, "{users} {pushed}");
        // What its user says later holds as it is, below what was pushed.
        settings.configure(&object(&json!({"day": 2}))).unwrap();
        let budget = settings.profile(None).unwrap().settings.budget.clone().unwrap();
        let day = pushed["day"].as_f64().unwrap_or(f64::MAX).min(2.0);
        assert_eq!(budget.value.day, Some(day), "{users} {pushed}");
    }
    let mut settings = Settings::new(Environment::new(HashMap::new(), None));
    for wrong in
        [json!({"day": -1}), json!({"week": "1"}), json!({"month": {}}), json!({"year": 1}), json!(5)]
    {
        let refused = settings.configure(&Map::from_iter([("budget".to_owned(), wrong.clone())]));
        assert!(refused.is_err_and(|error| error.data.problems[0].path.starts_with("budget")), "{wrong}");
    }
}
