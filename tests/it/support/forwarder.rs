//! What stands between a user and the world: an HTTP proxy and a SOCKS5 proxy in one, that leads everywhere to one server.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// What a client asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hop {
    /// By which means: `CONNECT` or `http` of an HTTP proxy, or `socks5`.
    pub(crate) by: &'static str,
    /// Host and port.
    pub(crate) to: String,
    /// The credentials as sent: those of HTTP in base64.
    pub(crate) credentials: Option<String>,
}

/// The forwarder. It ends, with all connections, when it is dropped.
pub(crate) struct Forwarder {
    address: SocketAddr,
    hops: Arc<Mutex<Vec<Hop>>>,
    task: JoinHandle<()>,
}

impl Forwarder {
    /// One that asks for no credentials.
    pub(crate) async fn to(server: SocketAddr) -> Self {
        Self::start(server, None).await
    }

    /// One that asks for these, as [`Hop::credentials`] has them.
    pub(crate) async fn guarded(server: SocketAddr, credentials: &'static str) -> Self {
        Self::start(server, Some(credentials)).await
    }

    async fn start(server: SocketAddr, guard: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let address = listener.local_addr().expect("an address");
        let hops = Arc::new(Mutex::new(Vec::new()));
        let told = hops.clone();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let connection = Connection { server, guard, hops: told.clone() };
                // An error is the end of one side, which a test sees at the other.
                connections.spawn(async move { connection.serve(BufReader::new(stream)).await.is_ok() });
            }
        });
        Self { address, hops, task }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was asked for so far.
    pub(crate) fn hops(&self) -> Vec<Hop> {
        self.hops.lock().expect("hops").clone()
    }
}

impl Drop for Forwarder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Connection {
    server: SocketAddr,
    guard: Option<&'static str>,
    hops: Arc<Mutex<Vec<Hop>>>,
}

type Client = BufReader<TcpStream>;

impl Connection {
    async fn serve(self, mut client: Client) -> io::Result<()> {
        match client.fill_buf().await?.first() {
            Some(5) => self.socks(client).await,
            _ => self.http(client).await,
        }
    }

    /// Writes a hop down, and says whether it may go on.
    fn admits(&self, by: &'static str, to: &str, credentials: Option<String>) -> bool {
        let admitted = self.guard.is_none_or(|guard| credentials.as_deref() == Some(guard));
        self.hops.lock().expect("hops").push(Hop { by, to: to.to_owned(), credentials });
        admitted
    }

    async fn http(self, mut client: Client) -> io::Result<()> {
        const REFUSED: &[u8] =
            b"HTTP/1.1 407 \r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let head = head(&mut client).await?;
        let mut words = head[0].split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let credentials = header(&head, "proxy-authorization: basic ");
        if method == "CONNECT" {
            if !self.admits("CONNECT", target, credentials) {
                return client.write_all(REFUSED).await;
            }
            client.write_all(b"HTTP/1.1 200 \r\n\r\n").await?;
            return self.pass_on(client, &[]).await;
        }
        let host = target.strip_prefix("http://").and_then(|target| target.split('/').next());
        if !self.admits("http", host.unwrap_or_default(), credentials) {
            return client.write_all(REFUSED).await;
        }
        // A server takes requests as a proxy gets them (RFC 9112, 3.2.2), and so all that follow too.
        self.pass_on(client, (head.join("\r\n") + "\r\n\r\n").as_bytes()).await
    }

    async fn socks(self, mut client: Client) -> io::Result<()> {
        let methods = block(&mut client, 1).await?;
        let by_password = methods.contains(&2);
        client.write_all(&[5, if by_password { 2 } else { 0 }]).await?;
        let mut credentials = None;
        if by_password {
            let user = block(&mut client, 1).await?;
            let password = block(&mut client, 0).await?;
            credentials = Some(format!("{}:{}", text(user), text(password)));
        }
        let may = self.guard.is_none_or(|guard| credentials.as_deref() == Some(guard));
        if by_password {
            client.write_all(&[1, u8::from(!may)]).await?;
        }
        let mut request = [0; 4];
        client.read_exact(&mut request).await?;
        let host = match request[3] {
            1 => Ipv4Addr::from(client.read_u32().await?).to_string(),
            _ => text(block(&mut client, 0).await?),
        };
        let to = format!("{host}:{}", client.read_u16().await?);
        let refused = u8::from(!self.admits("socks5", &to, credentials));
        client.write_all(&[5, refused, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
        if refused == 1 { Ok(()) } else { self.pass_on(client, &[]).await }
    }

    async fn pass_on(&self, mut client: Client, first: &[u8]) -> io::Result<()> {
        let mut server = TcpStream::connect(self.server).await?;
        server.write_all(first).await?;
        copy_bidirectional(&mut client, &mut server).await.map(drop)
    }
}

/// The lines of a head without the empty one.
async fn head(client: &mut Client) -> io::Result<Vec<String>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        client.read_line(&mut line).await?;
        match line.trim_end() {
            "" if lines.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            "" => return Ok(lines),
            line => lines.push(line.to_owned()),
        }
    }
}

/// What stands in a head behind this beginning of a line, which is in lower case.
fn header(head: &[String], beginning: &str) -> Option<String> {
    let line = head.iter().find(|line| line.to_ascii_lowercase().starts_with(beginning))?;
    Some(line[beginning.len()..].to_owned())
}

/// Bytes with their number in front, behind some that say nothing.
async fn block(client: &mut Client, skipped: usize) -> io::Result<Vec<u8>> {
    client.read_exact(&mut vec![0; skipped]).await?;
    let mut bytes = vec![0; client.read_u8().await?.into()];
    client.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("text")
}
