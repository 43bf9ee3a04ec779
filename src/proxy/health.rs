//! Asks the proxy on this machine how it is: the one place where this room speaks HTTP.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::listener::Listener;

/// How long a live proxy may take to say so. It usually takes 1 ms; a big model list holds it up for some seconds.
const LIVELINESS_LIMIT: Duration = Duration::from_secs(5);
/// How long it may take over its list of models.
const MODELS_LIMIT: Duration = Duration::from_secs(15);
/// As much of an answer as is read, in bytes: enough for the head and an empty list.
const READ: u64 = 2048;
/// As much of a list of models as is read, in bytes: 2,500 have half a million.
const LIST: u64 = 16 << 20;

/// A deployment that a proxy serves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deployment {
    /// The name that it is asked for by, with others perhaps.
    pub name: String,
    /// What LiteLLM asks for in its place, such as `openai/gpt-4.1`.
    pub model: String,
    /// What it alone is asked for by.
    pub id: String,
    /// All that the proxy says of it, its prices too: the entry of `/v1/model/info`.
    pub entry: Value,
}

/// What the proxy says to our key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Greeting {
    /// Models, or nothing that would tell otherwise.
    Welcome,
    /// A list of no models.
    NoModels,
    /// That it is not the key.
    KeyRefused,
}

/// Whether a proxy listens on this port and says that it is alive.
pub(super) async fn is_ready(port: u16) -> bool {
    matches!(
        get(port, "/health/liveliness", None, LIVELINESS_LIMIT, READ).await,
        Ok(Answer { status: 200, .. })
    )
}

/// Tries the key on the list of models. Only a clear refusal counts as one: the key was handed to this very process.
pub(super) async fn greet(listener: Listener, key: &str) -> Greeting {
    match get(listener.port(), "/v1/models", Some((listener, key)), MODELS_LIMIT, READ).await {
        // 400 is how a proxy without a database refuses (litellm 1.101.3).
        Ok(Answer { status: 400 | 401 | 403, .. }) => Greeting::KeyRefused,
        Ok(Answer { status: 200, body }) if lists_nothing(&body) => Greeting::NoModels,
        _ => Greeting::Welcome,
    }
}

/// The names of the models that it lists. None where it does not say.
pub(super) async fn models(listener: Listener, key: &str) -> Option<Vec<String>> {
    let answer = get(listener.port(), "/v1/models", Some((listener, key)), MODELS_LIMIT, LIST).await.ok()?;
    let list: Value = serde_json::from_str(&answer.body).ok().filter(|_| answer.status == 200)?;
    let names = list["data"].as_array()?.iter().filter_map(|row| row["id"].as_str());
    Some(names.map(str::to_owned).collect())
}

/// The deployments that it serves, in the order of its file. None where it does not say.
pub(super) async fn deployments(listener: Listener, key: &str) -> Option<Vec<Deployment>> {
    let key = Some((listener, key));
    let answer = get(listener.port(), "/v1/model/info", key, MODELS_LIMIT, LIST).await.ok()?;
    let mut list: Value = serde_json::from_str(&answer.body).ok().filter(|_| answer.status == 200)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let deployment = |entry: &mut Value| Deployment {
        name: text(&entry["model_name"]),
        model: text(&entry["litellm_params"]["model"]),
        id: text(&entry["model_info"]["id"]),
        entry: entry.take(),
    };
    Some(list["data"].as_array_mut()?.iter_mut().map(deployment).collect())
}

/// The beginning of a longer list is no JSON, so it lists something.
fn lists_nothing(body: &str) -> bool {
    let list: Value = serde_json::from_str(body).unwrap_or_default();
    list["data"].as_array().is_some_and(Vec::is_empty)
}

struct Answer {
    status: u16,
    /// Its beginning, if it is long.
    body: String,
}

/// One GET on this machine. HTTP/1.0, so that the answer ends with the connection and comes in one piece. A key is sent to
/// its listener alone.
async fn get(
    port: u16,
    path: &str,
    key: Option<(Listener, &str)>,
    limit: Duration,
    most: u64,
) -> io::Result<Answer> {
    let exchange = async {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        // Only behind the connection is it sure whom it leads to: who took the port before may have taken it.
        if key.is_some_and(|(listener, _)| !listener.listens()) {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let key = key.map(|(_, key)| key);
        let authorization = key.map(|key| format!("Authorization: Bearer {key}\r\n")).unwrap_or_default();
        let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n{authorization}\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(most).read_to_end(&mut answer).await?;
        parse(&String::from_utf8_lossy(&answer)).ok_or_else(|| io::ErrorKind::InvalidData.into())
    };
    tokio::time::timeout(limit, exchange).await?
}

/// `HTTP/1.1 200 OK`, headers, an empty line and the body.
fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut words = head.lines().next()?.split(' ');
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    Some(Answer { status: words.next()?.parse().ok()?, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;
    use crate::proxy::process::Process;

    /// Answers one request with these bytes; gives the port, and what was asked.
    async fn server(answer: String) -> (u16, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8(request[..length].to_vec()).unwrap()
        });
        (port, asked)
    }

    #[tokio::test]
    async fn only_a_200_is_ready() {
        for (answer, ready) in [
            ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", true),
            ("HTTP/1.0 200\r\n\r\n", true),
            ("HTTP/1.1 503 Service Unavailable\r\n\r\n", false),
            ("SSH-2.0-OpenSSH_9.2\r\n", false),
            ("", false),
        ] {
            let (port, asked) = server(answer.to_owned()).await;
            assert_eq!(is_ready(port).await, ready, "{answer}");
            let asked = asked.await.unwrap();
            assert!(asked.starts_with("GET /health/liveliness HTTP/1.0\r\n") && asked.ends_with("\r\n\r\n"));
            assert!(!asked.contains("Authorization"), "{asked}");
        }
    }

    #[tokio::test]
    async fn nobody_listening_is_not_ready() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        assert!(!is_ready(port).await);
    }

    #[tokio::test]
    async fn only_a_refusal_is_a_refusal_and_only_an_empty_list_is_empty() {
        let long = format!("HTTP/1.1 200 OK\r\n\r\n{{\"data\":[{}1]}}", "[],".repeat(1000));
        for (answer, greeting) in [
            ("HTTP/1.1 200 OK\r\n\r\n{\"data\":[{\"id\":\"a\"}]}", Greeting::Welcome),
            ("HTTP/1.1 200 OK\r\n\r\n{\"data\":[],\"object\":\"list\"}", Greeting::NoModels),
            (&long, Greeting::Welcome),
            ("HTTP/1.1 400 Bad Request\r\n\r\n", Greeting::KeyRefused),
            ("HTTP/1.1 401 Unauthorized\r\n\r\n", Greeting::KeyRefused),
            ("HTTP/1.1 500 Internal Server Error\r\n\r\n", Greeting::Welcome),
        ] {
            let (port, asked) = server(answer.to_owned()).await;
            let process = Process::with_pid(std::process::id()).unwrap();
            assert_eq!(greet(Listener::new(process, port), "sk-test").await, greeting, "{answer}");
            assert!(asked.await.unwrap().contains("\r\nAuthorization: Bearer sk-test\r\n"));
        }
    }

    #[tokio::test]
    async fn who_has_taken_the_port_over_gets_no_key() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let ended = Process::with_pid(std::process::id()).unwrap().reborn();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let mut heard = Vec::new();
            for _ in 0..2 {
                listener.accept().await.unwrap().0.read_to_end(&mut heard).await.unwrap();
            }
            heard
        });
        assert_eq!(models(Listener::new(ended, port), "sk-test").await, None);
        assert_eq!(greet(Listener::new(ended, port), "sk-test").await, Greeting::Welcome);
        assert!(heard.await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn an_answer_without_end_is_given_up() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let endless = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            while stream.write_all(&[b'x'; 1024]).await.is_ok() {}
        });
        let error = get(port, "/", None, LIVELINESS_LIMIT, READ).await.err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{error}");
        endless.await.unwrap();
    }
}
