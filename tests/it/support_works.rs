//! The tests' own tools do what the tests rely on.

mod fake_proxy;
mod real_proxy;
mod transcript;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::within;

/// A connection that sent this request; a body is sent with its length.
async fn request(url: &str, head: &str, body: &str) -> TcpStream {
    let address = url.strip_prefix("http://").expect("a URL");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let head = head.replace('\n', "\r\n");
    let request = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.expect("to send a request");
    stream
}

/// Reads until these bytes came.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    while !read.ends_with(end.as_bytes()) {
        let byte = within(end, stream.read_u8()).await.expect("more bytes");
        read.push(byte);
    }
    String::from_utf8(read).expect("UTF-8")
}

/// Reads to the end of the connection.
async fn read_to_end(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut read = String::new();
    within("the end of an answer", stream.read_to_string(&mut read)).await?;
    Ok(read)
}
