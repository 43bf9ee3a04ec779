//! The script that renews the pinned LiteLLM keeps its rule, whatever an index offers.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::Command,
    thread,
};

use serde_json::{Value, json};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/refresh_litellm.py");
const OLD: &str = "2026-10-25T00:00:00Z";
const NEW: &str = "2026-10-25T00:00:01Z";
const NOW: &str = "2026-11-22T00:00:00+00:00";

fn file(name: &str, hash: &str, day: &str) -> Value {
    json!({"filename": name, "url": name, "hashes": {"sha256": hash}, "upload-time": day, "yanked": false})
}

fn with(mut file: Value, key: &str, value: Value) -> Value {
    file[key] = value;
    file
}

/// An index that nobody has: the package `litellm` and a few below it.
fn index() -> String {
    let wheel = |version: &str, day: &str| file(&format!("litellm-{version}-py3-none-any.whl"), version, day);
    let litellm = json!([
        wheel("1.82.6", OLD),
        wheel("1.82.7", OLD),
        wheel("1.82.8.post1", OLD),
        wheel("1.99.0", OLD),
        wheel("1.100.0", OLD),
        file("litellm-1.100.0.tar.gz", "source", OLD),
        with(wheel("1.101.0", OLD), "yanked", json!("broken")),
        file("litellm-1.102.0.tar.gz", "source", OLD),
        with(wheel("1.103.0", OLD), "hashes", json!({})),
        wheel("1.104.0", OLD),
        // A file that came to an old release.
        file("litellm-1.104.0-cp311-cp311-linux_x86_64.whl", "later", NEW),
        with(wheel("1.105.0", OLD), "upload-time", json!(null)),
        wheel("1.106.0rc1", OLD),
        wheel("1.107.3", OLD),
        wheel("1.108.0", NEW),
        file("litellm_proxy_extras-1.109.0-py3-none-any.whl", "another", OLD),
    ]);
    let some = json!([
        file("some_package-1.0-py3-none-any.whl", "aa", OLD),
        file("some-package-1.0.tar.gz", "bb", OLD),
        file("some_package-2.0-py3-none-any.whl", "cc", NEW),
        with(file("some_package-3.0-py3-none-any.whl", "dd", OLD), "yanked", json!(true)),
        file("some_package-4.0-cp311-cp311-linux_x86_64.whl", "ee", OLD),
        file("some_package-4.0-cp312-cp312-linux_x86_64.whl", "ff", OLD),
    ]);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines();
            let first = lines.next().and_then(Result::ok).unwrap_or_default();
            while lines.next().and_then(Result::ok).is_some_and(|line| !line.is_empty()) {}
            let files = match first.split(' ').nth(1) {
                Some("/simple/litellm/") => &litellm,
                Some("/simple/some-package/") => &some,
                _ => &json!([]),
            };
            let body = json!({"files": files}).to_string();
            let head = "HTTP/1.0 200 OK\r\nContent-Type: application/vnd.pypi.simple.v1+json\r\n";
            let _ = write!(&stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    format!("http://{address}/simple")
}

/// The code, what is printed, and what is said beside it.
fn script(index: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let python = if cfg!(windows) { "python" } else { "python3" };
    let mut command = Command::new(python);
    command.arg(SCRIPT).args(["--now", NOW]).args(arguments).env("PIP_INDEX_URL", index);
    for name in ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    let output = command.output().expect("Python");
    let text = |bytes| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
fn the_newest_release_that_the_rule_allows_is_chosen() {
    let index = index();
    let (code, chosen, why) = script(&index, &["--choose"]);
    assert_eq!((code, chosen.trim()), (Some(0), "1.100.0"), "{why}");
    for told in [
        "1.101.0 is yanked",
        "1.102.0 has no wheel",
        "1.103.0 has a file without a hash",
        "1.104.0 is too new: 2026-10-25",
        "1.105.0 has a file of unknown age",
        "1.107.3 is known to be compromised",
        "1.108.0 is too new",
    ] {
        assert!(why.contains(told), "{told}: {why}");
    }
    for (version, told) in [
        ("1.99.0", None),
        ("1.82.6", None),
        ("1.82.7", Some("compromised")),
        ("1.82.8.post1", Some("compromised")),
        ("1.107.0", Some("compromised")),
        ("1.101.0", Some("yanked")),
        ("1.98.0", Some("not in the index")),
    ] {
        let (code, chosen, why) = script(&index, &["--choose", version]);
        match told {
            None => assert_eq!((code, chosen.trim()), (Some(0), version), "{why}"),
            Some(told) => assert!(code == Some(1) && why.contains(told), "{version}: {chosen}{why}"),
        }
    }
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
fn a_lock_is_held_to_the_rule_package_by_package() {
    let index = index();
    let folder = tempfile::tempdir().expect("a folder");
    let lock = folder.path().join("requirements.lock");
    let of = |name: &str, hashes: &[&str]| {
        let hashes: Vec<String> = hashes.iter().map(|hash| format!("    --hash=sha256:{hash}")).collect();
        format!("{name} \\\n{}\n", hashes.join(" \\\n"))
    };
    for (text, told) in [
        (of("litellm==1.100.0", &["1.100.0", "source"]) + &of("some-package==1.0", &["aa", "bb"]), None),
        (of("some-package==1.0 ; sys_platform != \"win32\"", &["aa"]), None),
        (of("some-package==1.0", &["aa", "zz"]), Some("hashes that the index does not have")),
        (of("some-package==1.0", &[]), Some("hashes that the index does not have")),
        (of("some-package==4.0", &["ee"]), Some("lacks the hash of a wheel")),
        (of("some-package==2.0", &["cc"]), Some("some-package 2.0 is too new")),
        (of("some-package==3.0", &["dd"]), Some("is yanked")),
        (of("some-package==5.0", &["ee"]), Some("is not in the index")),
        (of("litellm==1.107.3", &["1.107.3"]), Some("is known to be compromised")),
    ] {
        fs::write(&lock, &text).expect("written");
        let (code, said, beside) = script(&index, &["--check", lock.to_str().expect("a path")]);
        assert_eq!(code, Some(i32::from(told.is_some())), "{text}{said}{beside}");
        assert!(said.contains(told.unwrap_or("obeys the rule")), "{text}{said}");
    }
}
