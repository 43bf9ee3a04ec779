//! One connection: reads requests, plays answers, and notices when the client goes.

use std::{io, sync::Arc};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
};

use super::{Answer, Body, Request, Shared, answer::Step};

type Reader = BufReader<OwnedReadHalf>;

/// What follows an answer.
enum Next {
    Request,
    /// FIN was sent.
    Closed,
    Reset,
}

/// Serves a connection until one side ends it.
pub(super) async fn serve(stream: TcpStream, number: usize, shared: Arc<Shared>) {
    // A failed read or write means what a regular end means: the client is gone.
    let _ = exchange(stream, number, &shared).await;
    shared.seen.send_modify(|seen| {
        seen.closed.insert(number);
    });
}

async fn exchange(stream: TcpStream, connection: usize, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    loop {
        let (rest, mut resumed) = mpsc::unbounded_channel();
        let request = match read(&mut reader, connection, rest).await {
            // As servers do who are greeted in TLS.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                writer.write_all(head(400, &[], Body::UntilClose).as_bytes()).await?;
                return close(&mut writer).await.map(drop);
            }
            request => request?,
        };
        let answer = shared.answer(&request);
        shared.seen.send_modify(|seen| seen.requests.push(request));
        let next = tokio::select! {
            () = gone(&mut reader) => return Ok(()),
            next = play(answer, &mut resumed, &mut writer) => next?,
        };
        match next {
            Next::Request => {}
            Next::Closed => {
                gone(&mut reader).await;
                return Ok(());
            }
            Next::Reset => {
                writer.as_ref().set_zero_linger()?;
                // Dropped, it would send FIN first.
                writer.forget();
                return Ok(());
            }
        }
    }
}

async fn read(
    reader: &mut Reader,
    connection: usize,
    rest: mpsc::UnboundedSender<Answer>,
) -> io::Result<Request> {
    let start = line(reader).await?;
    let mut words = start.split(' ').map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let path = origin_form(path);
    let mut request = Request { connection, method, path, headers: Vec::new(), body: Vec::new(), rest };
    while let Some((name, value)) = line(reader).await?.split_once(':') {
        request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    if let Some(length) = request.header("content-length") {
        request.body = bytes(reader, length.parse().map_err(io::Error::other)?).await?;
    } else if request.header("transfer-encoding").is_some() {
        while let size @ 1.. = usize::from_str_radix(&line(reader).await?, 16).map_err(io::Error::other)? {
            request.body.extend(bytes(reader, size).await?);
            line(reader).await?;
        }
        line(reader).await?;
    }
    Ok(request)
}

/// What a forwarder passes on names the host too.
fn origin_form(target: String) -> String {
    let path = target.strip_prefix("http://").and_then(|rest| Some(rest[rest.find('/')?..].to_owned()));
    path.unwrap_or(target)
}

async fn line(reader: &mut Reader) -> io::Result<String> {
    let mut line = String::new();
    reader.read_line(&mut line).await?;
    Ok(line.trim_end().to_owned())
}

async fn bytes(reader: &mut Reader, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// Returns when the client has closed its side.
async fn gone(reader: &mut Reader) {
    if let Ok([_, ..]) = reader.fill_buf().await {
        // The next request, sent ahead: the client stays, as far as can be seen.
        std::future::pending().await
    }
}

async fn play(
    Answer { mut steps }: Answer,
    resumed: &mut mpsc::UnboundedReceiver<Answer>,
    writer: &mut OwnedWriteHalf,
) -> io::Result<Next> {
    let mut framing = Body::Length(0);
    while let Some(step) = steps.pop_front() {
        match step {
            Step::Head { status, headers, body } => {
                framing = body;
                writer.write_all(head(status, &headers, body).as_bytes()).await?;
            }
            Step::Piece(piece) => writer.write_all(&framed(piece, framing)).await?,
            Step::Raw(bytes) => writer.write_all(&bytes).await?,
            Step::Forever(piece, pause) => {
                let piece = framed(piece, framing);
                loop {
                    writer.write_all(&piece).await?;
                    tokio::time::sleep(pause).await;
                }
            }
            Step::Hold => {
                let mut rest = resumed.recv().await.unwrap_or_default().steps;
                rest.append(&mut steps);
                steps = rest;
            }
            Step::Close => return close(writer).await,
            Step::Reset => return Ok(Next::Reset),
        }
    }
    match framing {
        Body::Length(_) => Ok(Next::Request),
        Body::Chunked => writer.write_all(b"0\r\n\r\n").await.map(|()| Next::Request),
        Body::UntilClose => close(writer).await,
    }
}

async fn close(writer: &mut OwnedWriteHalf) -> io::Result<Next> {
    writer.shutdown().await.map(|()| Next::Closed)
}

fn head(status: u16, headers: &[(String, String)], body: Body) -> String {
    let end = match body {
        Body::Length(length) => format!("content-length: {length}"),
        Body::Chunked => "transfer-encoding: chunked".to_owned(),
        Body::UntilClose => "connection: close".to_owned(),
    };
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} \r\n{headers}{end}\r\n\r\n")
}

fn framed(piece: Vec<u8>, framing: Body) -> Vec<u8> {
    match framing {
        Body::Chunked => [format!("{:x}\r\n", piece.len()).as_bytes(), &piece, b"\r\n"].concat(),
        Body::Length(_) | Body::UntilClose => piece,
    }
}
