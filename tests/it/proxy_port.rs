//! The port of this machine's proxy, taken by somebody else while an editor that has found the proxy is still open.
#![cfg(target_os = "linux")]

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use litellm_ls::{
    environment::Environment,
    provider::{Freshness, Provider, Settings},
};
use serde_json::json;

/// A process that listens and is recorded as the proxy, and its port.
fn listening() -> (Child, u16) {
    const LISTEN: &str = "import socket, sys; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); \
                          print(s.getsockname()[1], flush=True); sys.stdin.read()";
    let mut child = Command::new("python3");
    let mut child = child
        .args(["-I", "-c", LISTEN])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python to start");
    let mut port = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut port).expect("a port");
    (child, port.trim().parse().expect("a port"))
}

/// When a process began, as the record has it.
fn born(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("a process");
    let (_, fields) = stat.rsplit_once(") ").expect("its name");
    fields.split(' ').nth(19).expect("field 22").parse().expect("a number")
}

#[tokio::test]
async fn a_key_goes_to_no_one_who_has_taken_the_port_over() {
    let (mut proxy, port) = listening();
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("litellm");
    fs::create_dir(&home).expect("a folder");
    let key = home.join("master-key");
    fs::write(&key, "sk-canary").expect("a key");
    let record = json!({
        "pid": proxy.id(), "born": born(proxy.id()), "port": port, "baseUrl": format!("http://127.0.0.1:{port}"),
        "apiKey": format!("file:{}", key.display()), "source": "demo", "startedAt": "2026-01-02T03:04:05Z",
        "version": "1.101.3", "ready": true,
    });
    fs::write(home.join("proxy.json"), record.to_string()).expect("a record");

    let environment = Environment::new(HashMap::new(), Some(folder.path().to_owned()));
    let mut settings = Settings::new(environment);
    let profile = settings.profile(None).expect("the proxy that runs");
    assert!(profile.urls.chat.contains(&port.to_string()) && profile.settings.api_key.present);

    proxy.kill().expect("a process of ours");
    proxy.wait().expect("a child");
    let stranger = TcpListener::bind(("127.0.0.1", port)).expect("the port to be free");
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = stranger.accept().expect("a connection");
        let mut heard = Vec::new();
        let _ = stream.read_to_end(&mut heard);
        heard
    });
    let refused = Provider::default().models(&profile, Freshness::Now).await.expect_err("no models");
    assert!(refused.to_string().contains("not its own any more"), "{refused}");
    assert_eq!(heard.join().expect("what was heard"), b"");

    // The record of a proxy that was stopped leads nowhere.
    fs::remove_file(home.join("proxy.json")).expect("a record");
    settings.refresh();
    assert_ne!(settings.profile(None).expect("the default").urls.chat, profile.urls.chat);
}
