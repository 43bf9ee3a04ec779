//! One connection of the proxy: requests in, answers out, until the server goes.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use serde_json::Value;

use super::{
    Answer, CHAT, Request, Shared,
    chat::{self, Then},
    defaults,
};

/// Serves a connection until one side ends it.
pub(super) fn serve(stream: TcpStream, number: usize, shared: &Shared) {
    // A failed read or write means what a regular end means: the server is gone.
    let _ = exchange(stream, number, shared);
}

fn exchange(stream: TcpStream, number: usize, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    loop {
        let request = read(&mut reader, number)?;
        if let Some(answer) = shared.scripted(&request) {
            write(&mut writer, &answer)?;
        } else if request.route == CHAT {
            match chat::answer(&request.body, &mut writer)? {
                Then::Next => {}
                Then::Hold => return reader.read_to_end(&mut Vec::new()).map(drop),
                Then::Close => return Ok(()),
            }
        } else {
            write(&mut writer, &defaults::answer(&request))?;
        }
    }
}

fn read(reader: &mut impl BufRead, connection: usize) -> io::Result<Request> {
    let start = line(reader)?;
    let mut words = start.split(' ');
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let route = format!("{method} {}", path.split('?').next().unwrap_or_default());
    let mut headers: Vec<(String, String)> = Vec::new();
    while let Some((name, value)) = line(reader)?.split_once(':') {
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let header =
        |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let mut body = Vec::new();
    if let Some(length) = header("content-length") {
        body = bytes(reader, length.parse().map_err(io::Error::other)?)?;
    } else if header("transfer-encoding").is_some() {
        while let size @ 1.. = usize::from_str_radix(&line(reader)?, 16).map_err(io::Error::other)? {
            body.extend(bytes(reader, size)?);
            line(reader)?;
        }
        line(reader)?;
    }
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    Ok(Request { connection, route, headers, body })
}

fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

fn bytes(reader: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Writes a whole answer.
pub(super) fn write(writer: &mut impl Write, answer: &Answer) -> io::Result<()> {
    let headers: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = answer.body.len();
    write!(writer, "HTTP/1.1 {} \r\n{headers}content-length: {length}\r\n\r\n{}", answer.status, answer.body)
}
