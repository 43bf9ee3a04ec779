//! `litellm-ls init`: what it writes passes `check` without a finding, and nothing that was there is lost.

use std::fs;

use super::support::user::User;

const KEY: &str = "sk-of-a-vendor-0123456789";

fn user(variables: &[&'static str]) -> User {
    let mut user = User::of("http://127.0.0.1:9", "sk");
    user.variables.extend(variables.iter().map(|name| (*name, KEY.to_owned())));
    user
}

fn read(user: &User, name: &str) -> String {
    fs::read_to_string(user.home.path().join(name)).unwrap_or_default()
}

fn names(user: &User) -> Vec<String> {
    let entries = fs::read_dir(user.home.path()).unwrap().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.retain(|name| name.contains("config") || name.starts_with(".env") || name == ".gitignore");
    names.sort();
    names
}

/// Warnings and hints count too.
async fn passes(user: &User, path: &str) {
    let ran = user.run(&["check", "--strict", "--hints", path]).await;
    assert!(ran.code == 0 && ran.out.starts_with("0 errors, 0 warnings"), "{ran:?}\n{}", read(user, path));
}

#[tokio::test]
async fn a_script_names_vendors_and_gets_their_newest_models_and_a_master_key() {
    let user = user(&["OPENAI_API_KEY", "ANTHROPIC_API_KEY"]);
    let ran = user.run(&["init", "--vendor", "openai", "--vendor", "anthropic"]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("config.yaml: 2 models") && ran.out.contains("proxy start --config"), "{ran:?}");
    passes(&user, "config.yaml").await;
    let text = read(&user, "config.yaml");
    for told in
        ["model: openai/", "model: anthropic/", "api_key: os.environ/OPENAI_API_KEY", "per million tokens"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    let dotenv = read(&user, ".env");
    let key = dotenv.strip_prefix("LITELLM_MASTER_KEY=sk-").expect("a key").trim();
    assert_eq!((key.len(), read(&user, ".gitignore").as_str()), (64, ".env\n"));
    assert!(!format!("{ran:?}{text}").contains(key), "{ran:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(user.home.path().join(".env")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

/// What is written has nothing wrong with it as it is left, whatever vendor it is of.
#[tokio::test]
async fn servers_of_ones_own_need_no_key_and_an_editor_can_ask_for_all_of_it() {
    let user = user(&["ANTHROPIC_API_KEY"]);
    let listed: serde_json::Value = user.run(&["init", "--list-vendors"]).await.json();
    let listed = listed.as_array().unwrap();
    let of = |id: &str| listed.iter().find(|vendor| vendor["id"] == id).unwrap();
    assert_eq!(of("anthropic")["isSet"], true);
    assert!(of("anthropic")["newest"].as_str().unwrap().starts_with("anthropic/claude"));
    assert!(of("openrouter")["newest"].is_null(), "who has no list is asked for a name");
    assert_eq!(
        (&of("openai")["keyVariable"], &of("openai")["isSet"]),
        (&"OPENAI_API_KEY".into(), &false.into())
    );
    assert_eq!(names(&user), Vec::<String>::new());
    let own: Vec<&str> = listed
        .iter()
        .filter(|vendor| vendor["apiBase"].is_string())
        .filter_map(|vendor| vendor["id"].as_str())
        .collect();
    assert_eq!(own, ["ollama_chat", "lm_studio", "hosted_vllm", "openai_compatible"]);
    let models = own.iter().flat_map(|id| ["--model".to_owned(), format!("{id}/of-{id}")]);
    let arguments: Vec<String> = ["init", "--keys-from-stdin", "--vendor", "openai", "--api-base"]
        .map(str::to_owned)
        .into_iter()
        .chain(["openai_compatible=http://gpu:8080/v1".to_owned()])
        .chain(models)
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ran = user.run_with(&arguments, "OPENAI_API_KEY=sk-of-stdin-CANARY\n").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    passes(&user, "config.yaml").await;
    let text = read(&user, "config.yaml");
    assert!(
        text.contains("model: openai/of-openai_compatible\n")
            && text.contains("api_base: http://gpu:8080/v1"),
        "{text}"
    );
    assert!(!format!("{ran:?}{text}").contains("CANARY"), "{ran:?}");
    assert!(read(&user, ".env").starts_with("OPENAI_API_KEY=sk-of-stdin-CANARY\nLITELLM_MASTER_KEY=sk-"));
    // An older key stays, and that is said; the same one again is not worth a word.
    for (said, is_said) in
        [("OPENAI_API_KEY=sk-of-stdin-CANARY\n", false), ("OPENAI_API_KEY=sk-other-CANARY\n", true)]
    {
        let ran = user.run_with(&["init", "--force", "--keys-from-stdin", "--vendor", "openai"], said).await;
        assert!(ran.code == 0 && !format!("{ran:?}").contains("CANARY"), "{ran:?}");
        assert_eq!(ran.out.contains("keeps its own OPENAI_API_KEY"), is_said, "{ran:?}");
        assert!(read(&user, ".env").starts_with("OPENAI_API_KEY=sk-of-stdin-CANARY\n"));
    }
    // A key alone is shown to nobody.
    let ran =
        user.run_with(&["init", "--force", "--keys-from-stdin", "--vendor", "openai"], "\nsk-CANARY\n").await;
    assert!(ran.code == 1 && ran.err.contains("line 2 of stdin") && !ran.err.contains("CANARY"), "{ran:?}");
    // Who wants no key made has none.
    let user = self::user(&["ANTHROPIC_API_KEY"]);
    let ran = user.run(&["init", "--vendor", "anthropic", "--no-master-key"]).await;
    assert!(ran.code == 0 && ran.err.contains("LITELLM_MASTER_KEY is not set"), "{ran:?}");
    assert_eq!(names(&user), ["config.yaml"]);
}

/// With nothing named, those whose keys are set.
#[tokio::test]
async fn without_questions_the_vendors_are_those_whose_keys_are_set() {
    let user = user(&["GOOGLE_API_KEY", "LITELLM_MASTER_KEY"]);
    let ran = user.run(&["init", "--yes", "litellm.yaml"]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    passes(&user, "litellm.yaml").await;
    let text = read(&user, "litellm.yaml");
    assert!(text.contains("model: gemini/") && text.contains("os.environ/GOOGLE_API_KEY"), "{text}");
    assert_eq!(names(&user), Vec::<String>::new());
    let without = self::user(&[]);
    let ran = without.run(&["init", "--yes"]).await;
    assert!(ran.code == 1 && ran.err.contains("--vendor openai"), "{ran:?}");
    assert_eq!(names(&without), Vec::<String>::new());
}

#[tokio::test]
async fn models_keys_and_addresses_are_taken_as_they_are_named() {
    let user = user(&["WORK_KEY", "LITELLM_MASTER_KEY"]);
    let arguments = ["init", "-", "--model", "openai/gpt-4o", "--model", "hosted_vllm/qwen3", "--key-env"];
    let more = ["openai=WORK_KEY", "--api-base", "hosted_vllm=http://gpu:8000/v1"];
    let ran = user.run(&[&arguments[..], &more[..]].concat()).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    for told in ["api_key: os.environ/WORK_KEY", "api_base: http://gpu:8000/v1", "model_name: qwen3"] {
        assert!(ran.out.contains(told), "{told}: {ran:?}");
    }
    assert_eq!(names(&user), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_there_is_kept() {
    let user = user(&["OPENAI_API_KEY", "LITELLM_MASTER_KEY"]);
    user.file("config.yaml", "mine");
    let refused = user.run(&["init", "--vendor", "openai"]).await;
    assert!(refused.code == 1 && refused.err.contains("--force"), "{refused:?}");
    assert_eq!(read(&user, "config.yaml"), "mine");
    let ran = user.run(&["init", "--vendor", "openai", "--force"]).await;
    assert!(ran.code == 0 && ran.out.contains("config.yaml.bak"), "{ran:?}");
    assert_eq!((read(&user, "config.yaml.bak").as_str(), names(&user).len()), ("mine", 2));
    passes(&user, "config.yaml").await;
}

/// A limit of the size of files is as a full disk.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_is_there_stays_where_a_new_one_can_not_be_written() {
    let user = user(&["OPENAI_API_KEY", "LITELLM_MASTER_KEY"]);
    user.file("config.yaml", "mine");
    for (name, before) in [("config.yaml", "mine"), ("new-config.yaml", "")] {
        let mut command = user
            .by_shell("ulimit -f 0; exec \"$0\" \"$@\"", &["init", "--force", "--vendor", "openai", name]);
        let ran = super::support::blocking(move || command.output().unwrap()).await;
        let told = String::from_utf8(ran.stderr).unwrap();
        assert!(ran.status.code() == Some(1) && told.contains("make room on the disk"), "{told}");
        assert_eq!((read(&user, name).as_str(), names(&user)), (before, vec!["config.yaml".to_owned()]));
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_with_what_to_write() {
    let user = user(&[]);
    for (arguments, told) in [
        (&["--vendor", "opnai"][..], "did you mean `openai`"),
        (&["--model", "nobodys-model"], "VENDOR/MODEL"),
        (&["--vendor", "openrouter"], "--model openrouter/NAME"),
        (&["--vendor", "openai", "--key-env", "sk-proj-CANARY0123456789"], "name of a variable"),
        (
            &["--vendor", "openai", "--vendor", "anthropic", "--key-env", "sk-CANARY-0123456789"],
            "say for which vendor",
        ),
        (
            &["--vendor", "openai", "--vendor", "anthropic", "--key-env", "nope=sk-CANARY-0123456789"],
            "for which vendor",
        ),
        (&["--vendor", "sk-proj-CANARY0123456789"], "knows no vendor"),
        (&["--model", "sk-proj-CANARY0123456789"], "VENDOR/MODEL"),
        (&["--vendor", "openai", "--api-base", "sk-proj-CANARY0123456789"], "is no address"),
        (&["--vendor", "openai", "--api-base", "http://user:CANARY@host/v1"], "holds a password"),
        (&["--vendor", "openai", "--api-base", "openai="], "is no address"),
        (&["--vendor", "openai", "--api-base", "ftp://host"], "is no address"),
        (&["--vendor", "openai", "--api-base", "http://a", "--api-base", "openai=http://b"], "given twice"),
        (&["--vendor", "openai", "--key-env", "A", "--key-env", "openai=B"], "given twice"),
        (&["--vendor", "openai", "--key-env", "1X"], "name of a variable"),
        (&["--model", "openai/a\tb"], "has no blanks"),
        (&["--model", "openai/a\nb"], "has no blanks"),
        (&["--vendor", "openai", "--master-key", ".env"], "ends in .yaml"),
        (&["--vendor", "openai", "--force", ".gitignore"], "ends in .yaml"),
        (&["-", "--master-key", "--vendor", "openai"], "name a file"),
        (&["--vendor", "openai", "no/such/folder/config.yaml"], "there is no folder"),
    ] {
        let ran = user.run(&[&["init"], arguments].concat()).await;
        assert!(ran.code == 1 && ran.err.contains(told), "{told}: {ran:?}");
        assert!(ran.out.is_empty() && !ran.err.contains("CANARY"), "{ran:?}");
        assert_eq!(names(&user), Vec::<String>::new(), "{arguments:?}");
    }
}

/// What git would commit is asked of git itself.
#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no git")]
async fn git_keeps_no_key_or_its_user_is_told() {
    let words = [
        ("/.env\n", "", "nothing is tracked"),
        (".env\n", "!.env\n", "nothing is tracked"),
        ("", ".env\n", "nothing is tracked"),
        ("", "", "tracked"),
    ];
    for (above, beside, state) in words {
        let user = user(&["OPENAI_API_KEY"]);
        let git = |arguments: &[&str]| {
            let ran = std::process::Command::new("git")
                .args(["-c", "user.name=x", "-c", "user.email=x@example.com", "-C"])
                .arg(user.home.path())
                .args(arguments)
                .output()
                .unwrap();
            assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
            String::from_utf8(ran.stdout).unwrap()
        };
        git(&["init", "-q"]);
        fs::create_dir(user.home.path().join("sub")).unwrap();
        user.file(".gitignore", above);
        user.file("sub/.gitignore", beside);
        if state == "tracked" {
            user.file("sub/.env", "A=1\n");
            git(&["add", "sub/.env"]);
            git(&["commit", "-qm", "x"]);
        }
        let ran = user.run(&["init", "--vendor", "openai", "--master-key", "sub/config.yaml"]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(read(&user, "sub/.env").contains("LITELLM_MASTER_KEY=sk-"));
        git(&["add", "-A", "sub"]);
        let is_staged = git(&["diff", "--cached", "--name-only"]).contains(".env");
        assert_eq!(is_staged, ran.out.contains("git rm --cached sub/.env"), "{above:?} {beside:?}: {ran:?}");
        assert_eq!(is_staged, state == "tracked");
    }
}

#[tokio::test]
async fn what_to_do_next_can_be_pasted() {
    let user = user(&["OPENAI_API_KEY"]);
    for (name, word) in [("my config.yaml", "'my config.yaml'"), ("-x.yaml", "./-x.yaml")] {
        let ran = user.run(&["init", "--vendor", "openai", "--", name]).await;
        assert!(ran.out.contains(&format!("litellm-ls check {word}")), "{ran:?}");
        let text = read(&user, name);
        assert!(text.contains("litellm-ls check config.yaml"), "{text}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_person_is_asked_for_vendors_models_and_keys() {
    let user = user(&["ANTHROPIC_API_KEY"]);
    let steps = [
        ["vendors [2]: ", "openai, 2 nobody\n"],
        ["LiteLLM knows no vendor `nobody`", ""],
        ["vendors [2]: ", "openai, 2 1\n"],
        ["models [1]: ", "2 gpt-4o\n"],
        ["leaves it out): ", "sk-typed-CANARY-key\n"],
        ["models [1]: ", "\n"],
        ["[Y/n] ", "\n"],
    ];
    let ran = user.at_terminal(80, &["init"], &steps).await;
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for told in ["ANTHROPIC_API_KEY is set", "Models of OpenAI?", "Models of Anthropic?", "3 models"] {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
    assert!(read(&user, ".env").starts_with("OPENAI_API_KEY=sk-typed-CANARY-key\nLITELLM_MASTER_KEY=sk-"));
    assert!(!read(&user, "config.yaml").contains("CANARY"));
    passes(&user, "config.yaml").await;
    let ran = user
        .at_terminal(
            80,
            &["init", "own-config.yaml"],
            &[
                ["vendors", "ollama_chat openai_compatible\n"],
                ["Where does Ollama answer? [http://localhost:11434]: ", "\n"],
                ["models: ", "llama3.2\n"],
                ["[http://localhost:8080/v1]: ", "gpu\n"],
                ["is no address", ""],
                ["[http://localhost:8080/v1]: ", "http://gpu:1/v1\n"],
                ["models: ", "qwen3\n"],
            ],
        )
        .await;
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    passes(&user, "own-config.yaml").await;
    // What is there is asked about.
    let steps = [["is there already", ""], ["[y/N] ", "\n"]];
    let ran = user.at_terminal(60, &["init"], &steps).await;
    assert!(ran.code == 1 && ran.out.contains("nothing was written"), "{}", ran.out);
    assert!(user.home.path().join("config.yaml").exists());
}
