//! What is told of answers whose headers are none of a proxy's.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::support::user::User;

const LIST: &str = "content-type: application/json\r\ncontent-length: 11\r\n\r\n{\"data\":[]}";

/// Somebody who answers everything with these bytes, and where.
async fn answering(bytes: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked).await;
                // Whoever has had enough closes.
                let _ = stream.write_all(bytes.as_bytes()).await;
            });
        }
    });
    url
}

#[tokio::test]
async fn headers_that_are_too_large_are_told_as_that() {
    let headers = |count: usize, width: usize| {
        (0..count).map(|number| format!("x-{number}: {}\r\n", "x".repeat(width))).collect::<String>()
    };
    let large = "are too large";
    let none = "offers no model";
    for (what, answer, told) in [
        ("one of 5 MiB", format!("HTTP/1.1 200 OK\r\n{}{LIST}", headers(1, 5 << 20)), large),
        ("5 MiB of them", format!("HTTP/1.1 200 OK\r\n{}{LIST}", headers(128, 40 << 10)), large),
        ("a thousand", format!("HTTP/1.1 200 OK\r\n{}{LIST}", headers(1000, 1)), large),
        ("as many as gateways add", format!("HTTP/1.1 200 OK\r\n{}{LIST}", headers(200, 1)), none),
        (
            "hints before it",
            format!("{}HTTP/1.1 200 OK\r\n{LIST}", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(500)),
            none,
        ),
        ("no HTTP at all", "SSH-2.0-OpenSSH_9.2\r\n".to_owned(), "does not answer in HTTP"),
    ] {
        let user = User::of(&answering(answer).await, "sk-fake");
        let ran = user.run(&["models"]).await;
        assert!(ran.code != 0 && ran.err.contains(told), "{what}: {ran:?}");
    }
}
