//! A client that asks the proxy itself: what nothing in between can be faster than.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use crate::upstream::{Plan, Upstream, ages, between};

/// One connection.
pub(crate) struct Direct {
    stream: BufReader<TcpStream>,
}

impl Direct {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("a connection");
        Self { stream: BufReader::with_capacity(64 << 10, stream) }
    }

    /// As [`Editor::read`](crate::editor::Editor::read), over a connection for each stream.
    pub(crate) fn read(address: SocketAddr, plan: Plan, streams: usize) -> Vec<Duration> {
        let read = move || {
            let mut connection = Self::connect(address);
            let mut chunks = Vec::with_capacity(plan.chunks);
            connection.ask(&plan.to_string());
            while let Some(piece) = connection.next() {
                chunks.extend(between(&piece, r#""content":""#, "\"").into_iter().flat_map(ages));
            }
            chunks
        };
        let readers: Vec<_> = (0..streams).map(|_| std::thread::spawn(read)).collect();
        let chunks: Vec<_> =
            readers.into_iter().flat_map(|reader| reader.join().expect("a reader")).collect();
        assert_eq!(chunks.len(), plan.chunks * streams, "every chunk comes, and comes once");
        chunks
    }

    /// From a request to the first piece of its answer.
    pub(crate) fn first_chunk(&mut self, plan: Plan) -> Duration {
        let asked = Instant::now();
        self.ask(&plan.to_string());
        self.next();
        let took = asked.elapsed();
        while self.next().is_some() {}
        took
    }

    /// From closing the connection to its end at the proxy.
    pub(crate) fn cancel(upstream: &Upstream, plan: Plan, number: usize) -> Duration {
        let mut connection = Self::connect(upstream.address);
        let model = format!("{plan}/direct/{number}");
        connection.ask(&model);
        connection.next();
        let cancelled = Instant::now();
        drop(connection);
        upstream.closed(&model) - cancelled
    }

    /// From the question for the list of models to the last byte of the answer.
    pub(crate) fn list(&mut self, models: usize) -> Duration {
        let asked = Instant::now();
        self.send(&format!("GET /{models}/v1/model/info HTTP/1.1\r\nhost: localhost\r\n\r\n"));
        let head = self.head();
        let length = between(&head, "content-length: ", "\r\n").expect("a length");
        let mut body = vec![0; length.parse().expect("a number")];
        self.stream.read_exact(&mut body).expect("a whole body");
        asked.elapsed()
    }

    fn ask(&mut self, model: &str) {
        let body = format!(
            r#"{{"model":"{model}","messages":[{{"role":"user","content":"Why is the sky blue?"}}],"stream":true,"stream_options":{{"include_usage":true}}}}"#
        );
        let length = body.len();
        self.send(&format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n{body}"
        ));
        self.head();
    }

    fn send(&mut self, request: &str) {
        self.stream.get_mut().write_all(request.as_bytes()).expect("a proxy that reads");
    }

    fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(self.stream.read_line(&mut head).expect("a line") > 0, "the proxy closed the connection");
        }
        head
    }

    /// The next piece of a chunked body. None at its end.
    fn next(&mut self) -> Option<String> {
        let mut length = String::new();
        self.stream.read_line(&mut length).expect("a length");
        let length = usize::from_str_radix(length.trim(), 16).expect("a length");
        let mut piece = vec![0; length + 2];
        self.stream.read_exact(&mut piece).expect("a whole piece");
        piece.truncate(length);
        (length > 0).then(|| String::from_utf8(piece).expect("UTF-8"))
    }
}
