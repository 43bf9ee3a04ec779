//! Asks the proxy on this machine how it is: the one place where this room speaks HTTP.

use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long a live proxy may take to say so. It usually takes 1 ms; a big model list holds it up for some seconds.
const LIVELINESS_LIMIT: Duration = Duration::from_secs(5);
/// How long it may take over its list of models.
const MODELS_LIMIT: Duration = Duration::from_secs(15);
/// More than a status line ever needs, in bytes.
const STATUS_LINE: u64 = 256;

/// Whether the proxy takes our key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Accepted,
    Refused,
}

/// Whether a proxy listens on this port and says that it is alive.
pub(super) async fn is_ready(port: u16) -> bool {
    matches!(get(port, "/health/liveliness", None, LIVELINESS_LIMIT).await, Ok(200))
}

/// Tries the key on the list of models. Only a clear refusal counts as one: the key was handed to this very process.
pub(super) async fn try_key(port: u16, key: &str) -> Key {
    match get(port, "/v1/models", Some(key), MODELS_LIMIT).await {
        // 400 is how a proxy without a database refuses (litellm 1.101.3).
        Ok(400 | 401 | 403) => Key::Refused,
        _ => Key::Accepted,
    }
}

/// The status of one GET on this machine. Reads the status line only.
async fn get(port: u16, path: &str, key: Option<&str>, limit: Duration) -> io::Result<u16> {
    let exchange = async {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        let authorization = key.map(|key| format!("Authorization: Bearer {key}\r\n")).unwrap_or_default();
        let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n{authorization}\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut head = Vec::new();
        let mut stream = stream.take(STATUS_LINE);
        while !head.contains(&b'\n') && stream.read_buf(&mut head).await? > 0 {}
        status(&head).ok_or_else(|| io::Error::from(ErrorKind::InvalidData))
    };
    tokio::time::timeout(limit, exchange).await?
}

/// `HTTP/1.1 200 OK` is 200.
fn status(head: &[u8]) -> Option<u16> {
    let line = str::from_utf8(head.split(|byte| *byte == b'\n').next()?).ok()?;
    let mut words = line.split(' ');
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.trim_end().parse().ok()
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// Answers one request with these bytes; gives the port, and what was asked.
    async fn server(answer: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
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
            ("HTTP/1.0 200\n", true),
            ("HTTP/1.1 503 Service Unavailable\r\n\r\n", false),
            ("SSH-2.0-OpenSSH_9.2\r\n", false),
            ("", false),
        ] {
            let (port, asked) = server(answer).await;
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
    async fn only_a_refusal_is_a_refusal() {
        for (answer, key) in [
            ("HTTP/1.1 200 OK\r\n\r\n", Key::Accepted),
            ("HTTP/1.1 400 Bad Request\r\n\r\n", Key::Refused),
            ("HTTP/1.1 401 Unauthorized\r\n\r\n", Key::Refused),
            ("HTTP/1.1 500 Internal Server Error\r\n\r\n", Key::Accepted),
        ] {
            let (port, asked) = server(answer).await;
            assert_eq!(try_key(port, "sk-test").await, key, "{answer}");
            assert!(asked.await.unwrap().contains("\r\nAuthorization: Bearer sk-test\r\n"));
        }
    }

    #[tokio::test]
    async fn a_line_without_end_is_given_up() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let endless = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            while stream.write_all(&[b'x'; 1024]).await.is_ok() {}
        });
        let error = get(port, "/", None, LIVELINESS_LIMIT).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
        endless.await.unwrap();
    }
}
