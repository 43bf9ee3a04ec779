//! Standard streams as programs give them: shared with others, full, slow, and never read.

use std::{
    io::{BufRead, BufReader, Read, Write, pipe},
    net::TcpListener,
    os::{fd::OwnedFd, unix::net::UnixStream},
    process::{Child, Command, Stdio},
};

use rustix::fs::{OFlags, fcntl_getfl};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::{
    blocking,
    fake_proxy::{Answer, FakeProxy},
    signals::signals_end,
    within,
};

/// The line door of the real binary, with these streams and a proxy at this address.
fn start(stdin: Stdio, stdout: Stdio, stderr: Stdio, address: &str) -> (Child, TempDir) {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
    signals_end(&mut command);
    let child = command
        .args(["--transport", "lines"])
        .env_clear()
        .envs([("HOME", home.path().to_str().unwrap()), ("LITELLM_BASE_URL", &format!("http://{address}"))])
        .env("LITELLM_LS_LOG", "trace")
        .stdin(stdin)
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .unwrap();
    (child, home)
}

fn request(id: &Value, method: &str, params: &Value) -> String {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string() + "\n"
}

fn answer(output: &mut impl BufRead) -> Value {
    let mut line = String::new();
    assert!(output.read_line(&mut line).unwrap() > 0, "the output ended");
    serde_json::from_str(&line).unwrap()
}

/// A small answer, and one that goes through a wide pipe.
fn two_answers(input: &mut impl Write, output: &mut impl BufRead) {
    for id in [json!(1), json!("x".repeat(300_000))] {
        input.write_all(request(&id, "no/such", &json!({})).as_bytes()).unwrap();
        assert_eq!(answer(output)["id"], id);
    }
}

/// How a process ends.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Exit,
    EndOfInput,
    Signal(&'static str),
}

const ENDINGS: [Ending; 6] = [
    Ending::Exit,
    Ending::EndOfInput,
    Ending::Signal("-TERM"),
    Ending::Signal("-INT"),
    Ending::Signal("-HUP"),
    Ending::Signal("-QUIT"),
];

fn end(mut child: Child, mut input: impl Write, ending: Ending) {
    use std::os::unix::process::ExitStatusExt;

    match ending {
        Ending::Exit => input.write_all(b"{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}\n").unwrap(),
        Ending::EndOfInput => {}
        Ending::Signal(signal) => {
            let pid = child.id().to_string();
            assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
            // It dies as it would have by itself, so that a shell can tell.
            assert!(child.wait().unwrap().signal().is_some(), "{signal}");
            return;
        }
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0), "{ending:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn pipes_are_left_as_they_were_found() {
    use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};

    let state = |input: &std::io::PipeReader, output: &std::io::PipeWriter| {
        let size = fcntl_getpipe_size(output).unwrap();
        (fcntl_getfl(input).unwrap(), fcntl_getfl(output).unwrap(), size)
    };
    blocking(move || {
        for ending in ENDINGS {
            let (child_input, mut input) = pipe().unwrap();
            let (output, child_output) = pipe().unwrap();
            fcntl_setpipe_size(&child_output, 32 << 10).unwrap();
            let before = state(&child_input, &child_output);
            // Shared, as with the other programs of a script.
            let (stdin, stdout) = (child_input.try_clone().unwrap(), child_output.try_clone().unwrap());
            let (child, _home) = start(stdin.into(), stdout.into(), Stdio::null(), "127.0.0.1:9");
            two_answers(&mut input, &mut BufReader::new(output.try_clone().unwrap()));
            let (input_flags, output_flags, _) = state(&child_input, &child_output);
            assert!(!(input_flags | output_flags).contains(OFlags::NONBLOCK), "not for a moment");
            end(child, input, ending);
            assert_eq!(state(&child_input, &child_output), before, "{ending:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn sockets_are_left_as_they_were_found() {
    use rustix::net::sockopt::socket_send_buffer_size;

    let state =
        |socket: &UnixStream| (fcntl_getfl(socket).unwrap(), socket_send_buffer_size(socket).unwrap());
    blocking(move || {
        for ending in ENDINGS {
            let (mut input, child_input) = UnixStream::pair().unwrap();
            let (output, child_output) = UnixStream::pair().unwrap();
            let before = (state(&child_input), state(&child_output));
            let [stdin, stdout] =
                [&child_input, &child_output].map(|socket| OwnedFd::from(socket.try_clone().unwrap()));
            let (child, _home) = start(stdin.into(), stdout.into(), Stdio::null(), "127.0.0.1:9");
            two_answers(&mut input, &mut BufReader::new(output));
            assert!(!state(&child_output).0.contains(OFlags::NONBLOCK), "not for a moment");
            end(child, input, ending);
            assert_eq!((state(&child_input), state(&child_output)), before, "{ending:?}");
        }
    })
    .await;
}

/// A proxy that takes a connection, and says nothing.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

fn cancel(id: i64) -> String {
    json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}}).to_string() + "\n"
}

/// Much more is logged than any pipe holds, and nobody reads it.
#[tokio::test]
async fn a_log_that_nobody_reads_holds_nobody_up() {
    blocking(|| {
        let (_listener, address) = silent();
        let (unread, stderr) = pipe().unwrap();
        let (mut child, _home) = start(Stdio::piped(), Stdio::piped(), stderr.into(), &address);
        let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut output = BufReader::new(output);
        let chat = json!({"model": "gpt", "prompt": "x".repeat(1000)});
        for id in 0..600 {
            input.write_all(request(&json!(id), "provider/complete", &chat).as_bytes()).unwrap();
            input.write_all(cancel(id).as_bytes()).unwrap();
            let answer = answer(&mut output);
            assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(id), &json!(-32800)));
        }
        drop(input);
        assert_eq!(child.wait().unwrap().code(), Some(0));
        let mut log = Vec::new();
        let mut unread = unread;
        unread.read_to_end(&mut log).unwrap();
        assert!(log.len() > 16 << 10, "there was something to log: {}", log.len());
    })
    .await;
}

/// What is cancelled is cancelled, though no answer finds room.
#[tokio::test]
async fn an_output_that_nobody_reads_holds_up_no_cancel() {
    blocking(|| {
        const MANY: i64 = 20_000;
        let (listener, address) = silent();
        let (mut child, _home) = start(Stdio::piped(), Stdio::piped(), Stdio::null(), &address);
        let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let chat = json!({"model": "gpt", "prompt": "x"});
        input.write_all(request(&json!(0), "provider/complete", &chat).as_bytes()).unwrap();
        let (mut connection, _) = listener.accept().unwrap();
        for id in 1..=MANY {
            input.write_all(request(&json!(id), "no/such", &json!({})).as_bytes()).unwrap();
        }
        input.write_all(cancel(0).as_bytes()).unwrap();
        // It reads to the end of the connection.
        let mut asked = Vec::new();
        let _ = connection.read_to_end(&mut asked);
        drop((connection, listener, input));
        let mut ids: Vec<_> = BufReader::new(output)
            .lines()
            .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap()["id"].as_i64().unwrap())
            .collect();
        ids.sort_unstable();
        assert!(ids.into_iter().eq(0..=MANY), "each is answered once");
        assert_eq!(child.wait().unwrap().code(), Some(0));
    })
    .await;
}

/// What has come whole is told whole, and booked so, though it is cancelled before there is room for it.
#[tokio::test]
async fn what_is_booked_as_answered_is_told_whatever_is_cancelled() {
    const MANY: i64 = 1_000;
    let fake = FakeProxy::start().await;
    fake.on("POST /v1/chat/completions").always(Answer::stream().text("on").finish("stop").done());
    let address = fake.url().trim_start_matches("http://").to_owned();
    let counted = blocking(move || {
        let (mut child, _home) = start(Stdio::piped(), Stdio::piped(), Stdio::null(), &address);
        let (mut input, mut output) =
            (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        for id in 0..MANY {
            let chat = json!({"model": "gpt", "prompt": "x", "partialResultToken": id});
            input.write_all(request(&json!(id), "provider/complete", &chat).as_bytes()).unwrap();
        }
        // Nobody has read meanwhile, so that answers which have come wait for their turn.
        (0..MANY).for_each(|id| input.write_all(cancel(id).as_bytes()).unwrap());
        let (mut told, mut left) = (0, MANY);
        while left > 0 {
            let message = answer(&mut output);
            told += i64::from(message["result"]["message"]["text"] == "on");
            left -= i64::from(message["id"].is_i64());
        }
        let by = json!({"ledger": {"by": ["outcome"]}});
        input.write_all(request(&json!(MANY), "provider/usage", &by).as_bytes()).unwrap();
        let usage = answer(&mut output);
        let groups = usage["result"]["ledger"]["groups"].as_array().unwrap().clone();
        let booked = groups.iter().find(|group| group["outcome"] == "succeeded");
        (told, booked.map_or(0, |group| group["sum"]["calls"].as_i64().unwrap()))
    });
    let (told, booked) = within("all answers", counted).await;
    assert_eq!(told, booked);
}

/// A script's worth of questions, from a file and from a pipe: each is put to the model.
#[tokio::test]
async fn all_that_is_piped_in_is_asked() {
    const MANY: usize = 1_400;
    let fake = FakeProxy::start().await;
    fake.on("POST /v1/chat/completions").always(Answer::stream().text("on").finish("stop").done());
    let address = fake.url().trim_start_matches("http://").to_owned();
    let chat = json!({"model": "gpt", "prompt": "x"});
    let script: String = (0..MANY).map(|id| request(&json!(id), "provider/complete", &chat)).collect();
    for from_a_file in [true, false] {
        let (script, address) = (script.clone(), address.clone());
        let answers = blocking(move || {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(script.as_bytes()).unwrap();
            std::io::Seek::rewind(&mut file).unwrap();
            let stdin = if from_a_file { file.into() } else { Stdio::piped() };
            let (mut child, _home) = start(stdin, Stdio::piped(), Stdio::null(), &address);
            if let Some(mut input) = child.stdin.take() {
                input.write_all(script.as_bytes()).unwrap();
            }
            let mut answers = String::new();
            child.stdout.take().unwrap().read_to_string(&mut answers).unwrap();
            assert_eq!(child.wait().unwrap().code(), Some(0));
            answers
        });
        let answers = within("all answers", answers).await;
        let answered = answers.lines().filter(|line| line.contains(r#""text":"on""#)).count();
        assert_eq!(answered, MANY, "from a file: {from_a_file}");
    }
}

/// What a message becomes in memory is bounded, however it is written.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_message_of_64_mib_costs_a_few_times_that() {
    blocking(|| {
        let whole = (64 << 20) - 100;
        let many =
            format!(r#"{{"jsonrpc":"2.0","id":1,"method":"x","params":[{}1]}}"#, "1,".repeat(whole / 2 - 5));
        let batch = format!("[{}1]", "1,".repeat(whole / 2));
        let text = request(&json!(3), "provider/listProfiles", &json!({"x": "x".repeat(whole)}));
        for (message, code) in [(many, -32600), (batch, -32600), (text, 0)] {
            let (mut child, _home) = start(Stdio::piped(), Stdio::piped(), Stdio::null(), "127.0.0.1:9");
            // Where nobody can read any more it ends, and its memory is not to be seen.
            let (mut input, mut output) =
                (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
            input.write_all(message.as_bytes()).unwrap();
            input.write_all(b"\n").unwrap();
            let answer = answer(&mut output);
            assert_eq!(answer["error"]["code"].as_i64().unwrap_or_default(), code, "{answer}");
            let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
            let peak: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
            assert!(peak < 320 << 10, "{peak} kB at most, answered {answer}");
            drop(input);
            child.wait().unwrap();
        }
    })
    .await;
}
